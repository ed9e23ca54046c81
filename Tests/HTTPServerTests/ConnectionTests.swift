import HTTPMessages
import HTTPServer
import HTTPTesting
import Testing

@Suite struct ConnectionTests {
  @Test("a thousand pipelined requests, fast and slow, are answered in order")
  func pipelining() async throws {
    try await withServer { server in
      let client = try server.client()
      let kinds = ["", "slow/", "slow/yield?"]
      var requests = ""
      for number in 0..<1000 { requests += "GET /\(kinds[number % 3])\(number) HTTP/1.1\r\nHost: test\r\n\r\n" }
      try client.send(requests)
      for number in 0..<1000 {
        let reply = try client.reply()
        #expect(reply.status == 200)
        #expect(reply.text == "GET /\(kinds[number % 3])\(number) 127.0.0.1 plain ")
      }
      #expect(server.server.connectionCount == 1)
    }
  }

  @Test("what has to be fetched is answered in its turn, and the slow path has what was fetched in vain")
  func fetching() async throws {
    try await withServer { server in
      let client = try server.client()
      let kinds = ["fetched/", "", "fetched/soon/", "fetched/never/", "slow/"]
      var requests = ""
      for number in 0..<1000 {
        requests += "POST /\(kinds[number % 5])\(number) HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\n\r\nbody"
      }
      try client.send(requests)
      for number in 0..<1000 {
        let reply = try client.reply()
        #expect(reply.status == 200)
        #expect(reply.text == "POST /\(kinds[number % 5])\(number) 127.0.0.1 plain body")
      }
    }
  }

  @Test("a client that hangs up while something is fetched for it leaves the server as it was")
  func fetchingForNobody() async throws {
    try await withServer { server in
      for number in 0..<100 {
        let client = try server.client()
        try client.send("GET /fetched/\(number) HTTP/1.1\r\nHost: test\r\n\r\n")
        client.reset()
      }
      let reply = try server.client().exchange("GET /fetched/last HTTP/1.1\r\nHost: test\r\n\r\n")
      #expect(reply.text == "GET /fetched/last 127.0.0.1 plain ")
    }
  }

  @Test("a connection is kept until the client says that it closes", arguments: ["/", "/slow"])
  func keepAlive(path: String) async throws {
    try await withServer { server in
      let client = try server.client()
      for _ in 0..<3 {
        let reply = try client.exchange("GET \(path) HTTP/1.1\r\nHost: test\r\n\r\n")
        #expect(reply.field("connection") == nil)
        #expect(reply.field("x-content-type-options") == "nosniff")
        #expect(reply.field("server") == nil)
        #expect(reply.field("date")?.hasSuffix(" GMT") == true)
      }
      let reply = try client.exchange("GET \(path) HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n")
      #expect(reply.field("connection") == "close")
      #expect(try client.readToEnd() == [])
    }
  }

  @Test("a client that ends with its request is answered, and its connection closed", arguments: ["/", "/slow"])
  func endWithRequest(path: String) async throws {
    var limits = HTTPLimits()
    limits.idleTime = .seconds(3600)
    try await withServer(limits: limits) { server in
      // The end may be there already when the request is read, or come later: many of both.
      for _ in 0..<20 {
        let client = try server.client()
        try client.send("GET \(path) HTTP/1.1\r\nHost: test\r\n\r\n")
        client.halfClose()
        #expect(try client.reply().status == 200)
        #expect(try client.readToEnd() == [])
      }
    }
  }

  @Test("HEAD tells the length of the body and leaves it out", arguments: ["/", "/slow"])
  func head(path: String) async throws {
    try await withServer { server in
      let client = try server.client()
      try client.send("HEAD \(path) HTTP/1.1\r\nHost: test\r\n\r\nGET \(path) HTTP/1.1\r\nHost: test\r\n\r\n")
      let head = try client.reply(toHead: true)
      #expect(head.field("content-length") == "\(" 127.0.0.1 plain ".utf8.count + path.utf8.count + 5)")
      #expect(try client.reply().text == "GET \(path) 127.0.0.1 plain ")
    }
  }

