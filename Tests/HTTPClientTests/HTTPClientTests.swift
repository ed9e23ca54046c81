import HTTPClient
import HTTPTesting
import Synchronization
import Testing

@Suite("An HTTP client among bad servers") struct HTTPClientTests {
  /// A server of a script, and a client.
  private struct World {
    let server: ScriptedServer
    let client: HTTPClient

    init(_ script: @escaping @Sendable (ScriptedConnection) throws -> Void) throws {
      server = try ScriptedServer(script)
      client = try HTTPClient()
    }

    func send(
      _ path: String = "/", method: HTTPClientRequest.Method = .get, fields: [HTTPClientField?] = [],
      _ edit: (inout HTTPClientLimits) -> Void = { _ in }
    ) async throws(HTTPClientError) -> HTTPClientResponse {
      var limits = HTTPClientLimits()
      limits.totalTime = .seconds(60)
      edit(&limits)
      return try await client.send(
        HTTPClientRequest(
          "http://127.0.0.1:\(server.port)\(path)", method: method, fields: fields.compactMap { $0 }, limits: limits))
    }

    /// The code of the failure that it comes to, or the status.
    func outcome(_ edit: (inout HTTPClientLimits) -> Void = { _ in }) async -> String {
      do throws(HTTPClientError) {
        return try await "\(send("/", edit).status)"
      } catch {
        #expect(error.description.hasSuffix("."))
        return error.code.rawValue
      }
    }
  }

  private final class Seen: Sendable {
    let requests = Mutex<[String]>([])
  }

  @Test("a response is its status, its type and its body")
  func response() async throws {
    let world = try World { connection in
      while true {
        let request = try connection.request()
        try connection.respond(
          request.hasPrefix("GET /gone") ? 404 : 200, type: "text/x; a=b", body: Array("hello\0".utf8))
      }
    }
    let first = try await world.send()
    #expect(first.status == 200)
    #expect(first.contentType == "text/x; a=b")
    #expect(first.body == Array("hello\0".utf8))
    #expect(try await world.send("/gone").status == 404)
    await world.client.stop()
  }

  @Test("a request has what it was given, and nothing that was not asked for")
  func request() async throws {
    let seen = Seen()
    let world = try World { connection in
      while true {
        let request = try connection.request()
        seen.requests.withLock { $0.append(request) }
        try connection.respond(204, body: [])
      }
    }
    _ = try await world.send("/a?b=%20")
    let body = [UInt8](repeating: 0x61, count: 3000)
    _ = try await world.send(
      "/hook", method: .post(body),
      fields: [
        HTTPClientField("Content-Type", "application/json"), HTTPClientField("X-Empty", ""),
        HTTPClientField("Accept", "application/json"),
      ])
    _ = try await world.send("/nothing", method: .post([]))
    let port = world.server.port
    let expected = [
      "GET /a?b=%20 HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nUser-Agent: sesame\r\nAccept: */*\r\n\r\n",
      "POST /hook HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nUser-Agent: sesame\r\nContent-Type: application/json\r\n"
        + "X-Empty:\r\nAccept: application/json\r\nContent-Length: 3000\r\n\r\n" + String(repeating: "a", count: 3000),
      "POST /nothing HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nUser-Agent: sesame\r\nAccept: */*\r\n"
        + "Content-Length: 0\r\n\r\n",
    ]
    let requests = seen.requests.withLock { $0 }
    #expect(requests.count == expected.count)
    for (request, expected) in zip(requests, expected) {
      #expect(Self.parts(request) == Self.parts(expected), "\(request.prefix(200))")
    }
    await world.client.stop()
  }

  /// The first line, the fields in the order of their names, and the body.
  private static func parts(_ request: String) -> [String] {
    let pieces = request.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
    let lines = (pieces.first ?? "").split(separator: "\r\n").map(String.init)
    return lines.prefix(1) + lines.dropFirst().sorted() + pieces.dropFirst().map(String.init)
  }

  @Test("a server that says nothing is left when the time is over")
  func hang() async throws {
    let world = try World { try $0.hang() }
    #expect(await world.outcome { $0.totalTime = .milliseconds(200) } == "timeout")
    await world.client.stop()
  }

