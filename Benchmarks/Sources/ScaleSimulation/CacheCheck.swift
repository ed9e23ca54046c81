import MemoryStore
import SessionCore
import Workload

/// Holds the simulated cache to Sesame's own: the same requests to both, and the hit ratios side by side.
enum CacheCheck {
  private static let count = 20_000
  private static let counted = 300_000

  static func table() async throws -> Table {
    var table = Table(["requests", "cached", "simulated", "Sesame's cache"])
    for size in [0.05, 0.2] {
      let zipf = Zipf(count: count, exponent: 1)
      var random = RandomNumbers(seed: 3)
      try await add("by popularity, exponent 1", size, to: &table) { zipf.next(&random) }
    }
    let visits = Visits(sessions: count, visitors: count / 40, requests: 20, exponent: 0.8, requestsPerRenewal: 20)
    for size in [0.05, 0.1] {
      var requests = Visits.Requests(visits, seed: 4)
      try await add("by visits, any of 3 nodes", size, to: &table) {
        while true {
          let (session, node) = requests.next(nodes: 3, .anyNode)
          if node == 0 { return session }
        }
      }
    }
    return table
  }

  /// Adds a row for caches of that share of the sessions.
  private static func add(
    _ name: String, _ size: Double, to table: inout Table, _ next: () -> Int
  ) async throws {
    let store = MemoryStore()
    let keys = KeyRing.random()
    func sessions(bytes: Int) -> Sessions {
      Sessions(
        store: store, policy: SessionPolicy(), keys: keys, clock: WallClock(), random: SystemRandom(),
        cacheBytes: bytes)
    }
    let opener = sessions(bytes: 256 << 20)
    var tokens: [[UInt8]] = []
    for number in 0..<count {
      if case .opened(_, let token, _) = try await opener.open(.typical(number), by: Actor(.service)) {
        tokens.append(token.text)
      }
    }
    let real = sessions(bytes: Int(Double(opener.cacheStatistics.bytes) * size))
    var simulated = SimulatedCache(sessions: count, capacity: Int(Double(count) * size))
    var before = real.cacheStatistics
    for request in 0..<2 * counted {
      if request == counted {
        simulated.beginCounting()
        before = real.cacheStatistics
      }
      let session = next()
      simulated.look(up: session)
      _ = try await real.verify(tokens[session], touching: false)
    }
    let (hits, misses) = (real.cacheStatistics.hits - before.hits, real.cacheStatistics.misses - before.misses)
    table.add([
      name, Table.percent(size), Table.percent(simulated.hitRatio),
      Table.percent(Double(hits) / Double(max(1, hits + misses))),
    ])
  }
}
