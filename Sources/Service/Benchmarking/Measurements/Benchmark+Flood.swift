extension Benchmark {
  /// The steady stream has so many connections, each of which waits so many ms on average.
  private static let stream = (connections: 16, pause: 8)

  /// P6: how fast forged tokens are refused, and what their flood costs those who come with good ones.
  func measureForgedFlood() async throws(BenchmarkError) {
    let subject = try await subject()
    let forged = bench.folder.file("forged")
    try Self.forge(subject.sessions, into: forged)
    let reads = try subject.server?.metrics()["sesame_cache_misses_total"]
    let load = try await compared("P6 forged tokens", on: subject, .verify(sessions: forged))
    var (alone, amongGood, amongForged) = ([Double](), [Double](), [Double]())
    var control: [Double] = []
    var errors = 0
    for round in 1...bench.options.rounds {
      bench.progress.show("P6 good tokens beside forged ones, round \(round) of \(bench.options.rounds)")
      let quiet = try await stream(on: subject, flood: nil)
      let busy = try await stream(on: subject, flood: subject.sessions)
      let flooded = try await stream(on: subject, flood: forged)
      // What a full core makes of the same stream where no answer costs more than another.
      let controlQuiet = try await stream(on: subject, flood: nil, at: bench.control.target)
      let controlFlooded = try await stream(on: subject, flood: forged, at: bench.control.target)
      control.append(controlFlooded.p99 / max(0.001, controlQuiet.p99))
      alone.append(quiet.p99)
      amongGood.append(busy.p99)
      amongForged.append(flooded.p99)
      errors += quiet.errors + busy.errors + flooded.errors
    }
    var goals = [Goal(name: "of the control", value: load.ratio, unit: .ratio, bound: .atLeast(0.8))]
    if let reads, let now = try subject.server?.metrics()["sesame_cache_misses_total"] {
      goals.append(Goal(name: "store reads", value: now - reads, unit: .count, bound: .atMost(0)))
    }
    func ratio(to others: [Double]) -> Double {
      Statistics.median(zip(amongForged, others).map { $0 / max(0.001, $1) })
    }
    goals.append(
      Goal(
        name: "times the p99 of good tokens beside nothing (\(Decimal.text(Statistics.median(alone), places: 2)) ms)",
        value: ratio(to: alone), unit: .ratio, bound: .atMost(2)))
    goals.append(Goal(name: "times that beside a flood of good tokens", value: ratio(to: amongGood), unit: .ratio))
    goals.append(
      Goal(name: "times the control's own p99, under such a flood", value: Statistics.median(control), unit: .ratio))
    // Every forged token is to be refused: whatever was not is an error.
    errors += load.rounds.reduce(0) { $0 + $1.server.requests - $1.server.refused + $1.server.broken }
    add(
      BenchmarkResult(
        measurement: .forgedFlood, what: "forged tokens, refused", sessions: subject.count, goals: goals, load: load,
        errors: errors))
  }

  /// A steady stream of good tokens, beside a flood or beside nothing; the server's, unless `target` is another.
  func stream(
    on subject: Subject, flood: String?, at target: LoadTarget? = nil
  ) async throws(BenchmarkError) -> LoadFigures {
    let seconds = bench.options.seconds
    let target = target ?? subject.target
    var flooding: ChildProcess?
    if let flood {
      flooding = try bench.generator.start(
        .verify(sessions: flood), on: target, connections: LoadGenerator.usualConnections, seconds: seconds + 3,
        output: "flood", isNice: true)
      // wrk prepares its requests first.
      try await Pause.wait(.seconds(1))
    }
    defer { flooding?.end() }
    return try await bench.generator.run(
      .verify(sessions: subject.sessions, pause: Self.stream.pause), on: target,
      connections: Self.stream.connections, seconds: seconds, output: "stream")
  }

  /// Changes one character of each token, in the part that is the signature.
  private static func forge(_ sessions: String, into file: String) throws(BenchmarkError) {
    let lines = (SmallFile.text(sessions) ?? "").split(separator: "\n")
    var text: [UInt8] = []
    for line in lines {
      let parts = line.split(separator: " ")
      guard parts.count == 3 else { continue }
      var token = Array(parts[1].utf8)
      let place = token.count - 10
      token[place] = token[place] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
      text += Array(parts[0].utf8) + [0x20] + token + [0x20] + Array(parts[2].utf8) + [0x0A]
    }
    try SmallFile.write(text, to: file)
  }
}
