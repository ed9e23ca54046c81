import HTTPTesting
import JSON
import Synchronization
import Testing

extension RunningProgramTests {
  @Suite struct LoginFloodTests {
    @Test("of 500 log-ins at once those that can't be served are told when to come back, and nobody else notices")
    func flood() async throws {
      let flags = [
        "--set", "password.threads=1", "--set", "password.queue=4", "--set", "login.attempts=1000",
        "--set", "login.attempts_per_address=100000", "--set", "login.attempts_per_account=100000",
        "--set", "login.delay_after=1000",
      ]
      try await withProgram(flags) { program in
        let client = try program.client()
        try client.account("ann")
        let (_, token) = try client.session(of: "ann")
        let before = try program.peakMemory()
        let port = program.port
        let isOver = Flag()
        let replies = try inParallel(501) { index -> [HTTPReply] in
          let client = try ServiceClient(port: port)
          if index == 0 {
            var replies: [HTTPReply] = []
            repeat {
              replies.append(try client.send("POST", "/v2/verify", #"{"token":"\#(token)"}"#))
            } while isOver.value.load(ordering: .relaxed) < 500
            return replies
          }
          defer { isOver.value.add(1, ordering: .relaxed) }
          return [try client.logInOnce("ann", index % 5 > 0 ? ServiceClient.password : "another password")]
        }
        #expect(replies[0].allSatisfy { $0.status == 200 && $0["active"]?.boolean == true })
        #expect(replies[0].count > 1)
        let answers = replies.dropFirst().flatMap(\.self)
        #expect(answers.count == 500)
        let counts = Dictionary(grouping: answers, by: \.status).mapValues(\.count)
        print("log-in flood: \(counts), \(replies[0].count) verifications meanwhile")
        #expect(Set(counts.keys).isSubset(of: [201, 401, 429, 503]), "\(counts)")
        #expect((counts[503] ?? 0) > 0, "\(counts)")
        for reply in answers where reply.status == 429 || reply.status == 503 {
          #expect(reply.field("retry-after").flatMap { Int($0) } ?? 0 > 0)
        }
        // A hash takes 19 MiB, and one is made at a time.
        #expect(try program.peakMemory() - before < 128 << 20)
        let opened = try client.send("GET", "/v2/sessions?count=true&limit=1")["count"]?.integer
        #expect(opened == Int64((counts[201] ?? 0) + 1), "each that was let in has a session, and nobody else")
        #expect(try client.logIn("ann").status == 201)
      }
    }

    @Test("a guesser is told to wait, and the user still gets in from elsewhere")
    func guesser() async throws {
      try await withProgram(["--set", "server.trusted_proxies=127.0.0.1"]) { program in
        try program.socketClient().account("ann")
        let client = try program.client()
        let (bad, good) = (
          [(name: "X-Forwarded-For", value: "203.0.113.9")], [(name: "X-Forwarded-For", value: "198.51.100.7")]
        )
        var statuses: [Int] = []
        for _ in 0..<20 {
          statuses.append(try client.logIn("ann", "another password", fields: bad).status)
        }
        #expect(statuses.first == 401 && statuses.last == 429 && Set(statuses) == [401, 429], "\(statuses)")
        #expect(statuses.count { $0 == 401 } <= 10)
        let right = try client.logIn("ann", fields: bad)
        #expect(right.status == 429 && right.field("retry-after") != nil, "whoever guesses right now learns nothing")
        #expect(try client.logIn("ann", fields: good).status == 201)
        program.kill()
        try program.start()
        #expect(try program.client().logIn("ann", fields: bad).status == 429, "a restart does not forget")
        #expect(try program.client().logIn("ann", fields: good).status == 201)
      }
    }

    private final class Flag: Sendable {
      let value = Atomic(0)
    }
  }
}
