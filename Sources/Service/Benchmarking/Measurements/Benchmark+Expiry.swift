extension Benchmark {
  /// How long the store may take to close and remove what has expired.
  private static let patience: Duration = .seconds(420)
  /// How long it may take then to give back the room: entries of the log go a minute later.
  private static let settling: Duration = .seconds(100)

  /// P10: a tenth of the sessions live on, the others expire together while the live ones are verified.
  func measureExpiry() async throws(BenchmarkError) {
    let count = largestSet
    let live = max(1000, count / 10)
    // As soon as they are closed they may go, and their entries in the log a minute later.
    let settings = ["session.sweep_interval=1s", "session.retention=0s", "events.retention=1m"]
    let set = try await DataSet.make(
      live, in: bench.folder.file("expiry"), from: bench.source, progress: bench.progress)
    let before = try await livingAlone(set, settings)
    try await DataSet.add(count, to: set.folder, isExpired: true, from: bench.source, progress: bench.progress)
    let full = Self.bytes(of: set)

    let subject = try await subject(of: set, settings: settings)
    defer { subject.server?.end() }
    guard let server = subject.server else { return }
    var latencies: [Double] = []
    var errors = 0
    let begin = ContinuousClock.now
    var gone: Duration?
    while ContinuousClock.now - begin < gone.map({ $0 + Self.settling }) ?? Self.patience {
      let figures = try await stream(on: subject, flood: nil)
      errors += figures.errors
      let removed = try server.metrics()["sesame_reaper_removed_total"]
      let (bytes, resident) = (Self.bytes(of: set), server.residentBytes)
      bench.progress.show(
        "P10 expiring: \(Int(removed)) removed, \(bytes >> 20) MiB on disk", part: removed / Double(count))
      if gone == nil { latencies.append(figures.p99) }
      if gone == nil, removed >= Double(count) { gone = ContinuousClock.now - begin }
      if gone != nil, Double(bytes) <= 1.2 * Double(before.bytes), Double(resident) <= 1.2 * Double(before.resident) {
        break
      }
    }
    let removed = try server.metrics()["sesame_reaper_removed_total"]
    let most = Double(full) / Double(max(1, before.bytes))
    add(
      BenchmarkResult(
        measurement: .expiry, what: "\(count) expire beside \(live) that live", sessions: live + count,
        goals: [
          Goal(
            name: "times verifying's p99 before (\(Decimal.text(before.p99, places: 2)) ms)",
            value: Statistics.median(latencies) / max(0.001, before.p99), unit: .ratio, bound: .atMost(2)),
          Goal(name: "at the worst p99 of a run", value: latencies.max() ?? 0, unit: .milliseconds),
          Goal(name: "sessions left", value: Double(count) - removed, unit: .count, bound: .atMost(0)),
          Goal(
            name:
              "of the live set's disk, from \(Decimal.text(most, places: 1))",
            value: Double(Self.bytes(of: set)) / Double(max(1, before.bytes)), unit: .ratio, bound: .atMost(1.2)),
          Goal(
            name: "of the live set's memory", value: Double(server.residentBytes) / Double(max(1, before.resident)),
            unit: .ratio, bound: .atMost(1.2)),
          Goal(name: "until they were removed", value: (gone ?? Self.patience) / .seconds(1), unit: .seconds),
        ], errors: errors))
  }

  /// What it is like before: latency, memory, and room on the disk once the server has ended.
  private func livingAlone(
    _ set: DataSet, _ settings: [String]
  ) async throws(BenchmarkError) -> (p99: Double, resident: Int, bytes: Int) {
    let subject = try await subject(of: set, settings: settings)
    defer { subject.server?.end() }
    try await warm(subject)
    var latencies: [Double] = []
    for round in 1...bench.options.rounds {
      bench.progress.show("P10 before, round \(round) of \(bench.options.rounds)")
      latencies.append(try await stream(on: subject, flood: nil).p99)
    }
    let resident = subject.server?.residentBytes ?? 0
    subject.server?.end()
    return (Statistics.median(latencies), resident, Self.bytes(of: set))
  }

  /// The database without its log, whose size says nothing of what is in it.
  private static func bytes(of set: DataSet) -> Int { SmallFile.size("\(set.folder)/sesame.db") }
}
