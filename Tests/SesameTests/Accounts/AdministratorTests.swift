import HTTPTesting
import JSON
import Testing

extension RunningProgramTests {
  @Suite struct AdministratorTests {
    /// What makes an administrator none.
    enum Blow: CaseIterable {
      case demotion
      case deactivation
      case removal
      /// The two administrators get different ones.
      case mixed

      func strike(_ client: ServiceClient, _ account: Int64, _ number: Int) throws -> HTTPReply {
        let path = "/v2/accounts/\(account)"
        switch self {
        case .demotion: return try client.send("PATCH", path, #"{"level":"U"}"#)
        case .deactivation: return try client.send("PATCH", path, #"{"active":false}"#)
        case .removal: return try client.send("DELETE", path)
        case .mixed:
          return try [Blow.demotion, .deactivation, .removal][(Int(account) + number) % 3].strike(
            client, account, number)
        }
      }
    }

    @Test(
      "of parallel blows against the last two administrators exactly one succeeds, every time", arguments: Blow.allCases
    )
    func lastTwo(blow: Blow) async throws {
      try await withProgram(["--threads", "2"]) { program in
        let client = try program.client()
        let port = program.port
        func administrator(_ name: String) throws -> Int64 {
          let reply = try client.send("POST", "/v2/accounts", #"{"username":"\#(name)","level":"A"}"#)
          return try #require(reply["id"]?.integer)
        }
        var standing = try administrator("root")
        for round in 1...25 {
          let pair = [standing, try administrator("a\(round)")]
          // Each from two connections: what is refused may not succeed because somebody asks again.
          let replies = try inParallel(4) { index in
            try blow.strike(ServiceClient(port: port), pair[index % 2], round)
          }
          let admins = try client.send("GET", "/v2/accounts?level=A&active=true")
          let left = try #require(admins["accounts"]?.elements.compactMap { $0["id"]?.integer })
          try #require(left.count == 1 && pair.contains(left[0]), "round \(round): \(left)")
          standing = left[0]
          for (index, reply) in replies.enumerated() {
            let isStanding = pair[index % 2] == standing
            if isStanding {
              #expect(reply.status == 409 && reply["code"]?.string == "last_administrator", "round \(round)")
            } else {
              // Whoever came second found it done already, or the account gone.
              #expect([200, 204, 404].contains(reply.status), "round \(round): \(reply.text)")
            }
          }
        }
      }
    }
  }
}
