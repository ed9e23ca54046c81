extension Benchmark {
  /// P11.
  func measureMemory() async throws(BenchmarkError) {
    try await measureIdleMemory()
    try await measureCachedSessions()
  }

  private func measureIdleMemory() async throws(BenchmarkError) {
    let count = 1000
    let server = try await bench.serve()
    defer { server.end() }
    bench.progress.show("P11 memory of an idle server and of idle connections")
    // What is read for the metrics is not part of an idle server: it is looked at before anything is asked.
    try await Pause.wait(.seconds(1))
    let idle = server.residentBytes
    var connections: [LoopbackClient] = []
    for _ in 0..<count {
      let client = try LoopbackClient(port: server.port)
      _ = try client.get("/healthz")
      connections.append(client)
    }
    let grown = server.residentBytes - idle
    add(
      BenchmarkResult(
        measurement: .memory, what: "idle server", sessions: 0, connections: 0,
        goals: [Goal(name: "resident", value: Double(idle) / 1_048_576, unit: .mebibytes, bound: .atMost(30))]))
    add(
      BenchmarkResult(
        measurement: .memory, what: "\(connections.count) idle connections", sessions: 0, connections: count,
        goals: [Goal(name: "each", value: Double(grown) / Double(count), unit: .bytes, bound: .atMost(16_384))]))
  }

  /// The growth from a fifth of the sessions to all: the store's own caches are full by then, those of its readers and,
  /// once the request times are written, that of its writer.
  private func measureCachedSessions() async throws(BenchmarkError) {
    let set = try await bench.set(largestSet)
    let all = min(set.rule.count, 250_000)
    let (some, rest) = (bench.folder.file("some"), bench.folder.file("rest"))
    try await set.write(all / 5, to: some, from: bench.source)
    try await set.write(all, offset: 1, to: rest, from: bench.source)
    // With room for all: what is given up for room would not be counted.
    let server = try await bench.serve(set.folder, settings: ["cache.bytes=2GiB"])
    defer { server.end() }
    func fill(_ file: String, _ count: Int) async throws(BenchmarkError) -> (sessions: Double, bytes: Int) {
      // A cold server needs as long as it needs; a load that goes on finds what is there already.
      var cached = 0.0
      for _ in 0..<20 where cached < 0.99 * Double(count) {
        bench.progress.show("P11 memory of cached sessions", part: cached / Double(all))
        _ = try await bench.generator.run(.verify(sessions: file), on: server.target, seconds: 4)
        cached = try server.metrics()["sesame_cache_sessions"]
      }
      // Two touch intervals, and a little.
      try await Pause.wait(.seconds(12))
      return (cached, server.residentBytes)
    }
    let first = try await fill(some, all / 5)
    let second = try await fill(rest, all)
    let sessions = second.sessions - first.sessions
    add(
      BenchmarkResult(
        measurement: .memory, what: "\(Int(max(0, sessions))) more sessions in the cache", sessions: set.rule.count,
        goals: [
          Goal(
            name: "each", value: Double(second.bytes - first.bytes) / max(1, sessions), unit: .bytes,
            bound: .atMost(512))
        ]))
  }
}
