import HTTPMessages
import HTTPServer
import HTTPTesting
import Synchronization

/// A server that keeps every request it gets, and answers from a table of pages, or with "seen" where there is none.
final class RecordingServer: HTTPHandler {
  /// A page: its media type and its body.
  struct Page {
    let type: String
    let text: String
  }

  private let server = Mutex<HTTPServer?>(nil)
  private let requests = Mutex<[HTTPRequest]>([])
  private let pages: [String: Page]

  init(pages: [String: Page] = [:]) { self.pages = pages }

  /// Every request up to now.
  var seen: [HTTPRequest] { requests.withLock { $0 } }

  /// The port that it listens on.
  var port: Int {
    for case .tcp(_, let port) in server.withLock({ $0?.boundAddresses ?? [] }) { return port }
    return 0
  }

  func respondAtOnce(to request: borrowing HTTPRequestView, into response: inout HTTPResponseBuffer) -> Bool { false }

  func respond(to request: HTTPRequest) async -> HTTPResponse {
    requests.withLock { $0.append(request) }
    let page = pages[String(decoding: request.path, as: UTF8.self)] ?? Page(type: "text/plain", text: "seen")
    return HTTPResponse(
      status: .ok, fields: [HTTPField("Content-Type", page.type)], body: Array(page.text.utf8))
  }

  /// Serves while `body` runs.
  func serve(_ body: @escaping @Sendable () async throws -> Void) async throws {
    let server = try HTTPServer(
      configuration: .init(addresses: [.tcp(host: "127.0.0.1", port: 0)], threads: 1), handler: self)
    self.server.withLock { $0 = server }
    async let running: Void = server.run()
    let result: Result<Void, any Error>
    do { result = .success(try await body()) } catch { result = .failure(error) }
    server.stop()
    try await running
    try result.get()
  }
}

extension HTTPRequest {
  /// The values of every field that some application could take for `name`: case and punctuation aside, as CGI does it.
  func values(likeName name: String) -> [String] {
    func folded(_ bytes: some Sequence<UInt8>) -> [UInt8] {
      bytes.filter { ![0x2D, 0x5F, 0x2E].contains($0) }.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    }
    return fields.filter { folded($0.name) == folded(name.utf8) }.map(\.text)
  }
}
