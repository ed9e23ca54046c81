import Foundation
import HTTPTesting
import Testing

extension RunningProgramTests {
  @Suite struct NodesOutageTests {
    /// A way in which a store can be gone.
    enum Outage: String, CaseIterable, Sendable {
      case hanging, reset
      case blackHoled = "black-holed"
      // The last, as a Cluster that was started again names its own ports, and the ways in between see no one.
      case killed

      func begin(_ nodes: Nodes) {
        switch self {
        case .killed: nodes.server.kill()
        case .hanging: nodes.server.hang()
        case .reset:
          nodes.set(.reset)
          nodes.cut()
        case .blackHoled: nodes.set(.blackHole)
        }
      }

      func end(_ nodes: Nodes) throws {
        switch self {
        case .killed: try nodes.server.restart()
        case .hanging: nodes.server.goOn()
        case .reset, .blackHoled: nodes.set(.none)
        }
      }
    }

    @Test(
      "a store that is gone means 503 for what only it knows, and service again by itself",
      arguments: SharedStoreKind.tested)
    func outages(kind: SharedStoreKind) async throws {
      try await withNodes(kind, count: 2) { nodes in
        for outage in Outage.allCases { try Self.watch(nodes, outage) }
      }
    }

    private static func watch(_ nodes: Nodes, _ outage: Outage) throws {
      let watch = try OutageWatch(nodes)
      let figures = try inParallel(watch.callers + 1) { index -> [(name: String, value: String)] in
        guard index == watch.callers else {
          watch.run(index)
          return []
        }
        defer { watch.finish() }
        return try Self.direct(nodes, watch, outage)
      }
      let findings = watch.findings
      #expect(findings.faults.prefix(10) == [], "\(outage)")
      let checker = try nodes.client(1)
      let lost = try findings.opened.filter { try checker.ownStatus($0) != 200 }
      #expect(lost.isEmpty, "\(outage): \(lost.count) of \(findings.opened.count) answered openings are lost")
      NodeTrials.report(
        nodes.kind, "store \(outage.rawValue)",
        [
          ("answers", "\(findings.answers)"), ("503", "\(findings.unserved)"),
          ("slowest", "\(Int(findings.slowest)) ms"), ("wrong", "\(findings.faults.count)"),
        ] + figures.joined())
    }

    /// Breaks the store, mends it, and looks after the nodes meanwhile.
    private static func direct(
      _ nodes: Nodes, _ watch: OutageWatch, _ outage: Outage
    ) throws -> [(name: String, value: String)] {
      try #require(watch.wait(for: 10, of: \.answers), "nobody was served before the outage")
      let before = try nodes.programs.map { try Resources(of: $0) }
      outage.begin(nodes)
      #expect(watch.wait(for: 20, of: \.unserved), "the store is gone, and nobody was told")
      for client in try nodes.clients() {
        #expect(try client.wait { try $0.send("GET", "/readyz").status == 503 })
        #expect(try client.send("GET", "/healthz").status == 200)
      }
      #expect(watch.wait(for: 50, of: \.unserved))
      let during = try nodes.programs.map { try Resources(of: $0) }
      for (before, during) in zip(before, during) {
        #expect(during.threads <= before.threads + 8, "threads: \(before.threads), then \(during.threads)")
        #expect(during.files <= before.files + 40, "files: \(before.files), then \(during.files)")
      }
      let start = ContinuousClock.now
      try outage.end(nodes)
      let end = ContinuousClock.now
      for client in try nodes.clients() {
        #expect(try client.wait { try $0.send("GET", "/readyz").status == 200 }, "it did not come back")
        #expect(try client.wait { try $0.send("POST", "/v2/sessions", #"{"user_id":"after"}"#).status == 201 })
      }
      let back = ContinuousClock.now
      #expect(watch.wait(for: 10, of: { $0.answers - $0.unserved }), "nobody was served after the outage")
      return [
        ("back after", "\(Int((back - end).milliseconds)) ms"),
        ("(restart \(Int((end - start).milliseconds)) ms); threads", "\(during.map(\.threads).max() ?? 0)"),
      ]
    }

    /// What a program takes of the system.
    private struct Resources {
      let threads: Int
      let files: Int

      init(of program: RunningProgram) throws {
        let process = program.process.number
        let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("Threads:") })
        threads = try #require(Int(line.filter(\.isNumber)))
        files = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd").count
      }
    }
  }
}
