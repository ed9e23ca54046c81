import HTTPTesting
import JSON
import Testing

extension RunningProgramTests {
  @Suite struct ScriptedDayTests {
    /// What the log should say of one thing that was done.
    private struct Line: Equatable, CustomStringConvertible {
      let type: String
      let actor: String
      let reason: String?
      let subject: String?

      init(_ type: String, _ actor: String, _ reason: String? = nil, of subject: String?) {
        (self.type, self.actor, self.reason, self.subject) = (type, actor, reason, subject)
      }

      /// The subject is the session if there is one, else the user, else the key.
      init(_ line: LoggedLine) {
        self.init(
          line.type, line.actor, line.reason, of: line.session ?? line.user ?? line.key.map { "key \($0)" })
      }

      var description: String { "\(type) \(actor) \(reason ?? "-") \(subject ?? "-")" }
    }

    /// A day, and what the log should say of it.
    private struct Day {
      let client: ServiceClient
      let program: RunningProgram
      let world: IssuerWorld
      var lines: [Line] = []
      private let river = #"{"current":"\#(ServiceClient.password)","new":"a walk by the river"}"#

      init(_ program: RunningProgram, _ world: IssuerWorld) throws {
        self.program = program
        self.world = world
        client = try program.client()
      }

      private mutating func note(_ type: String, _ actor: String, _ reason: String? = nil, of subject: String?) {
        lines.append(Line(type, actor, reason, of: subject))
      }

