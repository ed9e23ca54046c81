import Glibc
import HTTPTesting
import JSON
import Synchronization
import Testing

extension RunningProgramTests {
  @Suite struct EventCrashTests {
    /// One thing that was done, under a request id of its own.
    private struct Deed: Sendable {
      let request: String
      let type: String
      let session: String
    }

    /// Does what one writer does until nobody answers, and answers what was acknowledged.
    private static func work(_ port: Int, _ name: String, _ answered: () -> Void) -> [Deed] {
      var deeds: [Deed] = []
      guard let client = try? ServiceClient(port: port) else { return [] }
      var number = 0
      func send(_ method: String, _ target: String, _ body: String? = nil, bearer: String? = nil) -> HTTPReply? {
        number += 1
        let fields = [("X-Request-Id", "\(name)-\(number)")]
        guard let reply = try? client.send(method, target, body, bearer: bearer, fields: fields) else { return nil }
        answered()
        return reply.status < 300 ? reply : nil
      }
      func note(_ type: String, _ session: String) {
        deeds.append(Deed(request: "\(name)-\(number)", type: type, session: session))
      }
      for count in 0..<10_000 {
        guard let opened = send("POST", "/v2/sessions", #"{"user_id":"\#(name)","data":{"n":0}}"#),
          let id = opened["session"]?["id"]?.string, let token = opened["token"]?.string
        else { return deeds }
        note("session.opened", id)
        for change in 1...2 {
          guard send("PATCH", "/v2/sessions/\(id)", #"{"status":"\#(change)"}"#) != nil else { return deeds }
          note("session.changed", id)
        }
        guard send("POST", "/v2/session/renew", bearer: token) != nil else { return deeds }
        note("session.renewed", id)
        if count % 3 == 0 { continue }
        guard send("POST", "/v2/sessions/\(id)/close") != nil else { return deeds }
        note("session.closed", id)
        if count % 3 == 1 { continue }
        guard send("DELETE", "/v2/sessions/\(id)") != nil else { return deeds }
        note("session.removed", id)
      }
      return deeds
    }

    @Test("after kill -9 every acknowledged change is in the log once, and nothing is there that did not happen")
    func kill() async throws {
      let seed = UInt64.random(in: 0 ... .max)
      print("event crash test: seed \(seed)")
      try await withProgram(["--threads", "2", "--set", "session.renewal_grace=5m"]) { program in
        var generator = SeededGenerator(seed: seed)
        var acknowledged: [Deed] = []
        for round in 0..<8 {
          let (port, process) = (program.port, program.process)
          let target = Int.random(in: 50...800, using: &generator)
          let answers = Atomic(0)
          acknowledged += try inParallel(6) { writer in
            Self.work(port, "w\(round)-\(writer)") {
              if answers.add(1, ordering: .relaxed).newValue == target { process.send(SIGKILL) }
            }
          }.flatMap(\.self)
          #expect(program.process.waitForEnd() != nil)
          try program.start()
        }
        try Self.check(program.client(), acknowledged, "seed \(seed)")
      }
    }

    /// Compares the log with what was acknowledged, and with the sessions as they stand.
    private static func check(_ client: ServiceClient, _ acknowledged: [Deed], _ seed: String) throws {
      let log = try client.events(limit: 1000)
      #expect(acknowledged.count > 300)
      let byRequest = Dictionary(grouping: log.filter { $0.request != nil }) { $0.request ?? "" }
      for deed in acknowledged {
        let told = byRequest[deed.request] ?? []
        #expect(told.map(\.type) == [deed.type] && told.map(\.session) == [deed.session], "\(deed), \(seed)")
      }
      // Requests without an answer may have happened or not, but each at most once, and not only half.
      #expect(byRequest.values.allSatisfy { $0.count == 1 })
      #expect(byRequest.count - acknowledged.count <= 8 * 6, "one unanswered request for each writer at most")
      for (id, lines) in Dictionary(grouping: log, by: { $0.session ?? "" }) {
        let counts = Dictionary(grouping: lines, by: \.type).mapValues(\.count)
        #expect(lines.first?.type == "session.opened" && counts["session.opened"] == 1)
        let reply = try client.send("GET", "/v2/sessions/\(id)")
        if counts["session.removed"] == 1 {
          #expect(reply.status == 404 && lines.last?.type == "session.removed")
          continue
        }
        #expect(reply["generation"]?.integer == Int64(counts["session.renewed"] ?? 0), "\(seed)")
        #expect(reply["status"]?.string == counts["session.changed"].map { "\($0)" }, "\(seed)")
        #expect((reply["state"]?.string == "closed") == (counts["session.closed"] == 1), "\(seed)")
      }
      let opened = log.count { $0.type == "session.opened" } - log.count { $0.type == "session.removed" }
      #expect(try client.send("GET", "/v2/sessions?limit=1&count=true")["count"]?.integer == Int64(opened))
    }
  }
}
