import HTTPServer
import HTTPTesting
import Testing

@Suite struct FramingTests {
  @Test("a request that breaks the framing rules gets one problem and no second answer", arguments: FramingCase.refused)
  func refused(test: FramingCase) async throws {
    try await withServer { server in
      let client = try server.client()
      // What follows must not be taken for a request of its own.
      try client.send(test.request + Array("GET /smuggled HTTP/1.1\r\nHost: test\r\n\r\n".utf8))
      let reply = try client.reply()
      #expect(reply.status == test.status)
      #expect(reply.field("content-type") == "application/problem+json")
      #expect(reply.field("connection") == "close")
      #expect(reply.field("x-content-type-options") == "nosniff")
      #expect(reply.text.contains("\"code\":\"\(test.code)\""), "\(reply.text)")
      #expect(try client.readToEnd() == [])
      let refusal = try #require(HTTPRefusal(rawValue: test.code))
      #expect(server.server.count(of: refusal) == 1)
    }
  }

  @Test(
    "a request may arrive byte by byte",
    arguments: [
      "GET /a HTTP/1.1\r\nHost: test\r\nX-A:  b \r\n\r\n",
      "\r\nGET /a HTTP/1.1\r\nHost: test\r\n\r\n",
      "POST /a HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\nhello",
      "POST /a HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
      "POST /a HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: Chunked\r\n\r\n0\r\n\r\n",
      "POST /a HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n03\r\nllo\r\n0\r\nX-A: b\r\n\r\n",
    ])
  func byteByByte(request: String) async throws {
    try await withServer { server in
      let client = try server.client()
      for byte in request.utf8 { try client.send([byte]) }
      let reply = try client.reply()
      #expect(reply.status == 200)
      let body = request.contains("hello") || request.contains("llo") ? "hello" : ""
      let method = request.contains("POST") ? "POST" : "GET"
      #expect(reply.text == "\(method) /a 127.0.0.1 plain \(body)")
    }
  }

  @Test(
    "what is allowed is answered",
    arguments: [
      ("GET / HTTP/1.1\r\nHost: test:80\r\n\r\n", "GET / 127.0.0.1 plain "),
      ("GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", "GET / 127.0.0.1 plain "),
      ("GET / HTTP/1.1\r\nHost: my_host.example\r\n\r\n", "GET / 127.0.0.1 plain "),
      ("GET /a?b=c&d HTTP/1.1\r\nhOST:test\r\n\r\n", "GET /a?b=c&d 127.0.0.1 plain "),
      ("OPTIONS * HTTP/1.1\r\nHost: test\r\n\r\n", "OPTIONS * 127.0.0.1 plain "),
      ("GET http://test/a?b HTTP/1.1\r\nHost: TEST\r\n\r\n", "GET /a?b 127.0.0.1 plain "),
      ("GET HTTP://test HTTP/1.1\r\nHost: test\r\n\r\n", "GET / 127.0.0.1 plain "),
      ("get / HTTP/1.1\r\nHost: test\r\n\r\n", "other / 127.0.0.1 plain "),
      ("DELETE / HTTP/1.1\r\nHost: test\r\nX-A: \u{FC}\t\r\nX-B:\r\n\r\n", "DELETE / 127.0.0.1 plain "),
      ("PUT / HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n", "PUT / 127.0.0.1 plain "),
      ("PATCH / HTTP/1.1\r\nHost: test\r\nContent-Length: 003\r\n\r\nabc", "PATCH / 127.0.0.1 plain abc"),
    ])
  func allowed(request: String, body: String) async throws {
    try await withServer { server in
      let reply = try server.client().exchange(request)
      #expect(reply.status == 200)
      #expect(reply.text == body)
    }
  }

  @Test("HTTP/1.0 needs no Host, and its connection closes")
  func oldVersion() async throws {
    try await withServer { server in
      let client = try server.client()
      let reply = try client.exchange("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
      #expect(reply.status == 200)
      #expect(reply.field("connection") == "close")
      #expect(try client.readToEnd() == [])
    }
  }

  @Test("a problem in answer to HEAD has no body")
  func headProblem() async throws {
    try await withServer { server in
      let client = try server.client()
      try client.send("HEAD / HTTP/1.1\r\n\r\n")
      let reply = try client.reply(toHead: true)
      #expect(reply.status == 400)
      #expect(try client.readToEnd() == [])
    }
  }

  @Test("a client that waits for leave to send its body gets it")
  func continuation() async throws {
    try await withServer { server in
      let client = try server.client()
      try client.send("POST /a HTTP/1.1\r\nHost: test\r\nExpect: 100-Continue\r\nContent-Length: 5\r\n\r\n")
      #expect(try client.reply().status == 100)
      try client.send("hello")
      #expect(try client.reply().text == "POST /a 127.0.0.1 plain hello")
    }
  }

  @Test("leave to send a body that is too large is refused at once")
  func refusedContinuation() async throws {
    try await withServer { server in
      let client = try server.client()
      try client.send("POST /a HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\nContent-Length: 65537\r\n\r\n")
      #expect(try client.reply().status == 413)
    }
  }

  @Test(
    "a client that ends in the middle of a request is told",
    arguments: [
      "GET / HT", "GET / HTTP/1.1\r\nHost: te", "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\nhell",
      "POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
    ])
  func incomplete(request: String) async throws {
    try await withServer { server in
      let client = try server.client()
      try client.send(request)
      client.halfClose()
      let reply = try client.reply()
      #expect(reply.status == 400)
      #expect(reply.text.contains("incomplete_request"))
      #expect(try client.readToEnd() == [])
    }
  }
}
