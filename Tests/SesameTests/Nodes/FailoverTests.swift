import HTTPTesting
import JSON
import Synchronization
import Testing

extension RunningProgramTests {
  @Suite struct NodesFailoverTests {
    /// What was answered, and what has become of it.
    private struct Ledger: Sendable {
      var opened: [String] = []
      var closed: [String] = []
      var unserved = 0
      var faults: [String] = []

      /// An answer that was no yes.
      mutating func note(_ reply: HTTPReply) {
        if reply.status == 503 { unserved += 1 } else { faults.append("\(reply.status) \(reply.text)") }
      }
    }

    private static let writers = 6

    @Test(
      "a Cluster's new primary is found, and what was answered with a replica's word is not lost", arguments: [0, 1])
    func failover(replicas: Int) async throws {
      guard SharedStoreKind.tested.contains(.redisCluster) else { return }
      let flags = ["--set", "store.wait_replicas=\(replicas)"]
      try await withNodes(.redisCluster, isDirect: true, flags: { _ in flags }) { nodes in
        let isOver = Atomic(false)
        let answers = Atomic(0)
        let count = NodeTrials.count("FAILOVER_WRITES", orElse: 300)
        let ledgers = try inParallel(Self.writers + 1) { index -> Ledger in
          guard index == Self.writers else {
            return try Self.write(nodes, index, until: { isOver.load(ordering: .relaxed) }) {
              answers.add(1, ordering: .relaxed)
            }
          }
          defer { isOver.store(true, ordering: .relaxed) }
          let client = try nodes.client(0)
          _ = try client.wait { _ in answers.load(ordering: .relaxed) > count }
          nodes.server.kill(0)
          let replicas = nodes.server.ports.suffix(3)
          let isReplaced = try client.wait { _ in
            try replicas.contains { try ProgramRun("redis-cli", ["-p", "\($0)", "ROLE"]).output.first == "master" }
          }
          let views = try replicas.map { try ProgramRun("redis-cli", ["-p", "\($0)", "CLUSTER", "NODES"]).output }
          #expect(isReplaced, "no replica became a primary: \(views)")
          // As a replica of the one that took its place: else nobody could vouch for what the new primary writes.
          try nodes.server.restart()
          // Every shard takes sessions again: a hundred in a row would not miss one that doesn't.
          for client in try nodes.clients() {
            var inARow = 0
            let isBack = try client.wait { client in
              let reply = try client.send("POST", "/v2/sessions", #"{"user_id":"probe"}"#)
              inARow = reply.status == 201 ? inARow + 1 : 0
              return inARow == 100
            }
            #expect(isBack, "the new primary was not found")
          }
          let before = answers.load(ordering: .relaxed)
          _ = try client.wait { _ in answers.load(ordering: .relaxed) > before + count / 2 }
          return Ledger()
        }
        let clients = try nodes.clients()
        var (lost, revived) = (0, 0)
        for ledger in ledgers {
          for token in ledger.opened where try clients[0].ownStatus(token) != 200 { lost += 1 }
          for token in ledger.closed where try clients[1].ownStatus(token) != 401 { revived += 1 }
        }
        NodeTrials.report(
          nodes.kind, "failover, WAIT \(replicas)",
          [
            ("answered openings", "\(ledgers.reduce(0) { $0 + $1.opened.count })"), ("lost", "\(lost)"),
            ("answered closes", "\(ledgers.reduce(0) { $0 + $1.closed.count })"), ("undone", "\(revived)"),
            ("not served", "\(ledgers.reduce(0) { $0 + $1.unserved })"),
          ])
        #expect(ledgers.flatMap(\.faults).prefix(10) == [])
        if replicas > 0 { #expect(lost == 0 && revived == 0) }
      }
    }

    private static func write(
      _ nodes: Nodes, _ writer: Int, until isOver: () -> Bool, _ answered: () -> Void
    ) throws -> Ledger {
      var ledger = Ledger()
      let client = try nodes.client(writer % nodes.count)
      while !isOver(), ledger.faults.count < 5 {
        let opened = try client.send("POST", "/v2/sessions", #"{"user_id":"writer-\#(writer)"}"#)
        guard opened.status == 201, let token = opened["token"]?.string, let id = opened["session"]?["id"]?.string
        else {
          ledger.note(opened)
          continue
        }
        answered()
        guard ledger.opened.count > 2 * ledger.closed.count else {
          ledger.opened.append(token)
          continue
        }
        let closed = try client.send("POST", "/v2/sessions/\(id)/close")
        if closed.status == 200 { ledger.closed.append(token) } else { ledger.note(closed) }
      }
      return ledger
    }
  }
}
