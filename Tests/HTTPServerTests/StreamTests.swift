import HTTPMessages
import HTTPServer
import HTTPTesting
import Synchronization
import Testing

@Suite struct StreamTests {
  private func request(_ path: String, _ method: String = "GET") -> String {
    "\(method) /slow/stream/\(path) HTTP/1.1\r\nHost: test\r\n\r\n"
  }

  @Test("pieces arrive in order, and the connection serves on, pipelined requests too")
  func order() async throws {
    try await withServer { server in
      let client = try server.client()
      let count = request("count")
      try client.send(count + count + "GET / HTTP/1.1\r\nHost: test\r\n\r\n" + request("none"))
      for _ in 0..<2 {
        let reply = try client.reply()
        #expect(reply.status == 200)
        #expect(reply.field("transfer-encoding") == "chunked")
        #expect(reply.field("x-content-type-options") == "nosniff")
        #expect(reply.text == (0..<1000).map { "\($0)," }.joined())
      }
      #expect(try client.reply().text == "GET / 127.0.0.1 plain ")
      #expect(try client.reply().body == [])
      #expect(try client.exchange(count).body.count == 3890)
      #expect(server.server.connectionCount == 1)
    }
  }

  @Test("head and first piece arrive while the rest is not written yet")
  func live() async throws {
    try await withServer { server in
      let client = try server.client()
      try client.send(request("wait"))
      #expect(try client.replyHead().status == 200)
      #expect(try client.chunk() == Array("first".utf8))
      #expect(try server.status(of: "GET / HTTP/1.1\r\nHost: test\r\n\r\n") == 200)
      server.handler.slowMayEnd.open()
      #expect(try client.chunk() == Array("last".utf8))
      #expect(try client.chunk() == [])
      #expect(try client.exchange("GET / HTTP/1.1\r\nHost: test\r\n\r\n").status == 200)
    }
  }

  @Test("a request that comes during a stream is answered after it")
  func nextRequestWaits() async throws {
    try await withServer { server in
      let client = try server.client()
      try client.send(request("wait"))
      _ = try client.replyHead()
      _ = try client.chunk()
      try client.send("POST /slow HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab")
      #expect(try server.status(of: "GET / HTTP/1.1\r\nHost: test\r\n\r\n") == 200)
      server.handler.slowMayEnd.open()
      #expect(try client.chunk() == Array("last".utf8))
      #expect(try client.chunk() == [])
      try client.send("c\r\n0\r\n\r\n")
      #expect(try client.reply().text == "POST /slow 127.0.0.1 plain abc")
    }
  }

  @Test("a client of HTTP/1.0 gets the plain body, and the end of the connection as its end")
  func oldClient() async throws {
    try await withServer { server in
      let client = try server.client()
      try client.send("GET /slow/stream/count HTTP/1.0\r\nHost: test\r\nConnection: keep-alive\r\n\r\n")
      let head = try client.replyHead()
      #expect(head.field("connection") == "close")
      #expect(head.field("transfer-encoding") == nil)
      #expect(head.field("content-length") == nil)
      #expect(try client.readToEnd() == Array((0..<1000).map { "\($0)," }.joined().utf8))
    }
  }

  @Test("HEAD gets the head alone, and 204 no body, and neither runs the stream")
  func withoutBody() async throws {
    try await withServer { server in
      let client = try server.client()
      try client.send(request("wait", "HEAD") + request("nothing") + request("count"))
      #expect(try client.reply(toHead: true).field("transfer-encoding") == "chunked")
      #expect(try client.reply().status == 204)
      #expect(try client.reply().body.count == 3890)
    }
  }

  @Test("a client that hangs up cancels a stream that waits", arguments: [true, false])
  func hangUp(isReset: Bool) async throws {
    try await withServer { server in
      let client = try server.client()
      try client.send(request("wait"))
      _ = try client.replyHead()
      await server.handler.slowStarted.wait()
      if isReset { client.reset() } else { client.halfClose() }
      await server.handler.streamEnded.wait()
      #expect(!server.handler.lastWasWanted)
      #expect(server.server.connectionCount == 0)
    }
  }

