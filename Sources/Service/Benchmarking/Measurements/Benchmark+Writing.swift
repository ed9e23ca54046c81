extension Benchmark {
  /// More sessions than any server renews or closes in a second.
  private static let writesPerSecond = 40_000

  /// P4.
  func measureOpening() async throws(BenchmarkError) {
    let subject = try await subject()
    let load = try await compared("P4 open", on: subject, .open)
    add(
      BenchmarkResult(
        measurement: .open, what: "open, durable", sessions: subject.count,
        goals: [Goal(name: "of the control", value: load.ratio, unit: .ratio, bound: .atLeast(0.25))], load: load,
        errors: load.errors))
  }

  /// P5: on sessions that were opened just before, each renewed once and closed once.
  func measureRenewingAndClosing() async throws(BenchmarkError) {
    let subject = try await subject()
    let file = bench.folder.file("once")
    var (renewals, closings) = (LoadComparison(), LoadComparison())
    for round in 1...bench.options.rounds {
      bench.progress.show("P5 renew and close, round \(round) of \(bench.options.rounds): opening sessions")
      SmallFile.remove(file)
      try await bench.generator.open(bench.options.seconds * Self.writesPerSecond, on: subject.target, into: file)
      bench.progress.show("P5 renew, round \(round) of \(bench.options.rounds)")
      renewals.rounds.append(
        try await bench.compare(.renew(sessions: file), on: subject.target, control: subject.sessions))
      bench.progress.show("P5 close, round \(round) of \(bench.options.rounds)")
      closings.rounds.append(
        try await bench.compare(.close(sessions: file), on: subject.target, control: subject.sessions))
    }
    for (what, load) in [("renew, durable", renewals), ("close, durable", closings)] {
      add(
        BenchmarkResult(
          measurement: .renewAndClose, what: what, sessions: subject.count,
          goals: [Goal(name: "of the control", value: load.ratio, unit: .ratio, bound: .atLeast(0.2))], load: load,
          errors: load.errors))
    }
  }

  /// P8: many verifications of few sessions, and how many of their times were written.
  func measureRequestTimes() async throws(BenchmarkError) {
    let count = 1000
    // A sweep writes the times as well; what is counted is how often they are written without one.
    let server = try await bench.serve(settings: ["session.sweep_interval=1d"])
    defer { server.end() }
    let file = bench.folder.file("few")
    try await bench.generator.open(count, on: server.target, into: file)
    // The sessions that were opened beyond those on the list are written by now, and so are their first times.
    try await Pause.wait(.seconds(6))
    let metric = "sesame_request_times_saved_total"
    let before = try server.metrics()[metric]
    bench.progress.show("P8 request times")
    let figures = try await bench.generator.run(.verify(sessions: file), on: server.target, seconds: 10)
    try await Pause.wait(.seconds(6))
    let written = try server.metrics()[metric] - before
    add(
      BenchmarkResult(
        measurement: .requestTimes, what: "\(figures.requests) verifications of \(count) sessions in 10 s",
        sessions: count,
        goals: [
          Goal(
            name: "durable writes of each session", value: written / Double(count), unit: .ratio, bound: .atMost(3))
        ],
        errors: figures.errors))
  }
}
