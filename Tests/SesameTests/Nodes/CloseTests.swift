import Glibc
import HTTPTesting
import Testing

extension RunningProgramTests {
  @Suite struct NodesCloseTests {
    private static let closers = 4

    @Test(
      "a closed session is refused at once where it was closed, and a second later everywhere",
      arguments: SharedStoreKind.tested)
    func undisturbed(kind: SharedStoreKind) async throws {
      try await withNodes(kind, isDirect: true) { nodes in
        let findings = try Self.race(nodes) { _, _ in }
        Self.report(nodes, "closes under load", findings)
      }
    }

    @Test(
      "the same while what carries the notes is cut again and again", arguments: SharedStoreKind.tested)
    func cutChannel(kind: SharedStoreKind) async throws {
      try await withNodes(kind) { nodes in
        let cuts = NodeTrials.count("CUTS", orElse: 30)
        let findings = try Self.race(nodes) { race, nodes in
          var done = 0
          let end = ContinuousClock.now + .seconds(60)
          // Again as soon as it is back, with some sessions closed in between.
          while done < cuts, .now < end {
            if nodes.cut(carrying: kind.sayingOfFollowers) > 0 { done += 1 }
            race.waitForRounds(2)
          }
          #expect(done == cuts, "the connection of the notes was found \(done) times")
        }
        Self.report(nodes, "closes while the notes' connection is cut", findings)
      }
    }

    @Test("the same with a node that was stopped for five seconds, and goes on", arguments: SharedStoreKind.tested)
    func stoppedNode(kind: SharedStoreKind) async throws {
      try await withNodes(kind, isDirect: true) { nodes in
        let findings = try Self.race(nodes) { race, nodes in
          let process = nodes.programs[2].process
          race.set(stopped: true, node: 2)
          // Those who were asking the node have their answers, and have seen that it is not to be asked.
          race.waitForRounds(3 * Self.closers)
          process.send(SIGSTOP)
          let stop = ContinuousClock.now
          while ContinuousClock.now < stop + .seconds(5) { race.waitForRounds(1) }
          // The system takes connections and requests for a stopped process.
          let late = race.closed.filter { $0.acknowledged > stop && $0.acknowledged + CloseRace.bound < .now }.suffix(
            40)
          #expect(!late.isEmpty)
          let waiting = try late.map { session in
            let client = try nodes.client(2)
            try client.begin("GET", "/v2/session", bearer: session.token)
            return client
          }
          process.send(SIGCONT)
          for client in waiting {
            let status = try client.finish().status
            #expect(status == 401 || status == 503, "a node that was stopped took what had been closed meanwhile")
          }
          race.set(stopped: false, node: 2)
        }
        Self.report(nodes, "closes while a node is stopped", findings)
      }
    }

    @Test("the same while the store's answers come late", arguments: SharedStoreKind.tested)
    func lateAnswers(kind: SharedStoreKind) async throws {
      try await withNodes(kind) { nodes in
        let findings = try Self.race(nodes) { race, nodes in
          var generator = SeededGenerator(seed: 5)
          for _ in 0..<NodeTrials.count("DELAYS", orElse: 5) {
            let delay = Duration.milliseconds(Int.random(in: 50...600, using: &generator))
            let node = Int.random(in: 0..<nodes.count, using: &generator)
            nodes.set(.delay(delay), of: node)
            race.waitForRounds(8)
            nodes.set(.none)
          }
        }
        Self.report(nodes, "closes while the store answers late", findings)
      }
    }

    /// Runs the race with a director beside it, and looks at everything once more in the end.
    private static func race(
      _ nodes: Nodes, direct: @escaping @Sendable (CloseRace, Nodes) throws -> Void
    ) throws -> CloseRace.Findings {
      let closes = NodeTrials.count("CLOSES", orElse: 200)
      let race = CloseRace(nodes, closes: closes, directors: 1)
      _ = try inParallel(closers + 1) { index in
        guard index == closers else { return race.run(index) }
        defer { race.directorIsDone() }
        try direct(race, nodes)
      }
      try race.checkAll()
      let findings = race.findings
      #expect(findings.faults.prefix(10) == [])
      #expect(findings.closes >= closes / 4, "\(findings.unserved) requests were not served")
      return findings
    }

    private static func report(_ nodes: Nodes, _ trial: String, _ findings: CloseRace.Findings) {
      let lags = findings.lags
      NodeTrials.report(
        nodes.kind, trial,
        [
          ("closes", "\(findings.closes)"), ("verifications", "\(findings.verifications)"),
          ("not served", "\(findings.unserved)"), ("lag p50", lag(lags.quantile(0.5))),
          ("p99", lag(lags.quantile(0.99))), ("max", lag(lags.max() ?? 0)), ("broken", "\(findings.faults.count)"),
        ])
    }

    private static func lag(_ milliseconds: Double) -> String { "\((milliseconds * 10).rounded() / 10) ms" }
  }
}
