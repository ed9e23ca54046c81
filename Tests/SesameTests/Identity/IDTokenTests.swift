import HTTPTesting
import IdentityTesting
import IdentityTokens
import JSON
import Testing

extension RunningProgramTests {
  @Suite struct IDTokenTests {
    @Test("no forged, foreign or malformed id token opens a session; clients are told nothing, the log everything")
    func forged() async throws {
      let rsa = IssuerKeyPair(.rs256, id: "key-rsa")
      let world = try IssuerWorld(others: [rsa])
      // Everybody would get an account, and each token comes from an address of its own, so that all are told.
      let flags = ["--set", "login.enrolment=on", "--set", "server.trusted_proxies=127.0.0.1"]
      try await withProgram(world.settings() + flags) { program in
        let (client, service) = (try program.client(), try program.socketClient())
        try service.account(of: "ann", at: world)
        #expect(try client.logIn(idToken: world.token()).status == 201, "a good token is good")
        #expect(try client.logIn(idToken: rsa.token(world.claims(["sub": #""bob""#]))).status == 201)
        var start = try #require(try service.events().last).cursor
        let sessions = try #require(try service.send("GET", "/v2/sessions?count=true")["count"]?.integer)
        var texts: Set<String> = []
        for (index, forged) in ForgedIDToken.all(world, rsa: rsa).enumerated() {
          let text = String(decoding: forged.token, as: UTF8.self)
          let reply = try client.send(
            "POST", "/v2/login", #"{"id_token":"\#(text)"}"#,
            fields: [("X-Forwarded-For", "198.51.100.\(index % 250)"), ("X-Request-Id", "r")])
          #expect(reply.status == 401, "\(forged.name)")
          texts.insert(reply.text)
          let told = try service.events(after: "\(start)")
          #expect(told.map(\.type) == ["login.refused"], "\(forged.name)")
          #expect(told.map(\.reason) == [forged.cause], "\(forged.name)")
          start = told.last?.cursor ?? start
        }
        #expect(texts.count == 1, "\(texts)")
        #expect(try service.send("GET", "/v2/sessions?count=true")["count"]?.integer == sessions)
        #expect(try service.send("GET", "/v2/accounts?count=true")["count"]?.integer == 2)
      }
    }

    @Test("a nonce that was asked for must be there, and be that one")
    func nonce() async throws {
      let world = try IssuerWorld()
      try await withProgram(world.settings()) { program in
        let client = try program.client()
        try client.account(of: "ann", at: world)
        let start = try #require(try client.events().last).cursor
        for (id, claim) in [nil, #""other""#, #""""#, "1"].enumerated() {
          let reply = try client.logIn(idToken: world.token(id: id, ["nonce": claim]), #""nonce":"n1""#)
          #expect(reply.status == 401 && reply["code"]?.string == "login_refused")
        }
        #expect(
          try client.events(after: "\(start)").map(\.reason) == [
            "id_token_nonce", "id_token_nonce", "id_token_nonce", "id_token_claims",
          ])
        #expect(try client.logIn(idToken: world.token(id: 9, ["nonce": #""n1""#]), #""nonce":"n1""#).status == 201)
      }
    }

    @Test("of 100 parallel posts of one id token exactly one opens a session")
    func replay() async throws {
      let world = try IssuerWorld()
      try await withProgram(world.settings() + ["--threads", "2"]) { program in
        let client = try program.client()
        let ann = try client.account(of: "ann", at: world)
        let start = try #require(try client.events().last).cursor
        let port = program.port
        let token = world.token()
        let statuses = try inParallel(100) { _ in try ServiceClient(port: port).logIn(idToken: token).status }
        #expect(statuses.count { $0 == 201 } == 1 && statuses.count { $0 == 401 } == 99)
        #expect(try client.send("GET", "/v2/sessions?user_id=\(ann)&count=true")["count"]?.integer == 1)
        let told = try client.events(after: "\(start)")
        #expect(told.count { $0.type == "login.succeeded" && $0.reason == "oidc" } == 1)
        #expect(told.count { $0.type == "login.refused" && $0.reason == "id_token_used" } == 99)
        #expect(told.count == 101, "and one opening")
        program.kill()
        try program.start()
        #expect(try program.client().logIn(idToken: token).status == 401, "nor does a restart make it good again")
      }
    }

    @Test("parallel first log-ins of one user make one account, and a session for each token")
    func parallelEnrolment() async throws {
      let world = try IssuerWorld()
      try await withProgram(world.settings() + ["--set", "login.enrolment=on", "--threads", "2"]) { program in
        let port = program.port
        let statuses = try inParallel(20) { index in
          try ServiceClient(port: port).logIn(idToken: world.token("new", id: index)).status
        }
        #expect(statuses == Array(repeating: 201, count: 20))
        let client = try program.client()
        #expect(try client.send("GET", "/v2/accounts?count=true")["count"]?.integer == 1)
        #expect(try client.send("GET", "/v2/sessions?user_id=1&count=true")["count"]?.integer == 20)
      }
    }
  }
}
