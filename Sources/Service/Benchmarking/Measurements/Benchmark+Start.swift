extension Benchmark {
  /// P12: from the start of the process to the line that says it is ready.
  func measureStart() async throws(BenchmarkError) {
    for count in bench.options.sessions {
      let set = try await bench.set(count)
      var times: [Double] = []
      for round in 1...bench.options.rounds {
        bench.progress.show("P12 start with \(count) sessions, round \(round) of \(bench.options.rounds)")
        let server = try await bench.serve(set.folder)
        times.append(server.startTime / .seconds(1))
        server.end()
      }
      add(
        BenchmarkResult(
          measurement: .start, what: "start", sessions: count, connections: 0,
          goals: [
            Goal(
              name: "to ready", value: Statistics.median(times), unit: .seconds,
              bound: .atMost(count > Self.largeSet ? 1 : 0.5))
          ]))
    }
  }
}
