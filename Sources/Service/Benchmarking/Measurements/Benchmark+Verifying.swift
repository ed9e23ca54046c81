extension Benchmark {
  /// P1, and the same with other numbers of connections.
  func measureVerifying() async throws(BenchmarkError) {
    let subject = try await subject()
    for connections in bench.options.connections {
      let load = try await compared(
        "P1 verify, \(connections) connections", on: subject, connections: connections,
        .verify(sessions: subject.sessions))
      var goals = [Goal(name: "of the control", value: load.ratio, unit: .ratio, bound: .atLeast(0.95))]
      if subject.server != nil {
        goals.append(
          Goal(
            name: "of CPU each", value: load.server(\.processorMicroseconds), unit: .microseconds, bound: .atMost(9)))
      }
      goals.append(Goal(name: "at p99", value: load.server(\.p99), unit: .milliseconds, bound: .atMost(1)))
      // The targets are those of the usual number of connections.
      if connections != LoadGenerator.usualConnections { for index in goals.indices { goals[index].bound = nil } }
      add(
        BenchmarkResult(
          measurement: .verify, what: "verify, in the cache", sessions: subject.count, connections: connections,
          goals: goals, load: load, errors: load.errors))
    }
  }

  /// P2: one server with few sessions and one with many take turns on one core.
  func measureVerifyingAmongMany() async throws(BenchmarkError) {
    let few = try await subject()
    for count in bench.options.sessions where count > few.count {
      let many = try await subject(of: try await bench.set(count))
      defer { many.server?.end() }
      try await warm(many)
      var load = LoadComparison()
      var ratios: [Double] = []
      for round in 1...bench.options.rounds {
        bench.progress.show("P2 verify among \(count), round \(round) of \(bench.options.rounds)")
        let base = try await bench.compare(.verify(sessions: few.sessions), on: few.target, control: few.sessions)
        let next = try await bench.compare(.verify(sessions: many.sessions), on: many.target, control: few.sessions)
        load.rounds.append(next)
        ratios.append(next.server.rate / max(1, base.server.rate))
      }
      let target = count > Self.largeSet ? 0.8 : 0.9
      add(
        BenchmarkResult(
          measurement: .verifyAmongMany, what: "verify, \(Self.hotSessions) of them hot", sessions: count,
          goals: [
            Goal(
              name: "of that at \(few.count) sessions", value: Statistics.median(ratios), unit: .ratio,
              bound: .atLeast(target))
          ], load: load, errors: load.errors))
    }
  }

  /// P3.
  func measureVerifyingByPost() async throws(BenchmarkError) {
    let subject = try await subject()
    for interface in LoadScript.Interface.allCases where interface != .user {
      let load = try await compared(
        "P3 \(interface.name)", on: subject, .verify(sessions: subject.sessions, interface: interface))
      add(
        BenchmarkResult(
          measurement: .verifyByPost, what: interface.name, sessions: subject.count,
          goals: [Goal(name: "of the control", value: load.ratio, unit: .ratio, bound: .atLeast(0.6))], load: load,
          errors: load.errors))
    }
  }

  /// P7: nothing is kept, so each verification reads the store.
  func measureColdVerifying() async throws(BenchmarkError) {
    let count = largestSet
    let cold = try await subject(of: try await bench.set(count), listed: 100_000, settings: ["cache.bytes=0"])
    defer { cold.server?.end() }
    try await warm(cold)
    let load = try await compared("P7 cold verify", on: cold, .verify(sessions: cold.sessions))
    add(
      BenchmarkResult(
        measurement: .coldVerify, what: "verify, read from the store", sessions: count,
        goals: [Goal(name: "of the control", value: load.ratio, unit: .ratio, bound: .atLeast(0.3))], load: load,
        errors: load.errors))
  }

  /// A server on a data set, some of whose sessions the load goes round.
  func subject(
    of set: DataSet, listed: Int = hotSessions, settings: [String] = []
  ) async throws(BenchmarkError) -> Subject {
    let file = bench.folder.file("sessions-\(bench.nextName())")
    try await set.write(listed, to: file, from: bench.source)
    let server = try await bench.serve(set.folder, settings: settings)
    return Subject(target: server.target, sessions: file, count: set.rule.count, server: server)
  }

  /// The size of the set for what has its target at 1,000,000: as near to it as the options allow.
  var largestSet: Int {
    bench.options.sessions.last { $0 <= Self.largeSet } ?? bench.options.sessions[0]
  }
}
