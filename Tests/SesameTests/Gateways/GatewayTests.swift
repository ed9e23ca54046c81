import Glibc
import HTTPMessages
import HTTPTesting
import JSON
import Testing

extension RunningProgramTests {
  /// `/v2/forward-auth` behind the real proxies, each with the configuration that `docs/gateways` shows.
  @Suite struct GatewayTests {
    @Test("whoever holds a live session passes, with Sesame's word for who it is", arguments: ReverseProxy.allCases)
    func passes(proxy: ReverseProxy) async throws {
      try await withGateway(proxy) { world in
        let (id, token) = try world.program.client().open("ann é%")
        let identity = [["ann%20%C3%A9%25"], [id], []]
        let credentials = [("Authorization", "Bearer \(token)"), ("Cookie", "a=b; __Host-sesame=\(token)")]
        for credential in credentials {
          for (method, body) in [
            ("GET", nil), ("POST", #"{"a":1}"#), ("PUT", "{}"), ("PATCH", "{}"), ("DELETE", nil), ("OPTIONS", nil),
          ] {
            let seen = try world.passed(method, "/shop/?level=A&x=%2F", body, fields: [credential])
            #expect(seen.identity == identity)
            #expect(seen.method.rawValue == method && seen.path == Array("/shop/".utf8))
            #expect(seen.query == Array("level=A&x=%2F".utf8) && seen.body == Array((body ?? "").utf8))
          }
        }
        let chunked = try RawHTTPClient(port: world.proxy.port)
        try chunked.send(
          """
          POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer \(token)\r\nTransfer-Encoding: chunked\r\n\r\n\
          5\r\nhello\r\n0\r\n\r\n
          """)
        #expect(try chunked.reply().status == 200)
        #expect(world.application.seen.last?.body == Array("hello".utf8))
      }
    }

    @Test(
      "no credential, a bad one, and that of a session that has ended do not reach the application",
      arguments: ReverseProxy.allCases)
    func refuses(proxy: ReverseProxy) async throws {
      try await withGateway(proxy) { world in
        let direct = try world.program.client()
        let (_, live) = try direct.open()
        let (closedID, closed) = try direct.open()
        let (_, expired) = try direct.open("u1", #""lifetime":1"#)
        #expect(try direct.send("POST", "/v2/sessions/\(closedID)/close").status == 200)
        #expect(try direct.wait { try $0.ownStatus(expired) == 401 })
        let forged = String(live.dropLast()) + (live.last == "A" ? "B" : "A")
        let credentials: [[(name: String, value: String)]] = [
          [], [("Authorization", "Bearer \(closed)")], [("Authorization", "Bearer \(expired)")],
          [("Authorization", "Bearer \(forged)")], [("Authorization", "Bearer")],
          [("Authorization", "Bearer \(live) x")],
          [("Authorization", "Basic \(live)")], [("Cookie", "__Host-sesame=\(closed)")],
          [("Cookie", "__Host-sesame=\(expired)")], [("Cookie", "__host-sesame=\(live)")], [("Cookie", live)],
          [("Cookie", "__Host-sesame=\(live); __Host-sesame=\(live)")],
          [("Authorization", "Basic x"), ("Cookie", "__Host-sesame=\(live)")],
          [("X-Sesame-User", "root"), ("X-Sesame-Session", closedID), ("X-Sesame-Level", "A")],
        ]
        for credential in credentials {
          for (method, body) in [("GET", nil), ("POST", "{}"), ("OPTIONS", nil)] {
            let reply = try world.refused(method, "/", body, fields: credential)
            #expect(reply.status == 401, "\(credential): \(reply.status)")
            #expect(reply.field("www-authenticate") == "Bearer", "\(credential)")
            #expect(reply.field("set-cookie") == nil)
          }
        }
        _ = try world.passed(bearer: live)
        #expect(try world.program.client().send("DELETE", "/v2/session", bearer: live).status == 204)
        #expect(try world.refused(bearer: live).status == 401, "a log-out holds at once")
      }
    }

    @Test("what a client says of its own identity never reaches the application", arguments: ReverseProxy.allCases)
    func spoofing(proxy: ReverseProxy) async throws {
      try await withGateway(proxy) { world in
        let (id, token) = try world.program.client().open("ann")
        let names = ["X-Sesame-User", "X-Sesame-Session", "X-Sesame-Level"]
        let spellings: [(String) -> String] = [
          { $0 }, { $0.lowercased() }, { $0.uppercased() }, { $0.replacing("-", with: "_") },
          { $0.lowercased().replacing("-", with: "_") }, { $0.replacing("X-Sesame-", with: "X_Sesame-") },
          { $0.replacing("X-Sesame-", with: "X-Sesame_") },
          { $0.uppercased().replacing("X-SESAME-", with: "X-SESAME_") },
        ]
        for spelling in spellings {
          for copies in 1...2 {
            let spoofed = names.flatMap { name in
              Array(repeating: (name: spelling(name), value: "root"), count: copies)
            }
            #expect(
              try world.passed(bearer: token, fields: spoofed).identity == [["ann"], [id], []], "\(spoofed)")
            #expect(try world.passed("GET", "/public/", fields: spoofed).identity == [[], [], []], "\(spoofed)")
            #expect(try world.refused(fields: spoofed).status == 401, "\(spoofed)")
          }
        }
        // Named as fields of this hop alone, they must not take Sesame's word away.
        let hop = [("Connection", "x-sesame-user, X-Sesame-Session"), ("X-Sesame-User", "root")]
        #expect(try world.passed(bearer: token, fields: hop).identity == [["ann"], [id], []])
      }
    }

    @Test("without Sesame nobody passes", arguments: ReverseProxy.allCases)
    func failClosed(proxy: ReverseProxy) async throws {
      try await withGateway(proxy) { world in
        let (_, token) = try world.program.client().open()
        _ = try world.passed(bearer: token)
        world.program.process.send(SIGSTOP)
        // A stop is not instant: what is answered before it counts for nothing.
        var frozen = 200
        var before = 0
        while frozen == 200 {
          before = world.application.seen.count
          frozen = try world.client().send("GET", "/", bearer: token).status
        }
        #expect((500...504).contains(frozen), "\(frozen)")
        #expect(world.application.seen.count == before)
        world.program.process.send(SIGCONT)
        #expect(
          try world.program.client().wait { _ in try world.client().send("GET", "/", bearer: token).status == 200 })
        world.program.kill()
        for target in ["/", "/staff/"] {
          let status = try world.refused("GET", target, bearer: token).status
          #expect((500...504).contains(status), "\(status)")
        }
        _ = try world.passed("GET", "/public/")
      }
    }

