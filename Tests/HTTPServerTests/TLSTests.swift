import Foundation
import HTTPServer
import HTTPTesting
import Testing

@Suite struct TLSTests {
  /// Runs a program and gives what it printed.
  private static func run(_ program: String, _ arguments: [String]) throws -> String {
    try ProgramRun(program, arguments).output.joined(separator: "\n")
  }

  private static func makeCertificate(named name: String, in folder: String) throws {
    _ = try run(
      "openssl",
      [
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
        "/CN=\(name)", "-addext", "subjectAltName=DNS:\(name)", "-keyout", "\(folder)/key.pem", "-out",
        "\(folder)/chain.pem",
      ])
  }

  private static func get(_ port: Int, trusting folder: String, name: String, _ more: [String] = []) throws -> String {
    try run(
      "curl",
      [
        "-s", "--max-time", "20", "--cacert", "\(folder)/chain.pem", "--resolve", "\(name):\(port):127.0.0.1",
        "https://\(name):\(port)/slow", "-d", "hello",
      ] + more)
  }

  @Test("TLS serves, negotiates HTTP/1.1, and takes a new certificate without a pause")
  func reload() async throws {
    let folder = FileManager.default.temporaryDirectory.path + "/http-tls-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Self.makeCertificate(named: "first.test", in: folder)
    let tls = HTTPServerTLS(certificateChainPath: "\(folder)/chain.pem", privateKeyPath: "\(folder)/key.pem")
    try await withServer(threads: 2, tls: tls) { server in
      let first = try Self.get(server.port, trusting: folder, name: "first.test")
      #expect(first == "POST /slow 127.0.0.1 tls hello")
      let version = try Self.get(
        server.port, trusting: folder, name: "first.test", ["--http2", "-o", "/dev/null", "-w", "%{http_version}"])
      #expect(version == "1.1")
      let continued = try Self.get(
        server.port, trusting: folder, name: "first.test", ["-H", "Expect: 100-continue"])
      #expect(continued == "POST /slow 127.0.0.1 tls hello")
      let url = "https://first.test:\(server.port)/slow/stream/count"
      let streams = try Self.get(
        server.port, trusting: folder, name: "first.test", [url, url, "-w", "%{num_connects} "])
      let pieces = (0..<1000).map { "\($0)," }.joined()
      #expect(streams == "POST /slow 127.0.0.1 tls hello1 \(pieces)0 \(pieces)0 ")
      let old = try Self.get(
        server.port, trusting: folder, name: "first.test", ["--tls-max", "1.1", "-w", "%{http_code}"])
      #expect(old == "000")

      // A pair that doesn't belong together is refused, and the old one stays.
      try FileManager.default.moveItem(atPath: "\(folder)/key.pem", toPath: "\(folder)/first-key.pem")
      _ = try Self.run("openssl", ["ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "\(folder)/key.pem"])
      #expect(throws: HTTPServerError.self) { try server.server.reloadCertificate() }
      let still = try Self.get(server.port, trusting: folder, name: "first.test")
      #expect(still == "POST /slow 127.0.0.1 tls hello")

      try Self.makeCertificate(named: "second.test", in: folder)
      try server.server.reloadCertificate()
      let second = try Self.get(server.port, trusting: folder, name: "second.test")
      #expect(second == "POST /slow 127.0.0.1 tls hello")
    }
  }

  @Test("plain HTTP to a TLS port is cut and counted")
  func plain() async throws {
    let folder = FileManager.default.temporaryDirectory.path + "/http-tls-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Self.makeCertificate(named: "test", in: folder)
    let tls = HTTPServerTLS(certificateChainPath: "\(folder)/chain.pem", privateKeyPath: "\(folder)/key.pem")
    try await withServer(tls: tls) { server in
      let client = try server.client()
      try client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n")
      _ = try? client.readToEnd()
      #expect(server.server.count(of: .handshake) == 1)
    }
  }
}