  @Test("a client that reads slowly slows the stream down, and gets all of it")
  func slowReader() async throws {
    try await withServer { server in
      let client = try server.client()
      try client.send(request("large"))
      _ = try client.replyHead()
      #expect(try server.status(of: "GET / HTTP/1.1\r\nHost: test\r\n\r\n") == 200)
      #expect(server.handler.takenCount < 512)
      var size = 0
      while true {
        let piece = try client.chunk()
        if piece.isEmpty { break }
        size += piece.count
      }
      #expect(size == 32 << 20)
    }
  }

  @Test("a client that doesn't read is cut after the time for writing")
  func noReader() async throws {
    var limits = HTTPLimits()
    limits.writeTime = .milliseconds(100)
    try await withServer(limits: limits) { server in
      let client = try server.client()
      client.shrinkReceiveBuffer()
      try client.send(request("large"))
      await server.handler.streamEnded.wait()
      #expect(server.handler.takenCount < 512)
      #expect(server.server.count(of: .writeTimeout) == 1)
      _ = client
    }
  }

  @Test("stopping the server ends a stream, properly, before the grace time is over")
  func stopping() async throws {
    try await withServer(grace: .seconds(3600)) { server in
      let client = try server.client()
      try client.send(request("wait"))
      _ = try client.replyHead()
      #expect(try client.chunk() == Array("first".utf8))
      server.server.stop()
      #expect(try client.chunk() == [])
      #expect(try client.readToEnd() == [])
      #expect(!server.handler.lastWasWanted)
    }
  }

  @Test("stopping the server cuts a stream whose client doesn't read")
  func stoppingWithoutReader() async throws {
    try await withServer(grace: .seconds(3600)) { server in
      let client = try server.client()
      client.shrinkReceiveBuffer()
      try client.send(request("large"))
      _ = try client.replyHead()
      server.server.stop()
      await server.handler.streamEnded.wait()
      #expect(server.handler.takenCount < 512)
    }
  }

  @Test("a stream that comes after its connection was cut ends at once", .timeLimit(.minutes(1)))
  func afterTheCut() async throws {
    let handler = TestHandler()
    try await withServer(grace: .milliseconds(100), handler: handler) { server in
      let client = try server.client()
      try client.send("GET /slow/late HTTP/1.1\r\nHost: test\r\n\r\n")
      await handler.slowStarted.wait()
      server.server.stop()
      #expect(try client.readToEnd() == [])
    }
    await withTaskCancellationHandler {
      await handler.streamEnded.wait()
    } onCancel: {
      handler.streamEnded.open()
    }
  }

  @Test("a thousand streams at once take no thread of their own")
  func many() async throws {
    try await withServer { server in
      let clients = try (0..<1000).map { _ in try server.client() }
      for client in clients { try client.send(request("wait")) }
      for client in clients {
        _ = try client.replyHead()
        #expect(try client.chunk() == Array("first".utf8))
      }
      #expect(server.server.connectionCount == 1000)
      server.handler.slowMayEnd.open()
      for client in clients {
        #expect(try client.chunk() == Array("last".utf8))
        #expect(try client.chunk() == [])
      }
    }
  }

  @Test("a response's own field replaces the standing one of its name")
  func ownFields() async throws {
    let standing = [HTTPField("Cache-Control", "no-store"), HTTPField("X-Content-Type-Options", "nosniff")]
    try await withServer(standingFields: standing) { server in
      let client = try server.client()
      let reply = try client.exchange("GET /slow/cached HTTP/1.1\r\nHost: test\r\n\r\n")
      #expect(reply.field("cache-control") == "max-age=60")
      #expect(reply.field("x-content-type-options") == "nosniff")
      #expect(try client.exchange("GET /slow HTTP/1.1\r\nHost: test\r\n\r\n").field("cache-control") == "no-store")
    }
  }
}
