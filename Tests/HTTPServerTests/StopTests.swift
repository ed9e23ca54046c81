import HTTPMessages
import HTTPServer
import HTTPTesting
import Testing

@Suite struct StopTests {
  private let request = "GET /slow/wait HTTP/1.1\r\nHost: test\r\n\r\n"

  @Test("a request in progress is finished, and its connection closed")
  func inProgress() async throws {
    let handler = TestHandler()
    try await withServer(handler: handler) { server in
      let client = try server.client()
      try client.send(request)
      await handler.slowStarted.wait()
      server.server.stop()
      handler.slowMayEnd.open()
      let reply = try client.reply()
      #expect(reply.status == 200)
      #expect(reply.field("connection") == "close")
      #expect(try client.readToEnd() == [])
    }
    #expect(!handler.wasCancelled)
  }

  @Test("a request of which a part has come is read to its end and answered")
  func begun() async throws {
    try await withServer { server in
      let client = try server.client()
      #expect(try client.exchange("GET / HTTP/1.1\r\nHost: test\r\n\r\n").status == 200)
      try client.send("GET / HTTP/1.1\r\nHost: te")
      server.server.stop()
      try client.send("st\r\n\r\n")
      let reply = try client.reply()
      #expect(reply.status == 200)
      #expect(reply.field("connection") == "close")
    }
  }

  @Test("idle connections are closed, and stopping again does nothing")
  func idle() async throws {
    try await withServer { server in
      let client = try server.client()
      #expect(try client.exchange("GET / HTTP/1.1\r\nHost: test\r\n\r\n").status == 200)
      server.server.stop()
      server.server.stop()
      #expect(try client.readToEnd() == [])
    }
  }

  @Test("what isn't finished after the grace time is cancelled and cut")
  func grace() async throws {
    let handler = TestHandler()
    try await withServer(grace: .milliseconds(100), handler: handler) { server in
      let client = try server.client()
      try client.send(request)
      await handler.slowStarted.wait()
      server.server.stop()
      #expect(try client.readToEnd() == [])
    }
    #expect(handler.wasCancelled)
  }

  @Test("cancelling the task that runs a server stops it")
  func cancellation() async throws {
    let server = try HTTPServer(
      configuration: .init(addresses: [.tcp(host: "127.0.0.1", port: 0)], threads: 2), handler: TestHandler())
    let running = Task { try await server.run() }
    running.cancel()
    try await running.value
    #expect(server.connectionCount == 0)
  }

  @Test("keep-alive clients lose no request while the server stops")
  func nothingLost() async throws {
    try await withServer(threads: 2) { server in
      let clients = try (0..<50).map { _ in try server.client() }
      for client in clients { try client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n") }
      server.server.stop()
      for client in clients { #expect(try client.reply().status == 200) }
    }
  }
}
