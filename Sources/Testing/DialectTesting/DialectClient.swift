public import HTTPMessages
import Synchronization

/// Sends the requests of a dialect under test, as a program on the same machine does.
public struct DialectClient: Sendable {
  /// Answers a request.
  public typealias Respond = @Sendable (HTTPRequest) async -> HTTPResponse

  /// Answers a request that is whole already.
  public let respond: Respond

  /// A client of whatever answers; a router's `respond(to:)` will do.
  public init(_ respond: @escaping Respond) {
    self.respond = respond
  }

  /// Sends a request, by default with JSON if it has a body; an answer that is streamed is read to its end.
  public func send(
    _ method: HTTPMethod, _ target: String, _ body: String? = nil, contentType: String? = nil, bearer: String? = nil,
    fields: [HTTPField] = []
  ) async -> HTTPResponse {
    await send(
      method, target, bytes: Array((body ?? "").utf8), contentType: contentType, bearer: bearer, fields: fields)
  }

  /// The same for a body that need not be text.
  public func send(
    _ method: HTTPMethod, _ target: String, bytes: [UInt8], contentType: String? = nil, bearer: String? = nil,
    fields: [HTTPField] = []
  ) async -> HTTPResponse {
    var all = [HTTPField("Host", "127.0.0.1:8080"), HTTPField("X-Request-Id", "conformance")] + fields
    if let contentType {
      all.append(HTTPField("Content-Type", contentType))
    } else if !bytes.isEmpty {
      all.append(HTTPField("Content-Type", "application/json"))
    }
    if let bearer { all.append(HTTPField("Authorization", "Bearer \(bearer)")) }
    var response = await respond(
      HTTPRequest(
        method: method, target: target, fields: all, body: bytes, peer: .network(address: "127.0.0.1", port: 9)))
    if let stream = response.stream {
      let received = Received()
      var writer = HTTPBodyWriter { piece in received.take(piece) }
      await stream(&writer)
      response.body = received.bytes
    }
    return response
  }

  /// A body that comes in pieces.
  private final class Received: Sendable {
    private let pieces = Mutex<[UInt8]>([])

    var bytes: [UInt8] { pieces.withLock { $0 } }

    func take(_ piece: [UInt8]) -> Bool {
      pieces.withLock { $0 += piece }
      return true
    }
  }
}
