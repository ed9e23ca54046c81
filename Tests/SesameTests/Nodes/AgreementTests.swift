import HTTPTesting
import JSON
import Testing

extension RunningProgramTests {
  @Suite struct NodesAgreementTests {
    @Test(
      "three nodes renew as one, and what one takes from an account or a key all take",
      arguments: SharedStoreKind.tested)
    func asOne(kind: SharedStoreKind) async throws {
      try await withNodes(kind, isDirect: true) { nodes in
        try Self.renewals(nodes)
        try Self.deactivation(nodes)
        try Self.keys(nodes)
      }
    }

    @Test(
      "of a hundred openings at once, on three nodes, with a limit of five, five live",
      arguments: SharedStoreKind.tested, ["deny", "evict-oldest"])
    func limit(kind: SharedStoreKind, overflow: String) async throws {
      let flags = ["--set", "session.live_limit=5", "--set", "session.live_overflow=\(overflow)"]
      try await withNodes(kind, isDirect: true, flags: { _ in flags }) { nodes in
        let answers = try inParallel(100) { index in
          try nodes.client(index % nodes.count).send("POST", "/v2/sessions", #"{"user_id":"many"}"#)
        }
        // A crowd may be told to come back; what was answered with yes counts.
        let refusal = overflow == "deny" ? 409 : 503
        #expect(answers.filter { $0.status != 201 && $0.status != refusal && $0.status != 503 }.map(\.text) == [])
        let opened = answers.filter { $0.status == 201 }.compactMap { $0["token"]?.string }
        #expect(overflow == "deny" ? opened.count == 5 : opened.count > 5, "\(answers.map(\.status))")
        for client in try nodes.clients() {
          let page = try client.send("GET", "/v2/sessions?user_id=many&state=open&count=true")
          #expect(page["count"]?.integer == 5)
          // Each node comes to see every eviction.
          var alive = 0
          _ = try client.wait { client in
            alive = try opened.filter { try client.ownStatus($0) == 200 }.count
            return alive == 5
          }
          #expect(alive == 5)
        }
        let evictions = try nodes.client(1).events(types: "session.closed").filter { $0.reason == "evicted" }
        let openings = try nodes.client(2).events(types: "session.opened")
        #expect(openings.count == evictions.count + 5 && Set(evictions.map(\.session)).count == evictions.count)
        NodeTrials.report(
          kind, "100 openings at once, limit 5, \(overflow)",
          [("answered 201", "\(opened.count)"), ("live", "5"), ("evicted", "\(evictions.count)")])
      }
    }

    /// A hundred renewals at once, on three nodes, are one step with equal answers.
    private static func renewals(_ nodes: Nodes) throws {
      let client = try nodes.client(0)
      for round in 0..<5 {
        let (id, token) = try client.open("renewer-\(round)")
        let answers = try inParallel(100) { index in
          try nodes.client(index % nodes.count).send("POST", "/v2/session/renew", bearer: token)
        }
        #expect(answers.filter { $0.status != 200 }.map(\.text) == [])
        let tokens = Set(answers.compactMap { $0["token"]?.string })
        #expect(tokens.count == 1)
        for other in try nodes.clients() {
          let session = try other.send("GET", "/v2/sessions/\(id)")
          #expect(session["generation"]?.integer == 1)
          for token in tokens { #expect(try other.ownStatus(token) == 200) }
        }
        let renewed = try client.events(types: "session.renewed").filter { $0.session == id }
        #expect(renewed.count == 1)
      }
    }

    /// An account that one node deactivates is out on all.
    private static func deactivation(_ nodes: Nodes) throws {
      let clients = try nodes.clients()
      try clients[0].account("root", level: "A")
      let id = try clients[1].account("anna")
      let (_, token) = try clients[2].session(of: "anna")
      for client in clients { #expect(try client.ownStatus(token) == 200) }
      let account = try clients[0].send("PATCH", "/v2/accounts/\(id)", #"{"active":false}"#)
      try #require(account.status == 200, "\(account.text)")
      #expect(try clients[0].ownStatus(token) == 401)
      for client in clients {
        #expect(try client.wait { try $0.ownStatus(token) == 401 })
        #expect(try client.wait { try $0.logIn("anna").status == 401 })
      }
    }

    /// A service key that one node revokes opens nothing on any.
    private static func keys(_ nodes: Nodes) throws {
      let clients = try nodes.clients()
      let key = try clients[0].send("POST", "/v2/keys", #"{"name":"batch","scopes":["sessions:read"]}"#)
      let secret = try #require(key["secret"]?.string, "\(key.text)")
      let id = try #require(key["key"]?["id"]?.integer ?? key["id"]?.integer, "\(key.text)")
      // This machine is trusted without a key, unless it speaks for somebody else.
      let forwarded = [("X-Forwarded-For", "203.0.113.9")]
      for client in clients {
        #expect(try client.send("GET", "/v2/sessions", bearer: secret, fields: forwarded).status == 200)
      }
      #expect(try clients[1].send("DELETE", "/v2/keys/\(id)").status == 204)
      for client in clients {
        #expect(try client.wait { try $0.send("GET", "/v2/sessions", bearer: secret, fields: forwarded).status == 401 })
      }
    }
  }
}