      /// Sessions: opened, verified, changed, renewed, closed in every way.
      mutating func sessions() throws {
        let (one, token) = try client.open("u1")
        note("session.opened", "service", of: one)
        _ = try client.send("POST", "/v2/verify", #"{"token":"\#(token)"}"#)
        _ = try client.ownStatus(token)
        _ = try client.send("PATCH", "/v2/sessions/\(one)", #"{"data":{"a":1}}"#)
        note("session.changed", "service", of: one)
        let next = try #require(try client.send("POST", "/v2/session/renew", bearer: token)["token"]?.string)
        note("session.renewed", "user", of: one)
        _ = try client.send("POST", "/v2/session/jwt", bearer: next)
        #expect(try client.send("POST", "/v2/session/renew", bearer: token).status == 401)
        note("session.closed", "policy", "reuse", of: one)
        _ = try client.send("POST", "/v2/sessions/\(one)/close")

        var kept: [String] = []
        for number in 0..<3 {
          kept.append(try client.open("u2").id)
          if number == 2 { note("session.closed", "policy", "evicted", of: kept[0]) }
          note("session.opened", "service", of: kept.last)
        }
        _ = try client.send("POST", "/v2/sessions/\(kept[1])/close", #"{"reason":"account"}"#)
        note("session.closed", "service", "account", of: kept[1])
        _ = try client.send("DELETE", "/v2/sessions/\(kept[1])")
        note("session.removed", "service", of: kept[1])
        _ = try client.send("DELETE", "/v2/sessions/\(kept[2])")
        note("session.closed", "service", "revoked", of: kept[2])
        note("session.removed", "service", of: kept[2])

        let (out, outToken) = try client.open("u3")
        note("session.opened", "service", of: out)
        _ = try client.send("DELETE", "/v2/session", bearer: outToken)
        note("session.closed", "user", "logout", of: out)
        let (filtered, _) = try client.open("u4")
        note("session.opened", "service", of: filtered)
        _ = try client.send("POST", "/v2/sessions/close", #"{"filter":{"user_id":"u4"},"dry_run":true}"#)
        _ = try client.send("POST", "/v2/sessions/close", #"{"filter":{"user_id":"u4"}}"#)
        note("session.closed", "service", "revoked", of: filtered)

        let (short, _) = try client.open("u5", #""idle_timeout":1"#)
        note("session.opened", "service", of: short)
        try program.waitForLog("reaper.closed")
        note("session.closed", "reaper", "idle", of: short)
      }

      /// Accounts, and log-ins good and bad.
      mutating func logins() throws {
        try client.account("root", level: "A")
        note("account.created", "service", of: "1")
        try client.account("ann")
        note("account.created", "service", of: "2")
        _ = try client.send("POST", "/v2/accounts", #"{"email":"ann@example.org"}"#)
        let (first, token) = try client.session(of: "ann")
        note("session.opened", "user", of: first)
        note("login.succeeded", "user", "password", of: first)
        let again = try client.logIn("ann", bearer: token)
        let (second, secondToken) = (again["session"]?["id"]?.string, again["token"]?.string)
        note("session.opened", "user", of: second)
        note("session.closed", "user", "logout", of: first)
        note("login.succeeded", "user", "password", of: second)
        _ = try client.logIn("ann", "another one")
        note("login.refused", "user", "wrong_password", of: "2")
        _ = try client.logIn("nobody")
        note("login.refused", "user", "unknown_account", of: nil)
        _ = try client.send("POST", "/v2/login", #"{"email":"no address","password":"x"}"#)

        let third = try client.session(of: "ann").id
        note("session.opened", "user", of: third)
        note("login.succeeded", "user", "password", of: third)
        let wrong = #"{"current":"another one","new":"a walk by the river"}"#
        #expect(
          try client.untilServed { try client.send("POST", "/v2/password", wrong, bearer: secondToken) }.status == 403)
        note("login.refused", "user", "wrong_password", of: second)
        let weak = #"{"current":"\#(ServiceClient.password)","new":"password"}"#
        #expect(try client.send("POST", "/v2/password", weak, bearer: secondToken).status == 400)
        #expect(
          try client.untilServed { try client.send("POST", "/v2/password", river, bearer: secondToken) }.status == 200)
        note("account.password_changed", "user", of: "2")
        note("session.renewed", "user", of: second)
        note("session.closed", "user", "account", of: third)

        _ = try client.untilServed { try client.send("PATCH", "/v2/accounts/2", #"{"password":"a walk by the lake"}"#) }
        note("account.password_changed", "service", of: "2")
        note("session.closed", "service", "account", of: second)
        _ = try client.send("PATCH", "/v2/accounts/2", #"{"name":"Ann","level":"C"}"#)
        note("account.changed", "service", of: "2")
        _ = try client.send("PATCH", "/v2/accounts/1", #"{"level":"U"}"#)
        let fourth = try client.session(of: "ann", "a walk by the lake").id
        note("session.opened", "user", of: fourth)
        note("login.succeeded", "user", "password", of: fourth)
        _ = try client.send("PATCH", "/v2/accounts/2", #"{"active":false}"#)
        note("account.changed", "service", of: "2")
        note("session.closed", "service", "account", of: fourth)
        _ = try client.logIn("ann", "a walk by the lake")
        note("login.refused", "user", "inactive", of: "2")
        _ = try client.send("DELETE", "/v2/accounts/2")
        note("account.removed", "service", of: "2")
      }

      /// Id tokens, and keys.
      mutating func tokensAndKeys() throws {
        let enrolled = try client.logIn(idToken: world.token())
        let (id, session) = (enrolled["account"]?["id"]?.integer ?? 0, enrolled["session"]?["id"]?.string)
        note("account.created", "policy", of: "\(id)")
        note("session.opened", "user", of: session)
        note("login.succeeded", "user", "oidc", of: session)
        _ = try client.logIn(idToken: world.token())
        note("login.refused", "user", "id_token_used", of: "\(id)")
        _ = try client.logIn(idToken: world.token("ann", ["aud": #""them""#]))
        note("login.refused", "user", "id_token_audience", of: nil)
        _ = try client.logIn(idToken: Array("x.y.z".utf8))
        note("login.refused", "user", "id_token_malformed", of: nil)
        _ = try client.send("DELETE", "/v2/accounts/\(id)")
        note("account.changed", "service", of: "\(id)")
        note("session.closed", "service", "account", of: session)
        note("account.removed", "service", of: "\(id)")

        let made = try client.send("POST", "/v2/keys", #"{"name":"shop","scopes":["sessions:write"]}"#)
        note("key.created", "service", of: "key 1")
        let key = try #require(made["secret"]?.string)
        let opened = try client.send("POST", "/v2/sessions", #"{"user_id":"u6"}"#, bearer: key)
        note("session.opened", "service", of: opened["session"]?["id"]?.string)
        #expect(try client.send("GET", "/v2/events", bearer: key).status == 403)
        _ = try client.send("DELETE", "/v2/keys/1")
        note("key.revoked", "service", of: "key 1")
        _ = try client.send("DELETE", "/v2/keys/1")
        #expect(try client.send("POST", "/v2/sessions", #"{"user_id":"u6"}"#, bearer: key).status == 401)
      }
    }

    @Test("after a day of everything the log is the list of what was done, and of nothing else")
    func day() async throws {
      let world = try IssuerWorld()
      let flags = [
        "--set", "session.renewal_grace=0s", "--set", "session.live_limit=2", "--set", "session.sweep_interval=1s",
        "--set", "login.enrolment=on",
      ]
      try await withProgram(world.settings() + flags) { program in
        var day = try Day(program, world)
        try day.sessions()
        try day.logins()
        try day.tokensAndKeys()
        let told = try day.client.events()
        let lines = told.map { Line($0) }
        for (number, pair) in zip(lines, day.lines).enumerated() {
          #expect(pair.0 == pair.1, "entry \(number)")
        }
        #expect(lines.count == day.lines.count, "\(lines.dropFirst(day.lines.count))")
        for line in told where line.actor == "service" || line.actor == "user" {
          #expect(line.request != nil && line.text.contains(#""address":"127.0.0.1""#), "\(line)")
        }
        for secret in [ServiceClient.password, "a walk by the", "sst_", "ssk_", "eyJ"] {
          #expect(!told.contains { $0.text.contains(secret) }, "\(secret)")
        }
        program.kill()
        try program.start()
        #expect(try program.client().events() == told, "and it stays so")
      }
    }
  }
}
