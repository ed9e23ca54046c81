/// Measures benchmarks: those of one subject side by side, in turns, so that a machine that is busy for a while is
/// busy for all of them.
struct Runner {
  /// How many turns each benchmark gets; the medians count.
  static let rounds = 5

  var scale: Scale
  /// How long each benchmark runs in all, in seconds, not counting what it prepares.
  var seconds: Double

  /// The costs of the benchmarks, in their order.
  func measure(_ benchmarks: [Benchmark]) async throws -> [Measurement] {
    var prepared: [Prepared] = []
    for benchmark in benchmarks { prepared.append(try await benchmark.prepare(scale)) }
    var counts: [Int] = []
    for benchmark in prepared { counts.append(try await count(for: benchmark)) }
    var costs = [[Cost]](repeating: [], count: benchmarks.count)
    for _ in 0..<Self.rounds {
      for (index, benchmark) in prepared.enumerated() {
        try await benchmark.refill(counts[index])
        costs[index].append(try await Cost.each(of: counts[index]) { try await benchmark.perform(counts[index]) })
      }
    }
    for benchmark in prepared { await benchmark.finish() }
    return zip(benchmarks, costs).map { Measurement(benchmark: $0, cost: .median(of: $1)) }
  }

  /// How many operations fill one turn; finding it out warms everything up.
  private func count(for benchmark: Prepared) async throws -> Int {
    let turn = seconds * 1e9 / Double(Self.rounds)
    var count = 1
    while true {
      try await benchmark.refill(count)
      let elapsed = try await Cost.each(of: 1) { try await benchmark.perform(count) }.elapsed
      if elapsed > turn / 8 || count == benchmark.limit {
        return min(max(1, Int(Double(count) * turn / max(elapsed, 1))), benchmark.limit)
      }
      count = min(count * 4, benchmark.limit)
    }
  }
}

/// A benchmark with what it came to.
struct Measurement: Sendable {
  let benchmark: Benchmark
  var cost: Cost
}
