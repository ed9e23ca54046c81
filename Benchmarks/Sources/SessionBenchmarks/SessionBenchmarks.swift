import Glibc

/// Measures what Sesame's parts cost inside a process.
@main struct SessionBenchmarks {
  /// Every benchmark, those that are compared with one another together.
  static let subjects = [
    tokenBenchmarks, verificationBenchmarks, writeBenchmarks, jsonBenchmarks, routingBenchmarks, pageBenchmarks,
  ]

  static func main() async {
    // Before there is a second thread.
    _ = Cost.hasInstructions
    do {
      try await run(Options(CommandLine.arguments.dropFirst()))
    } catch {
      tell("\(error)\n", stderr: true)
      exit(1)
    }
  }

  private static func run(_ options: Options) async throws {
    if options.showsHelp { return tell(Options.help + "\n") }
    let chosen = try options.chosen(of: subjects)
    if options.listsNames { return tell(chosen.joined().map { $0.name + "\n" }.joined()) }
    if let operations = options.operations {
      for benchmark in chosen.joined() { try await Callgrind.run(benchmark, count: operations, options.scale) }
      return
    }
    tell(Report.heading + "\n")
    var measurements: [Measurement] = []
    for subject in chosen {
      for var measurement in try await Runner(scale: options.scale, seconds: options.seconds).measure(subject) {
        if options.usesCallgrind, measurement.cost.instructions == nil {
          measurement.cost.instructions = try Callgrind.instructions(
            of: measurement.benchmark.name, count: callgrindCount(measurement.cost), options.scale)
        }
        tell(Report.row(measurement) + "\n")
        measurements.append(measurement)
      }
    }
    if let lines = Targets.lines(measurements) { tell("\n" + lines) }
    if let file = options.json { try write(Report.json(measurements), to: file) }
  }

  /// As many operations as take some ten milliseconds, and under Callgrind a second.
  private static func callgrindCount(_ cost: Cost) -> Int { min(max(100, Int(1e7 / cost.elapsed)), 5000) }

  private static func tell(_ text: String, stderr isError: Bool = false) {
    // At once, for whoever watches: a table may take minutes.
    var text = text
    text.withUTF8 { bytes in _ = unsafe Glibc.write(isError ? 2 : 1, bytes.baseAddress, bytes.count) }
  }

  private static func write(_ bytes: [UInt8], to file: String) throws {
    guard let stream = unsafe fopen(file, "w") else { throw Unexpected("\(file) can't be written.") }
    defer { unsafe fclose(stream) }
    guard unsafe fwrite(bytes, 1, bytes.count, stream) == bytes.count else {
      throw Unexpected("\(file) can't be written.")
    }
  }
}
