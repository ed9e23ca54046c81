/// wrk with one thread, pinned to the core that is not the server's.
struct LoadGenerator {
  /// What wrk has if nobody says otherwise.
  static let usualConnections = 64

  let tools: Tools
  let core: Int
  /// Where the scripts lie, and wrk's output.
  let folder: String

  /// Starts wrk; what it says is in the file of that name.
  ///
  /// A nice one leaves the core to another, which is to measure how long answers take, not how long it waits itself.
  func start(
    _ script: LoadScript, on target: LoadTarget, connections: Int, seconds: Int, output: String, isNice: Bool = false
  ) throws(BenchmarkError) -> ChildProcess {
    let (file, arguments) = script.words
    let command =
      (isNice ? ["nice", "-n", "19"] : []) + [
        tools.wrk, "-t1", "-c\(connections)", "-d\(seconds)s", "--timeout", "10s", "-s", "\(folder)/\(file)",
        target.address, "--",
      ]
      + arguments
    return try ChildProcess(
      tools.pinned(command, to: core), in: folder, output: "\(folder)/\(output)", errors: "\(folder)/\(output).errors",
      variables: target.key.map { ["SESAME_BENCHMARK_KEY": $0] } ?? [:])
  }

  /// Runs wrk to its end.
  func run(
    _ script: LoadScript, on target: LoadTarget, connections: Int = usualConnections, seconds: Int,
    output: String = "load"
  ) async throws(BenchmarkError) -> LoadFigures {
    let before = ProcessFigures.processorSeconds(target.processes())
    let wrk = try start(script, on: target, connections: connections, seconds: seconds, output: output)
    defer { wrk.end() }
    return try await finish(wrk, of: target, since: before, seconds: seconds, output: output)
  }

  /// Waits for wrk's end and reads what it has found.
  func finish(
    _ wrk: ChildProcess, of target: LoadTarget, since before: Double, seconds: Int, output: String
  ) async throws(BenchmarkError) -> LoadFigures {
    let isOver = try await Pause.until(.seconds(seconds + 60)) { () throws(BenchmarkError) in wrk.hasEnded ? true : nil
    }
    let used = ProcessFigures.processorSeconds(target.processes()) - before
    guard isOver == true, var figures = LoadFigures(output: SmallFile.text("\(folder)/\(output)") ?? "") else {
      let said = (SmallFile.text("\(folder)/\(output)") ?? "") + (SmallFile.text("\(folder)/\(output).errors") ?? "")
      throw BenchmarkError(.failed, "wrk failed: \(said)")
    }
    figures.processorMicroseconds = max(0, used) * 1e6 / Double(max(1, figures.requests))
    return figures
  }

  /// Opens sessions and writes them to a file, one a line: id, token, user.
  func open(_ count: Int, on target: LoadTarget, into file: String) async throws(BenchmarkError) {
    let limit = 60 + count / 100
    let wrk = try start(
      .record(count: count, file: file), on: target, connections: min(Self.usualConnections, count), seconds: limit,
      output: "open")
    defer { wrk.end() }
    let isThere = try await Pause.until(.seconds(limit)) { () throws(BenchmarkError) -> Bool? in
      if SmallFile.exists(file) { return true }
      return wrk.hasEnded ? false : nil
    }
    guard isThere == true else {
      let said = (SmallFile.text("\(folder)/open") ?? "") + (SmallFile.text("\(folder)/open.errors") ?? "")
      throw BenchmarkError(.failed, "The server at \(target.address) does not open sessions. \(said)")
    }
  }
}
