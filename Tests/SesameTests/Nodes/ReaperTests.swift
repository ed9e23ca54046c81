import HTTPTesting
import JSON
import Testing

extension RunningProgramTests {
  @Suite struct NodesReaperTests {
    @Test(
      "one node reaps; when it is killed another takes over, and what expired is closed once",
      arguments: SharedStoreKind.tested)
    func takeOver(kind: SharedStoreKind) async throws {
      // What fails in time has tests of its own.
      let flags = ["--set", "session.sweep_interval=1s", "--set", "store.timeout=5s"]
      try await withNodes(kind, isDirect: true, flags: { _ in flags }) { nodes in
        var living = Set(0..<nodes.count)
        for round in 0..<2 {
          let opener = try nodes.client(living.min() ?? 0)
          let ids = try (0..<5).map { try opener.open("short-\(round)-\($0)", #""idle_timeout":1"#).id }
          var closed: [LoggedLine] = []
          _ = try opener.wait { client in
            closed = try client.events(types: "session.closed")
            return Set(ids).isSubset(of: closed.compactMap(\.session))
          }
          #expect(Set(ids).isSubset(of: closed.compactMap(\.session)), "round \(round): nobody has reaped")
          #expect(Set(closed.map(\.session)).count == closed.count, "an end was told twice")
          #expect(closed.allSatisfy { $0.reason == "idle" && $0.actor == "reaper" })
          let counts = try living.sorted().map { node in
            (node, try nodes.client(node).metrics().value("sesame_reaper_closed_total") ?? 0)
          }
          let reapers = counts.filter { $0.1 > 0 }.map(\.0)
          #expect(reapers.count == 1, "round \(round): \(counts)")
          guard let reaper = reapers.first, living.count > 1 else { continue }
          nodes.programs[reaper].kill()
          living.remove(reaper)
        }
      }
    }
  }
}
