import Foundation
import HTTPClient
import HTTPTesting
import Testing

@Suite("Certificates of servers") struct CertificateTests {
  /// OpenSSL's own test server, with a certificate that it has signed itself for one name.
  private final class TLSServer: Sendable {
    let folder: String
    let port: Int
    private let process: ChildProcess

    init(for name: String) throws {
      folder = FileManager.default.temporaryDirectory.path + "/http-client-\(UUID().uuidString)"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      _ = try ProgramRun(
        "openssl",
        [
          "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
          "/CN=test", "-addext", "subjectAltName=\(name)", "-keyout", "key.pem", "-out", "chain.pem",
        ], in: folder)
      process = try ChildProcess(
        "openssl", ["s_server", "-accept", "127.0.0.1:0", "-www", "-cert", "chain.pem", "-key", "key.pem"], in: folder)
      let line = try #require(process.output.wait { $0.hasPrefix("ACCEPT ") })
      port = try #require(line.split(separator: ":").last.flatMap { Int($0) })
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// The code of the failure, or the status.
    func outcome(trusting authorities: String?) async throws -> String {
      let client = try HTTPClient(certificateAuthorities: authorities)
      var request = HTTPClientRequest("https://127.0.0.1:\(port)/")
      request.limits.totalTime = .seconds(60)
      request.limits.connectTime = .seconds(60)
      var outcome: String
      do throws(HTTPClientError) {
        outcome = try await "\(client.send(request).status)"
      } catch {
        outcome = error.code.rawValue
      }
      await client.stop()
      return outcome
    }
  }

  @Test("a certificate counts only from an authority that is trusted")
  func authority() async throws {
    try await onBlockingThread {
      let server = try TLSServer(for: "IP:127.0.0.1")
      #expect(try await server.outcome(trusting: nil) == "tls")
      #expect(try await server.outcome(trusting: "\(server.folder)/chain.pem") == "200")
      #expect(try await server.outcome(trusting: "\(server.folder)/missing.pem") == "tls")
    }
  }

  @Test("a certificate counts only for the names in it")
  func name() async throws {
    try await onBlockingThread {
      let server = try TLSServer(for: "DNS:other.example")
      #expect(try await server.outcome(trusting: "\(server.folder)/chain.pem") == "tls")
    }
  }

  @Test("a server without TLS is none for an https address")
  func plain() async throws {
    let server = try ScriptedServer { connection in
      try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
      try connection.hang()
    }
    let client = try HTTPClient()
    let error = await #expect(throws: HTTPClientError.self) {
      try await client.send(HTTPClientRequest("https://127.0.0.1:\(server.port)/"))
    }
    #expect(error?.code == .tls)
    await client.stop()
  }
}
