import HTTPTesting
import JSON
import Testing

extension ServiceClient {
  /// Waits until a session is over by itself, and answers it.
  fileprivate func whenClosed(_ session: String) throws -> HTTPReply {
    _ = try wait { try $0.send("GET", "/v2/sessions/\(session)")["state"]?.string == "closed" }
    return try send("GET", "/v2/sessions/\(session)")
  }
}

extension RunningProgramTests {
  @Suite struct SessionEndTests {
    /// What ends all sessions that a test has.
    enum End: CaseIterable {
      case close
      case logOut
      case deactivation
      case removal
      case passwordChange
      case reset
      case lifetime

      /// Ends the session, and answers once that was acknowledged.
      func apply(_ client: ServiceClient, account: Int64, session: String, token: String, other: String) throws {
        let path = "/v2/accounts/\(account)"
        let reply = try client.untilServed {
          switch self {
          case .close: try client.send("POST", "/v2/sessions/\(session)/close")
          case .logOut: try client.send("DELETE", "/v2/session", bearer: token)
          case .deactivation: try client.send("PATCH", path, #"{"active":false}"#)
          case .removal: try client.send("DELETE", path)
          case .passwordChange:
            try client.send(
              "POST", "/v2/password", #"{"current":"\#(ServiceClient.password)","new":"a walk by the river"}"#,
              bearer: other)
          case .reset: try client.send("PATCH", path, #"{"password":"a walk by the lake"}"#)
          case .lifetime: try client.whenClosed(session)
          }
        }
        try #require(reply.status == 200 || reply.status == 204, "\(self): \(reply.text)")
      }

      /// What is told to services.
      var reason: String {
        switch self {
        case .close: "revoked"
        case .logOut: "logout"
        case .lifetime: "lifetime"
        case .deactivation, .removal, .passwordChange, .reset: "account"
        }
      }
    }

    @Test(
      "an ended session is refused at once, as token, signed token and cookie, everywhere", arguments: End.allCases)
    func refused(end: End) async throws {
      let flags = end == .lifetime ? ["--set", "session.lifetime=2s", "--set", "session.sweep_interval=1d"] : []
      try await withProgram(flags) { program in
        let client = try program.client()
        try client.account("root", level: "A")
        let ann = try client.account("ann")
        let opened = try client.send("POST", "/v2/sessions", #"{"user_id":"\#(ann)","cookie":true}"#)
        let session = try #require(opened["session"]?["id"]?.string)
        let token = try #require(opened["token"]?.string)
        let cookie = ("Cookie", try #require(opened.cookie))
        let signed = try #require(try client.send("POST", "/v2/session/jwt", bearer: token)["jwt"]?.string)
        let other = end == .passwordChange ? try client.session(of: "ann").token : token

        if end != .lifetime {
          #expect(try statuses(client, token, signed, cookie) == [200, 200, 200, 200])
          for text in [token, signed] {
            #expect(try client.send("POST", "/v2/verify", #"{"token":"\#(text)"}"#)["active"]?.boolean == true)
          }
        }
        try end.apply(client, account: ann, session: session, token: token, other: other)
        for client in [client, try program.client(), try program.socketClient()] {
          #expect(try statuses(client, token, signed, cookie) == [401, 401, 401, 401])
          #expect(try client.send("GET", "/v2/session?fresh=true", bearer: token).status == 401)
          for text in [token, signed] {
            let verdict = try client.send("POST", "/v2/verify", #"{"token":"\#(text)"}"#)
            #expect(verdict["active"]?.boolean == false)
            #expect(verdict["session"] == nil && verdict["account"] == nil)
            // A signed token is never good for longer than its session may live, and says so itself.
            let isOver = text == signed && end == .lifetime
            #expect(isOver || verdict["close_reason"]?.string == end.reason, "\(verdict.text)")
          }
        }
        // Nothing brings it back: neither a restart, nor that the account is there again.
        program.kill()
        try program.start()
        let later = try program.client()
        if end == .deactivation {
          #expect(try later.send("PATCH", "/v2/accounts/\(ann)", #"{"active":true}"#).status == 200)
        }
        #expect(try statuses(later, token, signed, cookie) == [401, 401, 401, 401])
        #expect(try later.send("POST", "/v2/session/renew", bearer: token).status == 401)
      }
    }

    /// What the routes for users and for gateways say to the token and to the cookie.
    private func statuses(
      _ client: ServiceClient, _ token: String, _ signed: String, _ cookie: (String, String)
    ) throws -> [Int] {
      [
        try client.send("GET", "/v2/session", bearer: token).status,
        try client.send("GET", "/v2/session", fields: [cookie]).status,
        try client.send("GET", "/v2/forward-auth", bearer: token).status,
        try client.send("GET", "/v2/forward-auth", fields: [cookie]).status,
      ]
    }

    @Test("a signed token is no credential for a user's own routes")
    func signedTokens() async throws {
      try await withProgram { program in
        let client = try program.client()
        let (_, token) = try client.open()
        let signed = try #require(try client.send("POST", "/v2/session/jwt", bearer: token)["jwt"]?.string)
        #expect(try client.ownStatus(signed) == 401)
        #expect(try client.send("POST", "/v2/session/renew", bearer: signed).status == 401)
        #expect(
          try client.send("GET", "/v2/sessions", bearer: signed, fields: [("X-Forwarded-For", "203.0.113.9")]).status
            == 401)
      }
    }
  }
}
