import Foundation
import HTTPMessages
import HTTPServer
import HTTPTesting
import Testing

@Suite struct ListeningTests {
  private let path = "/tmp/http-server-test-\(UUID().uuidString)"
  private let request = "GET / HTTP/1.1\r\nHost: test\r\n\r\n"

  private func server(_ addresses: [HTTPServerAddress], tls: HTTPServerTLS? = nil) throws -> HTTPServer {
    try HTTPServer(configuration: .init(addresses: addresses, tls: tls, threads: 2), handler: TestHandler())
  }

  private func code(_ addresses: [HTTPServerAddress], tls: HTTPServerTLS? = nil) -> HTTPServerError.Code? {
    do {
      _ = try server(addresses, tls: tls)
      return nil
    } catch let error as HTTPServerError {
      return error.code
    } catch {
      return nil
    }
  }

  @Test("a Unix socket has the mode asked for, serves, and is gone afterwards")
  func unixSocket() async throws {
    let path = path
    let request = request
    try await withServer(
      threads: 2, addresses: [.unix(path: path, mode: 0o600), .tcp(host: "127.0.0.1", port: 0)]
    ) { server in
      let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
      #expect(mode == 0o600)
      let reply = try RawHTTPClient(unixPath: path).exchange(request)
      #expect(reply.text == "GET / unix plain ")
      let status = try server.status(of: request)
      #expect(status == 200)
    }
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test("a socket file is replaced only if nobody listens on it, and any other file never")
  func socketFile() throws {
    let first = try server([.unix(path: path, mode: 0o600)])
    #expect(code([.unix(path: path, mode: 0o600)]) == .addressInUse)
    #expect(first.boundAddresses == [.unix(path: path, mode: 0o600)])
    #expect(FileManager.default.fileExists(atPath: path))
    let file = path + ".txt"
    try Data().write(to: URL(fileURLWithPath: file))
    #expect(code([.unix(path: file, mode: 0o600)]) == .badPath)
    #expect(FileManager.default.fileExists(atPath: file))
    try FileManager.default.removeItem(atPath: file)
  }

  @Test("a second server on the same port is refused, though the loops of one share it")
  func portInUse() throws {
    let first = try server([.tcp(host: "127.0.0.1", port: 0)])
    #expect(code(first.boundAddresses) == .addressInUse)
  }

  @Test("what can't be listened on is said")
  func refusals() {
    #expect(code([]) == .badConfiguration)
    #expect(code([.tcp(host: "127.0.0.1", port: 65_536)]) == .badConfiguration)
    #expect(code([.tcp(host: "192.0.2.1", port: 0)]) == .notResolvable)
    #expect(code([.tcp(host: "no such host", port: 0)]) == .notResolvable)
    #expect(code([.unix(path: String(repeating: "a", count: 200), mode: 0o600)]) == .badPath)
    #expect(code([.unix(path: "", mode: 0o600)]) == .badPath)
    let tls = HTTPServerTLS(certificateChainPath: "/nowhere", privateKeyPath: "/nowhere")
    #expect(code([.tcp(host: "127.0.0.1", port: 0)], tls: tls) == .badCertificate)
  }
}
