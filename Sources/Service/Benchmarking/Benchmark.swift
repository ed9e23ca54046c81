/// A run of measurements: starts what it needs, measures, and leaves nothing behind.
///
/// What it starts ends, and what it makes is removed, also when it fails or its task is cancelled.
public final class Benchmark {
  let bench: Workbench
  private(set) var results: [BenchmarkResult] = []
  private var ownSubject: Subject?

  /// With how many sessions the load scripts go round.
  static let hotSessions = 10_000
  /// The size at which lists, cold verifying, memory and expiry have their targets.
  static let largeSet = 1_000_000

  /// Looks for the tools, and starts the control.
  ///
  /// - Parameters:
  ///   - options: what to do.
  ///   - program: the executable of which `serve` is a command.
  ///   - source: makes data sets.
  /// - Throws: ``BenchmarkError`` if something is missing.
  public init(
    _ options: BenchmarkOptions, program: String, source: any DataSetSource
  ) async throws(BenchmarkError) {
    bench = try await Workbench(options, program: program, source: source, progress: Progress())
  }

  /// Measures what the options name, one after the other.
  ///
  /// A measurement that fails is reported as such, and the others go on.
  ///
  /// - Parameter save: Called with the report so far whenever there is more of it.
  /// - Returns: The report.
  /// - Throws: ``BenchmarkError/Code/interrupted`` if the task is cancelled.
  public func run(
    save: (BenchmarkReport) throws(BenchmarkError) -> Void
  ) async throws(BenchmarkError) -> BenchmarkReport {
    defer {
      bench.progress.clear()
      ownSubject?.server?.end()
      bench.end()
    }
    var sets: [DataSet] = []
    if bench.options.makesSetsOnly {
      for count in bench.options.sessions { sets.append(try await bench.set(count)) }
      return BenchmarkReport(machine: Machine(bench), options: bench.options, sets: sets, results: [])
    }
    for measurement in Self.order where bench.options.measurements.contains(measurement) {
      try await attempt(measurement)
      try save(report)
    }
    return report
  }

  /// Those that leave many sessions behind on the server that they share come last.
  private static let order: [Measurement] = [
    .verify, .verifyByPost, .forgedFlood, .requestTimes, .memory, .start, .verifyAmongMany, .coldVerify, .lists,
    .open, .renewAndClose, .expiry,
  ]

  private var report: BenchmarkReport {
    BenchmarkReport(
      machine: Machine(bench), options: bench.options, sets: [],
      results: results.enumerated().sorted {
        ($0.element.measurement, $0.offset) < ($1.element.measurement, $1.offset)
      }.map(\.element))
  }

  private func attempt(_ measurement: Measurement) async throws(BenchmarkError) {
    bench.progress.show("\(measurement.rawValue): getting ready")
    do throws(BenchmarkError) {
      switch measurement {
      case .verify: try await measureVerifying()
      case .verifyAmongMany: try await measureVerifyingAmongMany()
      case .verifyByPost: try await measureVerifyingByPost()
      case .open: try await measureOpening()
      case .renewAndClose: try await measureRenewingAndClosing()
      case .forgedFlood: try await measureForgedFlood()
      case .coldVerify: try await measureColdVerifying()
      case .requestTimes: try await measureRequestTimes()
      case .lists: try await measureLists()
      case .expiry: try await measureExpiry()
      case .memory: try await measureMemory()
      case .start: try await measureStart()
      }
    } catch {
      if error.code == .interrupted { throw error }
      add(BenchmarkResult(measurement: measurement, what: "failed", sessions: 0, failure: error.description))
    }
  }

  func add(_ result: BenchmarkResult) { results.append(result) }

  /// The server that most is measured on: the given one, or one with 10,000 sessions that was started for it.
  func subject() async throws(BenchmarkError) -> Subject {
    if let ownSubject { return ownSubject }
    let file = bench.folder.file("sessions")
    let server: MeasuredServer?
    let target: LoadTarget
    if let address = bench.options.address {
      server = nil
      target = LoadTarget(address: address, key: bench.options.key) { [] }
    } else {
      let started = try await bench.serve()
      server = started
      target = started.target
    }
    try await bench.generator.open(Self.hotSessions, on: target, into: file)
    let subject = Subject(target: target, sessions: file, count: Self.hotSessions, server: server)
    ownSubject = subject
    try await warm(subject)
    return subject
  }

  /// Sees to it that the sessions are in the cache, and the connections' memory is there; not counted.
  func warm(_ subject: Subject) async throws(BenchmarkError) {
    _ = try await bench.generator.run(.verify(sessions: subject.sessions), on: subject.target, seconds: 1)
  }

  /// Rounds of a load beside the control.
  func compared(
    _ name: String, on subject: Subject, connections: Int = LoadGenerator.usualConnections, _ script: LoadScript
  ) async throws(BenchmarkError) -> LoadComparison {
    var comparison = LoadComparison()
    for round in 1...bench.options.rounds {
      bench.progress.show("\(name), round \(round) of \(bench.options.rounds)")
      comparison.rounds.append(
        try await bench.compare(
          script, on: subject.target, control: subject.sessions, connections: connections))
    }
    return comparison
  }
}
