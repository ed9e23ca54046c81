import HTTPTesting
import JSON
import Testing

extension RunningProgramTests {
  @Suite struct PasswordLoginTests {
    @Test("a password opens a session, and what was shown before it is worth nothing afterwards")
    func fixation() async throws {
      try await withProgram { program in
        let client = try program.client()
        let ann = try client.account("ann")
        let first = try client.logIn("ann", bearer: "sst_invented")
        #expect(first.status == 201 && first["account"]?["id"]?.integer == ann)
        let one = try #require(first["token"]?.string)
        let second = try client.logIn("ann", bearer: one)
        let two = try #require(second["token"]?.string)
        #expect(one != two && first["session"]?["id"]?.string != second["session"]?["id"]?.string)
        #expect(try client.ownStatus(one) == 401, "the session from before the log-in is over")
        #expect(try client.ownStatus(two) == 200)

        let (_, strange) = try client.open("mallory")
        let victim = try client.logIn("ann", bearer: strange)
        #expect(try client.ownStatus(strange) == 401, "and so is one that somebody else had opened")
        #expect(victim["session"]?["user_id"]?.string == "\(ann)")

        let kept = try #require(victim["token"]?.string)
        let wrong = try client.logIn("ann", "another password", bearer: kept)
        #expect(wrong.status == 401 && wrong["code"]?.string == "login_refused")
        #expect(try client.ownStatus(kept) == 200, "a log-in that is refused ends nothing")
      }
    }

    @Test("a cookie from before the log-in is replaced by one that is new")
    func cookieFixation() async throws {
      try await withProgram { program in
        let client = try program.client()
        try client.account("ann")
        let page = [("Origin", "http://127.0.0.1:\(program.port)")]
        let planted = try client.send("POST", "/v2/sessions", #"{"user_id":"mallory","cookie":true}"#)
        let old = ("Cookie", try #require(planted.cookie))
        let reply = try client.logIn("ann", fields: [])
        #expect(reply.field("set-cookie") == nil, "nobody gets a cookie who did not ask")
        let asked = try client.logIn("ann", ServiceClient.password, #""cookie":true"#, fields: page + [old])
        #expect(asked.status == 201 && asked["token"] == nil)
        let new = ("Cookie", try #require(asked.cookie))
        #expect(new.1 != old.1)
        #expect(try client.send("GET", "/v2/session", fields: [old]).status == 401)
        let own = try client.send("GET", "/v2/session", fields: [new])
        #expect(own.status == 200 && own["csrf_token"]?.string == asked["csrf_token"]?.string)
      }
    }

    @Test("every change of privilege gives another token, and the one before opens nothing")
    func newTokens() async throws {
      try await withProgram { program in
        let client = try program.client()
        try client.account("ann")
        var tokens = [try client.session(of: "ann").token]
        let (_, elsewhere) = try client.session(of: "ann")
        let changed = try client.untilServed {
          try client.send(
            "POST", "/v2/password", #"{"current":"\#(ServiceClient.password)","new":"a walk by the river"}"#,
            bearer: tokens[0])
        }
        #expect(changed.status == 200)
        tokens.append(try #require(changed["token"]?.string))
        #expect(try client.ownStatus(tokens[0]) == 401, "without a time of grace")
        #expect(try client.ownStatus(elsewhere) == 401)
        #expect(try client.send("POST", "/v2/session/renew", bearer: tokens[0]).status == 401)
        #expect(try client.logIn("ann").status == 401, "the old password is no good")
        let again = try client.logIn("ann", "a walk by the river", bearer: tokens.last)
        tokens.append(try #require(again["token"]?.string))
        #expect(Set(tokens).count == 3)
        #expect(try tokens.map { try client.ownStatus($0) } == [401, 401, 200])
      }
    }

    @Test("a level is what it is now, for every session's next request, at each place that tells it")
    func levels() async throws {
      try await withProgram { program in
        let client = try program.client()
        try client.account("root", level: "A")
        let ann = try client.account("ann", level: "U")
        let (_, token) = try client.session(of: "ann")
        let (_, other) = try client.session(of: "ann")
        for level in ["C", "I", "T", "A", "U"] {
          #expect(try client.send("PATCH", "/v2/accounts/\(ann)", #"{"level":"\#(level)"}"#).status == 200)
          for token in [token, other] {
            #expect(try client.send("GET", "/v2/forward-auth", bearer: token).field("x-sesame-level") == level)
            let needs = try client.send("GET", "/v2/forward-auth?level=T", bearer: token)
            #expect(needs.status == (["T", "A"].contains(level) ? 200 : 403), "\(level)")
            let verdict = try client.send("POST", "/v2/verify", #"{"token":"\#(token)"}"#)
            #expect(verdict["account"]?["level"]?.string == level)
            let signed = try #require(try client.send("POST", "/v2/session/jwt", bearer: token)["jwt"]?.string)
            #expect(
              try client.send("POST", "/v2/verify", #"{"token":"\#(signed)"}"#)["account"]?["level"]?.string == level)
          }
        }
      }
    }

    @Test("whatever is wrong with a log-in, the answer is one text, and the log has the cause")
    func oneAnswer() async throws {
      try await withProgram { program in
        let client = try program.client()
        try client.account("root", level: "A")
        try client.account("ann")
        let off = try client.account("off")
        _ = try client.send("PATCH", "/v2/accounts/\(off)", #"{"active":false}"#)
        _ = try client.send("POST", "/v2/accounts", #"{"email":"linked@example.org"}"#)
        let start = try #require(try client.events().last).cursor
        let fields = [("X-Request-Id", "r")]
        let texts = try [
          ("ann", "another password"), ("nobody", "another password"), ("off", ServiceClient.password),
          ("linked", "another password"), ("off", "another password"),
        ].map { name, password in
          let reply = try client.logIn(name, password, fields: fields)
          #expect(reply.status == 401)
          return reply.text
        }
        #expect(Set(texts).count == 1, "\(texts)")
        let told = try client.events(after: "\(start)")
        #expect(told.map(\.type) == Array(repeating: "login.refused", count: 5))
        #expect(told.map(\.reason) == ["wrong_password", "unknown_account", "inactive", "no_password", "inactive"])
      }
    }
  }
}

extension HTTPReply {
  /// The name and value of the cookie that is set, as a browser sends them back.
  var cookie: String? { field("set-cookie").map { String($0.prefix { $0 != ";" }) } }
}
