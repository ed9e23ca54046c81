import HTTPTesting
import JSON
import Testing

extension RunningProgramTests {
  @Suite struct TrustTests {
    private static let opening = #"{"user_id":"ann"}"#

    @Test(
      "a page of another origin, and a name that is not known, get 403 on the service's endpoints",
      arguments: [
        ("Origin", "http://evil.test", "page_refused"), ("Origin", "null", "page_refused"),
        ("Sec-Fetch-Site", "cross-site", "page_refused"), ("Sec-Fetch-Site", "same-site", "page_refused"),
        ("Host", "rebound.test", "page_refused"),
      ])
    func pages(name: String, value: String, code: String) async throws {
      try await withProgram { program in
        let client = try program.client()
        for (method, target, body) in [
          ("POST", "/v2/sessions", Self.opening), ("GET", "/v2/sessions", nil),
          ("POST", "/v2/verify", #"{"token":"x"}"#),
        ] {
          let reply = try client.send(method, target, body, fields: [(name, value)])
          #expect(reply.status == 403 && reply["code"]?.string == code, "\(method) \(target)")
        }
        #expect(try client.send("POST", "/sessions/open_session", Self.opening, fields: [(name, value)]).status == 403)
        #expect(try client.send("GET", "/v2/sessions?count=true")["count"]?.integer == 0)
      }
    }

    @Test(
      "this machine's own programs and pages are let in",
      arguments: [
        [], [("Sec-Fetch-Site", "none")], [("Sec-Fetch-Site", "same-origin")], [("Host", "localhost")],
        [("Host", "sesame.localhost:1")], [("Host", "[::1]:8080")],
        [("Host", "localhost:8080"), ("Origin", "http://localhost:8080")],
      ])
    func ownPages(fields: [(name: String, value: String)]) async throws {
      try await withProgram { program in
        let reply = try program.client().send("POST", "/v2/sessions", Self.opening, fields: fields)
        #expect(reply.status == 201)
      }
    }

    @Test(
      "what came through a proxy that nobody named is not of this machine",
      arguments: [
        ("X-Forwarded-For", "127.0.0.1"), ("X-Forwarded-For", "::1"), ("Forwarded", "for=127.0.0.1"), ("Via", "1.1 x"),
        ("X-Real-IP", "127.0.0.1"), ("X-Forwarded-Host", "localhost"), ("X-Forwarded-Proto", "https"),
      ])
    func proxies(name: String, value: String) async throws {
      try await withProgram { program in
        for client in [try program.client(), try program.socketClient()] {
          let reply = try client.send("POST", "/v2/sessions", Self.opening, fields: [(name, value)])
          #expect(reply.status == 401 && reply["code"]?.string == "unauthorized")
          #expect(reply.field("www-authenticate") == "Bearer")
        }
      }
    }

    @Test("a user's own endpoints are open to everybody who has the token")
    func ownEndpoints() async throws {
      try await withProgram { program in
        let client = try program.client()
        let (_, token) = try client.open()
        for fields in [
          [("X-Forwarded-For", "203.0.113.9")], [("Host", "app.example")],
          [("Origin", "https://app.example"), ("Sec-Fetch-Site", "cross-site")],
        ] {
          let reply = try client.send("GET", "/v2/session", bearer: token, fields: fields)
          #expect(reply.status == 200)
          #expect(try client.send("GET", "/v2/session", fields: fields).status == 401)
        }
      }
    }

    @Test("a configured proxy's word counts, up to the first address that is none")
    func configuredProxy() async throws {
      let flags = [
        "--set", "server.trusted_proxies=127.0.0.1,192.0.2.0/24", "--set", "server.trusted_networks=10.0.0.0/8",
      ]
      try await withProgram(flags) { program in
        let client = try program.client()
        func status(_ chain: String) throws -> Int {
          try client.send("POST", "/v2/sessions", Self.opening, fields: [("X-Forwarded-For", chain)]).status
        }
        #expect(try status("10.1.2.3") == 201)
        #expect(try status("203.0.113.9") == 401)
        #expect(try status("10.1.2.3, 203.0.113.9") == 401, "what stands before a stranger is the stranger's word")
        #expect(try status("203.0.113.9, 10.1.2.3, 192.0.2.7") == 201)
        #expect(try status("nonsense") == 401)
        #expect(try client.send("POST", "/v2/sessions", Self.opening).status == 401, "a proxy is no caller")
        #expect(try program.socketClient().send("POST", "/v2/sessions", Self.opening).status == 201)
      }
    }

    @Test("an allowed host is let in by its name")
    func allowedHost() async throws {
      try await withProgram(["--set", "server.allowed_hosts=sessions.internal.example"]) { program in
        let client = try program.client()
        func status(_ host: String) throws -> Int {
          try client.send("POST", "/v2/sessions", Self.opening, fields: [("Host", host)]).status
        }
        #expect(try status("sessions.internal.example:8080") == 201)
        #expect(try status("SESSIONS.internal.example") == 201)
        #expect(try status("x.sessions.internal.example") == 403)
      }
    }
  }
}