  @Test("204 has neither body nor length", arguments: ["/nothing", "/slow/nothing"])
  func noContent(path: String) async throws {
    try await withServer { server in
      let client = try server.client()
      #expect(try client.exchange("GET \(path) HTTP/1.1\r\nHost: test\r\n\r\n").status == 204)
      #expect(try client.exchange("GET / HTTP/1.1\r\nHost: test\r\n\r\n").status == 200)
    }
  }

  @Test("a body in many chunks is put together, up to the limit")
  func chunks() async throws {
    try await withServer { server in
      let client = try server.client()
      var request = "POST /slow HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n"
      for index in 0..<65_536 { request += index % 2 == 0 ? "1\r\na\r\n" : "01\r\nb\r\n" }
      try client.send(request + "0\r\n\r\nGET / HTTP/1.1\r\nHost: test\r\n\r\n")
      let expected = "POST /slow 127.0.0.1 plain " + String(repeating: "ab", count: 32_768)
      #expect(try client.reply().text == expected)
      #expect(try client.reply().status == 200)
      try client.send(request + "1\r\na\r\n0\r\n\r\n")
      #expect(try client.reply().status == 413)
    }
  }

  @Test("a large answer reaches a client that reads it, whole")
  func largeAnswer() async throws {
    try await withServer { server in
      let client = try server.client()
      let request = "GET /large HTTP/1.1\r\nHost: test\r\n\r\n"
      try client.send(request + request)
      for _ in 0..<2 { #expect(try client.reply().body.count == 8 << 20) }
    }
  }

  @Test("every loop serves the clients of the address that they share", arguments: [1, 2, 4])
  func threads(count: Int) async throws {
    try await withServer(threads: count) { server in
      let clients = try (0..<32).map { _ in try server.client() }
      for client in clients {
        #expect(try client.exchange("GET /slow HTTP/1.1\r\nHost: test\r\n\r\n").status == 200)
      }
      #expect(server.server.connectionCount == 32)
    }
  }

  @Test("a task comes back to its loop's thread, wherever it has waited")
  func executor() async throws {
    try await withServer { server in
      let client = try server.client()
      for _ in 0..<100 {
        let reply = try client.exchange("GET /slow/thread HTTP/1.1\r\nHost: test\r\n\r\n")
        #expect(reply.text == "http-0")
      }
    }
  }

  @Test("a client that hangs up before its answer harms nobody", arguments: ["/slow/wait", "/large"])
  func hangUp(path: String) async throws {
    let handler = TestHandler()
    try await withServer(handler: handler) { server in
      let client = try server.client()
      try client.send("GET \(path) HTTP/1.1\r\nHost: test\r\n\r\n")
      if path == "/slow/wait" { await handler.slowStarted.wait() }
      client.reset()
      handler.slowMayEnd.open()
      #expect(try server.client().exchange("GET / HTTP/1.1\r\nHost: test\r\n\r\n").status == 200)
      while server.server.connectionCount > 1 { await Task.yield() }
    }
  }

  @Test("further clients wait while all places are taken, and are served when one is free")
  func flood() async throws {
    var limits = HTTPLimits()
    limits.connections = 4
    try await withServer(threads: 2, limits: limits) { server in
      var clients = try (0..<4).map { _ in try server.client() }
      for client in clients {
        #expect(try client.exchange("GET / HTTP/1.1\r\nHost: test\r\n\r\n").status == 200)
      }
      let late = try (0..<20).map { _ in try server.client(timeout: .milliseconds(100)) }
      for client in late { try? client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n") }
      for client in late { #expect(throws: RawHTTPClientError.self) { try client.reply() } }
      #expect(server.server.connectionCount <= 4)
      clients.removeAll()
      var served = 0
      while served == 0 {
        served += late.count { (try? $0.reply().status) == 200 }
      }
      #expect(served > 0)
    }
  }
}
