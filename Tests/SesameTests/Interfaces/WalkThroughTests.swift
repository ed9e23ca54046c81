import HTTPTesting
import JSON
import Testing

extension RunningProgramTests {
  @Suite struct WalkThroughTests {
    /// How a caller reaches the server.
    enum Way: CaseIterable {
      case tcp
      case socket

      func client(of program: RunningProgram) throws -> ServiceClient {
        self == .tcp ? try program.client() : try program.socketClient()
      }
    }

    @Test("a session is opened, verified, filled, listed, renewed and logged out of", arguments: Way.allCases)
    func life(way: Way) async throws {
      try await withProgram { program in
        let client = try way.client(of: program)
        let opened = try client.send(
          "POST", "/v2/sessions", #"{"user_id":"ann","user_name":"Ann","client":"phone","data":{"cart":[1]}}"#)
        #expect(opened.status == 201)
        let id = try #require(opened["session"]?["id"]?.string)
        let token = try #require(opened["token"]?.string)
        #expect(token.hasPrefix("sst_") && token.utf8.count == 76)
        #expect(opened.field("location") == "/v2/sessions/\(id)")

        let own = try client.send("GET", "/v2/session", bearer: token)
        #expect(own.status == 200 && own["user_id"]?.string == "ann" && own["state"]?.string == "open")
        let verified = try client.send("POST", "/v2/verify", #"{"token":"\#(token)"}"#)
        #expect(verified["active"]?.boolean == true && verified["session"]?["id"]?.string == id)

        let changed = try client.send(
          "PATCH", "/v2/sessions/\(id)", #"{"data":{"cart":[1,2],"step":"pay"}}"#,
          fields: [("If-Match", try #require(opened.field("etag")))])
        #expect(changed.status == 200 && changed["data"]?.text.description == #"{"cart":[1,2],"step":"pay"}"#)
        let late = try client.send(
          "PATCH", "/v2/sessions/\(id)", #"{"data":{"cart":null}}"#,
          fields: [("If-Match", try #require(opened.field("etag")))])
        #expect(late.status == 412 && late["code"]?.string == "revision_mismatch")

        let second = try client.open("ann", #""client":"laptop""#)
        let list = try client.send("GET", "/v2/sessions?user_id=ann&state=open&count=true")
        #expect(list["count"]?.integer == 2)
        #expect(list["sessions"]?.elements.compactMap { $0["id"]?.string } == [second.id, id])
        let mine = try client.send("GET", "/v2/session/mine", bearer: token)
        #expect(mine["sessions"]?.elements.map { $0["current"]?.boolean } == [false, true])

        let renewed = try client.send("POST", "/v2/session/renew", bearer: token)
        let next = try #require(renewed["token"]?.string)
        #expect(renewed["session"]?["generation"]?.integer == 1 && next != token)
        #expect(try client.send("POST", "/v2/session/renew", bearer: token)["token"]?.string == next)
        #expect(try client.ownStatus(next) == 200)

        #expect(try client.send("DELETE", "/v2/session/others", bearer: next)["count"]?.integer == 1)
        #expect(try client.ownStatus(second.token) == 401)
        #expect(try client.send("DELETE", "/v2/session", bearer: next).status == 204)
        for former in [token, next] { #expect(try client.ownStatus(former) == 401) }
        let closed = try client.send("GET", "/v2/sessions/\(id)")
        #expect(closed["state"]?.string == "closed" && closed["close_reason"]?.string == "logout")
      }
    }

    @Test("what one way opened, the other verifies, and both see it end")
    func ways() async throws {
      try await withProgram { program in
        let (tcp, socket) = (try program.client(), try program.socketClient())
        let (id, token) = try socket.open()
        #expect(try tcp.ownStatus(token) == 200)
        #expect(try tcp.send("POST", "/v2/sessions/\(id)/close", #"{"reason":"account"}"#).status == 200)
        #expect(try socket.ownStatus(token) == 401)
        let verdict = try socket.send("POST", "/v2/verify", #"{"token":"\#(token)"}"#)
        #expect(verdict["active"]?.boolean == false && verdict["close_reason"]?.string == "account")
      }
    }

    @Test("everything is there after a restart, and memory forgets as it says", arguments: ["sqlite", "memory"])
    func restart(store: String) async throws {
      try await withProgram(["--store", store]) { program in
        let (id, token) = try program.client().open("ann", #""data":{"a":"ü\u0001"},"user":[null]"#)
        let before = try program.client().send("GET", "/v2/sessions/\(id)")
        #expect(program.stop() == 0)
        try program.start()
        let client = try program.client()
        if store == "sqlite" {
          #expect(try client.send("GET", "/v2/sessions/\(id)").text == before.text)
          #expect(try client.ownStatus(token) == 200)
        } else {
          #expect(try client.send("GET", "/v2/sessions/\(id)").status == 404)
          #expect(try client.ownStatus(token) == 401)
        }
      }
    }

    @Test("a session cookie opens the session, and changes by it need proof")
    func cookie() async throws {
      try await withProgram { program in
        let client = try program.client()
        let opened = try client.send("POST", "/v2/sessions", #"{"user_id":"ann","cookie":true}"#)
        let set = try #require(opened.field("set-cookie"))
        #expect(set.hasPrefix("__Host-sesame=sst_"))
        for attribute in ["Path=/", "Secure", "HttpOnly", "SameSite=Lax"] { #expect(set.contains("; \(attribute)")) }
        #expect(!set.contains("Domain"))
        let pair = ("Cookie", String(set.prefix { $0 != ";" }))
        let own = try client.send("GET", "/v2/session", fields: [pair])
        let proof = try #require(own["csrf_token"]?.string)
        let page = [pair, ("Origin", "http://127.0.0.1:\(program.port)")]
        #expect(try client.send("DELETE", "/v2/session", fields: [pair]).status == 403)
        #expect(try client.send("DELETE", "/v2/session", fields: page).status == 403)
        #expect(
          try client.send(
            "DELETE", "/v2/session", fields: [pair, ("Origin", "http://evil.test"), ("X-CSRF-Token", proof)]
          )
          .status == 403)
        let out = try client.send("DELETE", "/v2/session", fields: page + [("X-CSRF-Token", proof)])
        #expect(out.status == 204 && out.field("set-cookie")?.contains("Max-Age=0") == true)
        #expect(try client.send("GET", "/v2/session", fields: [pair]).status == 401)
      }
    }

    @Test("settings of cookies reach the cookies")
    func cookieSettings() async throws {
      let flags = ["--set", "cookie.name=trial", "--set", "cookie.secure=false", "--set", "cookie.same_site=strict"]
      try await withProgram(flags) { program in
        let client = try program.client()
        let set = try #require(
          try client.send("POST", "/v2/sessions", #"{"user_id":"ann","cookie":true}"#).field("set-cookie"))
        #expect(set.hasPrefix("trial=sst_") && set.contains("SameSite=Strict") && !set.contains("Secure"))
      }
    }

    @Test("a limit of live sessions holds under parallel openings")
    func liveLimit() async throws {
      try await withProgram(["--set", "session.live_limit=5", "--set", "session.live_overflow=deny"]) { program in
        let port = program.port
        let statuses = try inParallel(8) { _ in
          let client = try ServiceClient(port: port)
          return try (0..<5).map { _ in try client.send("POST", "/v2/sessions", #"{"user_id":"ann"}"#).status }
        }.flatMap(\.self)
        #expect(statuses.count { $0 == 201 } == 5)
        #expect(statuses.count { $0 == 409 } == 35)
        let list = try program.client().send("GET", "/v2/sessions?user_id=ann&state=open&count=true")
        #expect(list["count"]?.integer == 5)
      }
    }

    @Test("parallel renewals make one step and get one token")
    func renewals() async throws {
      try await withProgram { program in
        let (_, token) = try program.client().open()
        let port = program.port
        let tokens = try inParallel(16) { _ in
          try ServiceClient(port: port).send("POST", "/v2/session/renew", bearer: token)["token"]?.string
        }
        let next = try #require(tokens.first ?? nil)
        #expect(tokens.allSatisfy { $0 == next })
        program.kill()
        try program.start()
        let again = try program.client().send("POST", "/v2/session/renew", bearer: token)
        #expect(again["token"]?.string == next, "a lost answer can be fetched after a restart too")
        #expect(again["session"]?["generation"]?.integer == 1)
      }
    }
  }
}
