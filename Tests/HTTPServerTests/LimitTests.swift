import HTTPMessages
import HTTPServer
import HTTPTesting
import Testing

@Suite struct LimitTests {
  private let head = "GET / HTTP/1.1\r\nHost: test\r\n"

  @Test("a request line may be 8 KiB long, and no longer")
  func requestLine() async throws {
    try await withServer { server in
      let room = 8192 - "GET / HTTP/1.1\r\n".utf8.count
      let longest = "GET /\(String(repeating: "a", count: room)) HTTP/1.1\r\nHost: test\r\n\r\n"
      let status1 = try server.status(of: longest)
      #expect(status1 == 200)
      let longer = "GET /\(String(repeating: "a", count: room + 1)) HTTP/1.1\r\nHost: test\r\n\r\n"
      let status2 = try server.status(of: longer)
      #expect(status2 == 414)
      let endless = try server.client()
      try endless.send("GET /" + String(repeating: "a", count: 100_000))
      #expect(try endless.reply().status == 414)
      #expect(try endless.readToEnd() == [])
    }
  }

  @Test("there may be 100 fields, and no more")
  func fieldCount() async throws {
    try await withServer { server in
      let fields = String(repeating: "a: b\r\n", count: 99)
      let status3 = try server.status(of: "\(head)\(fields)\r\n")
      #expect(status3 == 200)
      let status4 = try server.status(of: "\(head)\(fields)a: b\r\n\r\n")
      #expect(status4 == 431)
    }
  }

  @Test("the fields may be 32 KiB large, and no larger")
  func fieldsSize() async throws {
    try await withServer { server in
      let value = String(repeating: "b", count: 32_768 - "Host: test\r\n".utf8.count - "a: \r\n".utf8.count)
      let status5 = try server.status(of: "\(head)a: \(value)\r\n\r\n")
      #expect(status5 == 200)
      let status6 = try server.status(of: "\(head)a: \(value)b\r\n\r\n")
      #expect(status6 == 431)
      let endless = try server.client()
      try endless.send(head + "a: " + String(repeating: "b", count: 100_000))
      #expect(try endless.reply().status == 431)
    }
  }

  @Test("a body may be as long as the limit, and no longer", arguments: [0, 1, 10, 65_536])
  func bodySize(limit: Int) async throws {
    var limits = HTTPLimits()
    limits.bodySize = limit
    try await withServer(limits: limits) { server in
      let post = "POST / HTTP/1.1\r\nHost: test\r\n"
      let body = String(repeating: "a", count: limit)
      let reply = try server.client().exchange(post + "Content-Length: \(limit)\r\n\r\n" + body)
      #expect(reply.text == "POST / 127.0.0.1 plain " + body)
      // Refused before any of it is sent.
      let status7 = try server.status(of: "\(post)Content-Length: \(limit + 1)\r\n\r\n")
      #expect(status7 == 413)
    }
  }

  @Test("the size line and the trailer of chunks can't be endless", arguments: ["", "0\r\na: "])
  func endlessChunkLine(start: String) async throws {
    try await withServer { server in
      let client = try server.client()
      let endless = start + String(repeating: "0", count: 100_000)
      try client.send("POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n" + endless)
      #expect(try client.reply().status == 400)
    }
  }

  @Test(
    "a head that comes too slowly is answered with 408 and cut", arguments: ["G", "\r", "GET / HTTP/1.1\r\nHost: te"])
  func slowHead(start: String) async throws {
    var limits = HTTPLimits()
    limits.headTime = .milliseconds(100)
    try await withServer(limits: limits) { server in
      let client = try server.client()
      try client.send(start)
      let reply = try client.reply()
      #expect(reply.status == 408)
      #expect(reply.text.contains("head_timeout"))
      #expect(try client.readToEnd() == [])
    }
  }

  @Test("bytes that drip in don't buy more time")
  func drip() async throws {
    var limits = HTTPLimits()
    limits.headTime = .milliseconds(100)
    // However slow the machine, time must be what runs out first.
    limits.fieldCount = 1_000_000
    limits.fieldsSize = 8_000_000
    try await withServer(limits: limits) { server in
      let client = try server.client(timeout: .milliseconds(10))
      try client.send("GET / HTTP/1.1\r\nHost: test\r\n")
      var reply: HTTPReply?
      while reply == nil {
        try client.send("a: b\r\n")
        reply = try? client.reply()
      }
      #expect(reply?.status == 408)
    }
  }

  @Test(
    "a body that comes too slowly is answered with 408 and cut",
    arguments: [
      "Content-Length: 5\r\n\r\nhell", "Transfer-Encoding: chunked\r\n\r\n5\r\nhell", "Content-Length: 5\r\n\r\n",
    ])
  func slowBody(rest: String) async throws {
    var limits = HTTPLimits()
    limits.bodyTime = .milliseconds(100)
    try await withServer(limits: limits) { server in
      let client = try server.client()
      try client.send("POST / HTTP/1.1\r\nHost: test\r\n" + rest)
      let reply = try client.reply()
      #expect(reply.status == 408)
      #expect(reply.text.contains("body_timeout"))
      #expect(try client.readToEnd() == [])
    }
  }

  @Test("a client that doesn't take its answer is cut")
  func slowReader() async throws {
    var limits = HTTPLimits()
    limits.writeTime = .milliseconds(100)
    try await withServer(limits: limits) { server in
      let client = try server.client()
      client.shrinkReceiveBuffer()
      try client.send("GET /large HTTP/1.1\r\nHost: test\r\n\r\n")
      while server.server.count(of: .writeTimeout) == 0 { await Task.yield() }
      #expect(server.server.connectionCount == 0)
    }
  }

  @Test("an idle connection is closed without a word, and so is one that never speaks", arguments: [true, false])
  func idle(hasSpoken: Bool) async throws {
    var limits = HTTPLimits()
    limits.idleTime = .milliseconds(100)
    limits.headTime = .milliseconds(100)
    try await withServer(limits: limits) { server in
      let client = try server.client()
      if hasSpoken {
        let reply = try client.exchange("\(head)\r\n")
        #expect(reply.status == 200)
      }
      #expect(try client.readToEnd() == [])
      #expect(server.server.count(of: .headTimeout) == 0)
    }
  }

  @Test("a large answer does not keep its memory for the answers after it")
  func answerMemory() {
    var buffer = HTTPResponseBuffer()
    buffer.begin("HTTP/1.1 200 OK\r\n", contentLength: 1 << 20)
    buffer.beginBody()
    buffer.appendBody([UInt8](repeating: 0x61, count: 1 << 20))
    buffer.removeAll()
    #expect(buffer.bytes.capacity <= 256 << 10)
  }
}
