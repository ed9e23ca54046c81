import HTTPTesting
import JSON
import Testing

extension RunningProgramTests {
  @Suite struct NodesHangUpTests {
    /// What one caller found.
    private struct Findings: Sendable {
      var answers = 0
      var hangUps = 0
      var unserved = 0
      var faults: [String] = []
    }

    private static let callers = 16

    @Test("while callers hang up, every answer belongs to its question", arguments: SharedStoreKind.tested)
    func hangUps(kind: SharedStoreKind) async throws {
      // Nothing is cached: every question goes to the store, along with those of others. What fails in time has tests
      // of its own.
      let flags = ["--set", "cache.bytes=0", "--set", "store.timeout=5s"]
      try await withNodes(kind, count: 2, isDirect: true, flags: { _ in flags }) { nodes in
        let requests = NodeTrials.count("REQUESTS", orElse: 10_000)
        let asked = try inParallel(Self.callers) { caller in
          let client = try nodes.client(0)
          return try (0..<20).map { try client.open("caller-\(caller)-\($0)", #""data":{"of":"\#(caller)-\#($0)"}"#) }
        }
        let findings = try inParallel(Self.callers) { caller in
          try Self.call(nodes, asked[caller], caller, requests / Self.callers)
        }
        let (answers, hangUps) = findings.reduce((0, 0)) { ($0.0 + $1.answers, $0.1 + $1.hangUps) }
        NodeTrials.report(
          kind, "callers that hang up",
          [
            ("answers", "\(answers)"), ("hang-ups", "\(hangUps)"),
            ("not served", "\(findings.reduce(0) { $0 + $1.unserved })"),
            ("answers to others' questions", "\(findings.reduce(0) { $0 + $1.faults.count })"),
          ])
        #expect(findings.flatMap(\.faults).prefix(10) == [])
        // A store that is slower than its time-out lets many go unserved; enough are answered to tell.
        #expect(hangUps > requests / 40 && answers > requests / 10)
        // What was asked and not waited for has left nothing behind that would be in the way.
        for client in try nodes.clients() {
          for (id, token) in asked.joined() {
            var reply = try client.send("GET", "/v2/session", bearer: token)
            _ = try client.wait { client in
              if reply.status == 503 { reply = try client.send("GET", "/v2/session", bearer: token) }
              return reply.status != 503
            }
            #expect(reply["id"]?.string == id)
          }
        }
      }
    }

    private static func call(
      _ nodes: Nodes, _ sessions: [(id: String, token: String)], _ caller: Int, _ count: Int
    ) throws -> Findings {
      var findings = Findings()
      var generator = SeededGenerator(seed: UInt64(caller))
      var client = try nodes.client(caller % nodes.count)
      for number in 0..<count {
        let place = Int.random(in: 0..<sessions.count, using: &generator)
        let (id, token) = sessions[place]
        let marked = "\(caller)-\(place)"
        let choice = Int.random(in: 0..<10, using: &generator)
        switch choice {
        case 0: try client.begin("POST", "/v2/sessions", #"{"user_id":"\#(marked)-\#(number)"}"#)
        case 1: try client.begin("GET", "/v2/sessions?user_id=caller-\(marked)")
        case 2: try client.begin("PATCH", "/v2/sessions/\(id)", #"{"data":{"of":"\#(marked)","number":\#(number)}}"#)
        case 3..<6: try client.begin("GET", "/v2/sessions/\(id)")
        default: try client.begin("GET", "/v2/session", bearer: token)
        }
        if Int.random(in: 0..<20, using: &generator) == 0 {
          client.reset()
          client = try nodes.client(Int.random(in: 0..<nodes.count, using: &generator))
          findings.hangUps += 1
          continue
        }
        let reply = try client.finish()
        guard reply.status < 300 else {
          // A write may meet the one of a caller who has hung up.
          if reply.status == 503 || reply.status == 409 {
            findings.unserved += 1
          } else {
            findings.faults.append("\(choice) was answered \(reply.status) \(reply.text)")
          }
          continue
        }
        findings.answers += 1
        let isRight =
          switch choice {
          case 0: reply["session"]?["user_id"]?.string == "\(marked)-\(number)"
          case 1: reply["sessions"]?.elements.allSatisfy { $0["user_id"]?.string == "caller-\(marked)" } == true
          case 2: reply["id"]?.string == id && reply["data"]?["number"]?.integer == Int64(number)
          default: reply["id"]?.string == id && reply["data"]?["of"]?.string == marked
          }
        if !isRight { findings.faults.append("\(choice) of \(marked) was answered \(reply.text)") }
      }
      return findings
    }
  }
}
