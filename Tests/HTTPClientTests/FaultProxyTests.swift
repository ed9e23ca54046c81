import HTTPTesting
import Testing

/// The proxy that tests of several nodes break the way to the store with.
@Suite("A proxy with faults") struct FaultProxyTests {
  /// Answers every request with the text that it asks for, until the client goes.
  private static func server() throws -> ScriptedServer {
    try ScriptedServer { connection in
      while true {
        let request = try connection.request()
        try connection.respond(200, body: Array(request.split(separator: " ")[1].utf8))
      }
    }
  }

  private static func ask(_ text: String, _ client: RawHTTPClient) throws -> String {
    try client.exchange("GET \(text) HTTP/1.1\r\nHost: a\r\n\r\n").text
  }

  @Test("passes everything on while nothing is wrong, and says how many connections there are")
  func passes() async throws {
    try await onBlockingThread {
      let server = try Self.server()
      let proxy = try FaultProxy(to: server.port)
      let client = try RawHTTPClient(port: proxy.port)
      for number in 0..<20 { #expect(try Self.ask("/\(number)", client) == "/\(number)") }
      #expect(proxy.connections == 1)
      client.halfClose()
      #expect(try client.readToEnd().isEmpty)
    }
  }

  @Test("delays answers, in their order")
  func delay() async throws {
    try await onBlockingThread {
      let server = try Self.server()
      let proxy = try FaultProxy(to: server.port)
      let client = try RawHTTPClient(port: proxy.port)
      proxy.set(.delay(.milliseconds(80)))
      let start = ContinuousClock.now
      try client.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n")
      #expect(try client.reply().text == "/1")
      #expect(.now - start >= .milliseconds(80))
      #expect(try Self.ask("/2", client) == "/2")
    }
  }

  @Test("holds back everything in a black hole, and lets it through afterwards")
  func blackHole() async throws {
    try await onBlockingThread {
      let server = try Self.server()
      let proxy = try FaultProxy(to: server.port)
      let client = try RawHTTPClient(port: proxy.port, timeout: .milliseconds(50))
      proxy.set(.blackHole)
      let late = try RawHTTPClient(port: proxy.port)
      try late.send("GET /late HTTP/1.1\r\nHost: a\r\n\r\n")
      #expect(throws: RawHTTPClientError.self) { try Self.ask("/lost", client) }
      proxy.set(.none)
      #expect(try late.reply().text == "/late")
    }
  }

  @Test("cuts the connections whose client has said something, and leaves the others")
  func cut() async throws {
    try await onBlockingThread {
      let server = try Self.server()
      let proxy = try FaultProxy(to: server.port)
      let (one, other) = (try RawHTTPClient(port: proxy.port), try RawHTTPClient(port: proxy.port))
      #expect(try Self.ask("/SUBSCRIBE", one) == "/SUBSCRIBE")
      #expect(try Self.ask("/GET", other) == "/GET")
      #expect(proxy.cut(carrying: "SUBSCRIBE") == 1)
      #expect(throws: RawHTTPClientError.self) { try Self.ask("/1", one) }
      #expect(try Self.ask("/2", other) == "/2")
      #expect(proxy.connections == 1)
    }
  }

  @Test("resets new connections, and those of before only when told to")
  func reset() async throws {
    try await onBlockingThread {
      let server = try Self.server()
      let proxy = try FaultProxy(to: server.port)
      let client = try RawHTTPClient(port: proxy.port)
      #expect(try Self.ask("/1", client) == "/1")
      proxy.set(.reset)
      #expect(throws: RawHTTPClientError.self) { try Self.ask("/2", RawHTTPClient(port: proxy.port)) }
      #expect(try Self.ask("/3", client) == "/3")
      #expect(proxy.cut() == 1)
      #expect(throws: RawHTTPClientError.self) { try Self.ask("/4", client) }
      proxy.set(.none)
      #expect(try Self.ask("/5", RawHTTPClient(port: proxy.port)) == "/5")
    }
  }

  @Test("garbles what the server says")
  func garble() async throws {
    try await onBlockingThread {
      let server = try Self.server()
      let proxy = try FaultProxy(to: server.port)
      let client = try RawHTTPClient(port: proxy.port)
      proxy.set(.garble)
      let good = "HTTP/1.1 200 Answer\r\nContent-Type: application/json\r\nContent-Length: 4\r\n\r\n/abc"
      try client.send("GET /abc HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
      client.halfClose()
      let answer = try client.readToEnd()
      #expect(answer.count == good.utf8.count && answer != Array(good.utf8))
    }
  }

  @Test("is like a server that is gone when there is none behind it")
  func nobody() async throws {
    try await onBlockingThread {
      let port = try ScriptedServer { _ in }.port
      let proxy = try FaultProxy(to: port)
      #expect(throws: RawHTTPClientError.self) { try Self.ask("/1", RawHTTPClient(port: proxy.port)) }
    }
  }
}
