import HTTPClient
import HTTPTesting
import Synchronization
import Testing

@Suite("An HTTP client that takes a response as it comes") struct StreamingTests {
  private final class Pieces: Sendable {
    let bytes = Mutex<[UInt8]>([])
    let requests = Mutex<[String]>([])
    var text: String { String(decoding: bytes.withLock { $0 }, as: UTF8.self) }
  }

  /// What comes of a request to a server of that script: the status or the failure, and what was handed over.
  private func outcome(
    limit: Int = .max, edit: (inout HTTPClientLimits) -> Void = { _ in },
    _ script: @escaping @Sendable (ScriptedConnection) throws -> Void
  ) async throws -> (outcome: String, body: String, received: String) {
    let server = try ScriptedServer(script)
    let client = try HTTPClient()
    let pieces = Pieces()
    var request = HTTPClientRequest("http://127.0.0.1:\(server.port)/")
    request.limits.totalTime = .seconds(60)
    edit(&request.limits)
    let result: (String, String)
    do throws(HTTPClientError) {
      let response = try await client.send(request) { bytes in
        pieces.bytes.withLock {
          $0 += bytes
          return $0.count < limit
        }
      }
      result = ("\(response.status)", String(decoding: response.body, as: UTF8.self))
    } catch {
      result = (error.code.rawValue, "")
    }
    await client.stop()
    return (result.0, result.1, pieces.text)
  }

  @Test("a good response is handed over whole, however long, and not kept")
  func whole() async throws {
    let body = [UInt8](repeating: 0x61, count: 1 << 20)
    let result = try await outcome(edit: { $0.maximumBody = 100 }) { connection in
      _ = try connection.request()
      try connection.respond(200, body: body)
    }
    #expect(result.outcome == "200" && result.body.isEmpty && result.received.utf8.count == body.count)
  }

  @Test("the body of a refusal is kept, and not handed over, also behind an answer that is not the last")
  func refusal() async throws {
    let result = try await outcome { connection in
      _ = try connection.request()
      try connection.send("HTTP/1.1 103 Early Hints\r\n\r\n")
      try connection.respond(403, body: Array("no".utf8))
    }
    #expect(result.outcome == "403" && result.body == "no" && result.received.isEmpty)
  }

  @Test("who has enough ends it, though the server would go on for ever")
  func enough() async throws {
    let result = try await outcome(limit: 10) { connection in
      _ = try connection.request()
      try connection.send("HTTP/1.1 200 OK\r\n\r\n")
      while try !connection.isEnded(within: 1) { try connection.send("abc") }
    }
    #expect(result.outcome == "stopped" && result.received.hasPrefix("abcabc"))
  }

  @Test("a server that falls silent is left, one that says little is not")
  func silence() async throws {
    let silent = try await outcome(edit: { $0.silence = .milliseconds(300) }) { connection in
      _ = try connection.request()
      try connection.send("HTTP/1.1 200 OK\r\n\r\nabc")
      try connection.hang()
    }
    #expect(silent.outcome == "timeout" && silent.received == "abc")
    let slow = try await outcome(edit: { $0.silence = .seconds(30) }) { connection in
      _ = try connection.request()
      try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")
      for _ in 0..<5 where try !connection.isEnded(within: 10) { try connection.send("a") }
    }
    #expect(slow.outcome == "200" && slow.received == "aaaaa")
  }

  @Test("changes and removals are sent as such")
  func methods() async throws {
    let pieces = Pieces()
    let server = try ScriptedServer { connection in
      while true {
        let request = try connection.request()
        pieces.requests.withLock { $0.append(request) }
        try connection.respond(204, body: [])
      }
    }
    let client = try HTTPClient(threads: 1)
    let address = "http://127.0.0.1:\(server.port)/a"
    for method in [HTTPClientRequest.Method.patch(Array("{}".utf8)), .delete, .get, .post([])] {
      _ = try await client.send(HTTPClientRequest(address, method: method))
    }
    await client.stop()
    let requests = pieces.requests.withLock { $0 }
    #expect(requests.map { $0.prefix { $0 != " " } } == ["PATCH", "DELETE", "GET", "POST"])
    #expect(requests[0].hasSuffix("\r\n\r\n{}") && !requests[1].contains("Content-Length"))
  }

  @Test("where nobody listens on the socket there is no connection, and a path that is too long is refused")
  func noSocket() async throws {
    let client = try HTTPClient()
    for path in ["/nonexistent/socket", "/" + String(repeating: "a", count: 300)] {
      let error = await #expect(throws: HTTPClientError.self) {
        try await client.send(HTTPClientRequest("http://localhost/", socket: path))
      }
      #expect(error?.code == .connection || error?.code == .failed)
    }
    await client.stop()
  }
}