  @Test("a server that sends a byte now and then is left when the time is over, or sooner for being slow")
  func drip() async throws {
    let world = try World { connection in
      _ = try connection.request()
      try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
      while try !connection.isEnded(within: 20) { try connection.send("a") }
    }
    #expect(await world.outcome { $0.totalTime = .milliseconds(300) } == "timeout")
    #expect(
      await world.outcome {
        $0.slowTime = .seconds(1)
        $0.slowestSpeed = 1000
      } == "timeout")
    await world.client.stop()
  }

  @Test("a redirect is a status and is not followed")
  func redirect() async throws {
    let world = try World { connection in
      _ = try connection.request()
      try connection.send(
        "HTTP/1.1 302 Found\r\nLocation: http://\(connection.localAddress)/there\r\nContent-Length: 0\r\n\r\n")
      try connection.hang()
    }
    #expect(await world.outcome() == "302")
    #expect(world.server.connections == 1)
    await world.client.stop()
  }

  @Test("a body beyond the limit is not read, whether the server says its length, or sends a gigabyte without")
  func size() async throws {
    let announced = try World { connection in
      _ = try connection.request()
      try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n")
      try connection.hang()
    }
    #expect(await announced.outcome() == "tooLarge")
    let counter = Seen()
    let unannounced = try World { connection in
      _ = try connection.request()
      try connection.send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
      let piece = [UInt8](repeating: 0x61, count: 1 << 20)
      for _ in 0..<1024 {
        try connection.send(piece)
        counter.requests.withLock { $0.append("") }
      }
    }
    #expect(await unannounced.outcome() == "tooLarge")
    // What the two sides' buffers take, and no more.
    #expect(counter.requests.withLock { $0.count } < 64)
    let exact = try World { connection in
      while true {
        _ = try connection.request()
        try connection.respond(200, body: [UInt8](repeating: 0, count: 1000))
      }
    }
    #expect(await exact.outcome { $0.maximumBody = 1000 } == "200")
    #expect(await exact.outcome { $0.maximumBody = 999 } == "tooLarge")
    for world in [announced, unannounced, exact] { await world.client.stop() }
  }

  @Test("a chunked body counts by what it holds")
  func chunks() async throws {
    let world = try World { connection in
      while true {
        _ = try connection.request()
        try connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in 0..<11 { try connection.send("64\r\n\(String(repeating: "a", count: 100))\r\n") }
        try connection.send("0\r\n\r\n")
      }
    }
    #expect(try await world.send().body.count == 1100)
    #expect(await world.outcome { $0.maximumBody = 1000 } == "tooLarge")
    await world.client.stop()
  }

  @Test("a compressed body is handed on as it is")
  func compression() async throws {
    let bomb = [UInt8]([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]) + [UInt8](repeating: 0, count: 90)
    let world = try World { connection in
      let request = try connection.request()
      #expect(!request.lowercased().contains("accept-encoding"))
      try connection.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 100\r\n\r\n")
      try connection.send(bomb)
      try connection.hang()
    }
    #expect(try await world.send().body == bomb)
    await world.client.stop()
  }

  @Test("a head beyond the limit is not read")
  func head() async throws {
    let world = try World { connection in
      _ = try connection.request()
      try connection.send("HTTP/1.1 200 OK\r\n")
      while true { try connection.send("X-More: \(String(repeating: "a", count: 500))\r\n") }
    }
    #expect(await world.outcome() == "tooLarge")
    await world.client.stop()
  }

  @Test(
    "what is not a whole response is none",
    arguments: [
      ("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort", "malformed"),
      ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc", "malformed"), ("", "malformed"),
      ("just text\r\n", "malformed"), ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", "connection"),
    ])
  func broken(text: String, code: String) async throws {
    let world = try World { connection in
      _ = try connection.request()
      try connection.send(text)
    }
    #expect(await world.outcome() == code)
    await world.client.stop()
  }

  @Test("where nobody listens there is no connection")
  func refused() async throws {
    let client = try HTTPClient()
    let port = try ScriptedServer { _ in }.port
    let error = await #expect(throws: HTTPClientError.self) {
      try await client.send(HTTPClientRequest("http://127.0.0.1:\(port)/"))
    }
    #expect(error?.code == .connection)
    await client.stop()
  }

  @Test(
    "an address that is none, not of this machine without TLS, of another scheme, or with a password is refused",
    arguments: [
      "", "x", "127.0.0.1", "//127.0.0.1/", "file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1:1/",
      "http://example.org/", "http://10.0.0.1/", "http://127.0.0.1.example.org/", "http://localhost.example.org/",
      "http://127.example.org/", "http://user:secret@127.0.0.1/", "https://user@127.0.0.1/", "http://127.0.0.1 /",
      "http://127.0.0.1/\r\nX: y", "http://", "https:///", "http://[::2]/", "http://127.0.0.1:99999/",
    ])
  func addresses(address: String) async throws {
    let client = try HTTPClient()
    let error = await #expect(throws: HTTPClientError.self) { try await client.send(HTTPClientRequest(address)) }
    #expect(error?.code == .address)
    await client.stop()
  }

  @Test("a field that could begin another is none")
  func fields() {
    for (name, value) in [
      ("", "a"), ("A B", "a"), ("A:", "a"), ("A\r\nB", "a"), ("A", "a\r\nB: c"), ("A", "a\nB: c"), ("A", "a\0"),
      ("é", "a"), ("A", "é"),
    ] {
      #expect(HTTPClientField(name, value) == nil)
    }
    #expect(HTTPClientField("X-A", "b \t c;d") != nil)
  }

  @Test("more requests than may wait are refused, and time spent waiting counts")
  func bound() async throws {
    let (started, hasStarted) = AsyncStream<Void>.makeStream()
    let release = Mutex(false)
    let server = try ScriptedServer { connection in
      _ = try connection.request()
      hasStarted.yield()
      while !release.withLock({ $0 }) { _ = try connection.isEnded(within: 10) }
      try connection.respond(200, body: [])
    }
    let client = try HTTPClient(threads: 1, capacity: 1)
    var request = HTTPClientRequest("http://127.0.0.1:\(server.port)/")
    request.limits.totalTime = .seconds(60)
    let patient = request
    request.limits.totalTime = .nanoseconds(1)
    let hasty = request
    async let first = client.send(patient)
    for await _ in started { break }
    let codes = await withTaskGroup(of: HTTPClientError.Code?.self) { group in
      for _ in 0..<20 {
        group.addTask {
          do throws(HTTPClientError) {
            _ = try await client.send(hasty)
            return nil
          } catch {
            return error.code
          }
        }
      }
      for _ in 0..<19 { #expect(await group.next() == .busy) }
      release.withLock { $0 = true }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(codes == [.timeout])
    #expect(try await first.status == 200)
    // The one that waited had no time left, and did not connect.
    #expect(server.connections == 1)
    await client.stop()
  }

  @Test("stopping ends a request under way, and refuses the next")
  func stop() async throws {
    let (started, hasStarted) = AsyncStream<Void>.makeStream()
    let world = try World { connection in
      _ = try connection.request()
      hasStarted.yield()
      try connection.hang()
    }
    async let outcome = world.outcome()
    for await _ in started { break }
    await world.client.stop()
    #expect(await outcome == "stopped")
    #expect(await world.outcome() == "stopped")
  }
}
