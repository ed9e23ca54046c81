import HTTPTesting
import IdentityTesting
import IdentityTokens
import JSON
import Testing

extension RunningProgramTests {
  @Suite struct IssuerOutageTests {
    private static let moods: [TestIssuer.Mood] = [.hanging, .redirecting, .dripping, .flooding, .failing]

    @Test("while issuers hang, redirect, drip, flood or fail, users of known keys log in, and memory stays bounded")
    func knownKeys() async throws {
      let worlds = try Self.moods.map { _ in try IssuerWorld() }
      let settings = worlds.enumerated().flatMap { $1.settings("i\($0)") }
      try await withProgram(settings) { program in
        let client = try program.client()
        for world in worlds {
          try client.account(of: "ann", at: world)
          #expect(try client.logIn(idToken: world.token()).status == 201)
          #expect(world.issuer.requests == ["/.well-known/openid-configuration", "/keys"])
        }
        let before = try program.peakMemory()
        for (world, mood) in zip(worlds, Self.moods) { world.issuer.setMood(mood) }
        // A key that is not known makes Sesame ask, as soon as the issuer's interval is over.
        var id = 1
        let isAsked = try client.wait { client in
          for world in worlds {
            if world.issuer.requests.count == 2 {
              let stranger = IssuerKeyPair(.es256, id: "new-\(id)", key: world.key.key)
              let reply = try client.logIn(idToken: stranger.token(world.claims()))
              #expect(reply.status == 401 || reply.status == 503 && reply.field("retry-after") != nil)
            }
            #expect(try client.logIn(idToken: world.token(id: id)).status == 201)
          }
          id += 1
          return worlds.allSatisfy { $0.issuer.requests.count > 2 }
        }
        #expect(isAsked)
        // And while their answers are under way, or have failed.
        for world in worlds { #expect(try client.logIn(idToken: world.token(id: 1_000_000)).status == 201) }
        #expect(
          worlds.map(\.issuer.requests.count) == [3, 3, 3, 3, 3], "nobody follows, and nobody asks again at once")
        #expect(try program.peakMemory() - before < 64 << 20)
        #expect(try client.send("GET", "/readyz").status == 200)
      }
    }

    @Test("an issuer that never answers holds up nobody but its own users")
    func oneOfTwo() async throws {
      let (good, bad) = (try IssuerWorld(), try IssuerWorld())
      bad.issuer.setMood(.hanging)
      try await withProgram(good.settings("good") + bad.settings("bad")) { program in
        let client = try program.client()
        try client.account(of: "ann", at: good)
        try client.account(of: "ann", at: bad)
        try client.account("pam")
        let port = program.port
        let statuses = try inParallel(24) { index in
          let client = try ServiceClient(port: port)
          if index < 12 {
            let reply = try client.logIn(idToken: bad.token(id: index))
            return reply.field("retry-after") == nil ? 0 : reply.status
          }
          return index < 20
            ? try client.logIn(idToken: good.token(id: index)).status
            : try client.logIn("pam").status
        }
        #expect(statuses == Array(repeating: 503, count: 12) + Array(repeating: 201, count: 12))
        #expect(bad.issuer.requests == ["/.well-known/openid-configuration"])
      }
    }

    @Test("a flood of unknown keys is no flood of questions to the issuer")
    func unknownKeys() async throws {
      let world = try IssuerWorld()
      try await withProgram(world.settings()) { program in
        let client = try program.client()
        try client.account(of: "ann", at: world)
        #expect(try client.logIn(idToken: world.token()).status == 201)
        let start = ContinuousClock.now
        let port = program.port
        let statuses = try inParallel(8) { thread in
          let client = try ServiceClient(port: port)
          return try (0..<50).map { number in
            let stranger = IssuerKeyPair(.es256, id: "key-\(thread)-\(number)", key: world.key.key)
            return try client.logIn(idToken: stranger.token(world.claims())).status
          }
        }.flatMap(\.self)
        #expect(Set(statuses) == [401])
        let fetches = world.issuer.requests.count { $0 == "/keys" }
        let elapsed = ContinuousClock.now - start
        #expect(fetches <= 2 + Int(elapsed.components.seconds / 30), "\(fetches) in \(elapsed)")
        #expect(try client.logIn(idToken: world.token(id: 1)).status == 201)
      }
    }
  }
}