    @Test(
      "a user reaches the own session through the proxy, and nobody a service's route", arguments: ReverseProxy.allCases
    )
    func ownRoutes(proxy: ReverseProxy) async throws {
      try await withGateway(proxy) { world in
        let (id, token) = try world.program.client().open("ann")
        let cookie = (name: "Cookie", value: "__Host-sesame=\(token)")
        let own = try world.refused("GET", "/v2/session", fields: [cookie])
        #expect(own["id"]?.string == id)
        let csrf = try #require(own["csrf_token"]?.string)
        let page = [cookie, ("Origin", "http://127.0.0.1:\(world.proxy.port)")]
        #expect(try world.refused("DELETE", "/v2/session", fields: [cookie]).status == 403)
        for (method, target, body) in [
          ("POST", "/v2/sessions", #"{"user_id":"root"}"#), ("GET", "/v2/sessions", nil),
          ("POST", "/v2/verify", #"{"token":"\#(token)"}"#), ("GET", "/v2/accounts", nil), ("GET", "/metrics", nil),
          ("GET", "/v2/session/../sessions", nil), ("GET", "/v2/sessions/\(id)", nil), ("GET", "/v2/events", nil),
          ("POST", "/sessions/open_session", #"{"user_id":"root"}"#),
        ] {
          let reply = try world.refused(method, target, body)
          // HAProxy refuses a path with dots to resolve.
          #expect(reply.status == 401 || reply.status == 400, "\(method) \(target): \(reply.status)")
          #expect(reply["session"] == nil && reply["sessions"] == nil)
        }
        #expect(try world.program.client().send("GET", "/v2/sessions?count=true")["count"]?.integer == 1)
        let proof = page + [("X-CSRF-Token", csrf)]
        #expect(try world.refused("DELETE", "/v2/session", fields: proof).status == 204)
        #expect(try world.refused(fields: [cookie]).status == 401)
      }
    }

    @Test("no spelling of a path gets around the rule for it", arguments: ReverseProxy.allCases)
    func paths(proxy: ReverseProxy) async throws {
      try await withGateway(proxy) { world in
        let (_, token) = try world.program.client().open("ann")
        for path in [
          "/staff/", "/staff/x", "//staff/x", "/./staff/x", "/a/../staff/x", "/public/../staff/x", "/st%61ff/x",
          "/%73taff/x", "/%2e/staff/x", "/a/%2e%2e/staff/x", "/public/%2E%2E/staff/x", "/public/..%2fstaff/x",
        ] {
          let status = try world.refused("GET", path, bearer: token).status
          #expect(status == 403 || status == 400, "\(path): \(status)")
        }
        for path in [
          "/public/../x", "/public/%2e%2e/x", "/public/./../x", "//public/../x", "/public/..%2fx", "/PUBLIC/../x",
        ] {
          let status = try world.refused("GET", path).status
          #expect(status == 401 || status == 400, "\(path): \(status)")
        }
        _ = try world.passed("GET", "/public/x")
      }
    }

    @Test("of many users at once each gets through as themselves", arguments: ReverseProxy.allCases)
    func manyUsers(proxy: ReverseProxy) async throws {
      try await withGateway(proxy) { world in
        let direct = try world.program.client()
        let users = try (0..<8).map { number in (name: "u\(number)", session: try direct.open("u\(number)")) }
        let port = world.proxy.port
        let statuses = try inParallel(users.count) { number in
          let client = try ServiceClient(port: port)
          return try (0..<50).map { _ in
            let user = users[(number + 1) % users.count]
            return try client.send("GET", "/\(user.name)", bearer: user.session.token).status
          }
        }
        #expect(statuses.flatMap(\.self).allSatisfy { $0 == 200 })
        #expect(world.application.seen.count == users.count * 50)
        for seen in world.application.seen {
          let name = String(decoding: seen.path.dropFirst(), as: UTF8.self)
          let user = try #require(users.first { $0.name == name })
          #expect(seen.identity == [[name], [user.session.id], []])
        }
      }
    }
  }
}
