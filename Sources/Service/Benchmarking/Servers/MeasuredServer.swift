/// `sesame serve` with one thread, pinned to one core, on a data folder.
final class MeasuredServer {
  let port: Int
  let target: LoadTarget
  /// Time from the start of the process to the line that says it is ready.
  let startTime: Duration
  private let process: ChildProcess

  /// Starts it, and waits until it is ready.
  ///
  /// - Parameters:
  ///   - program: the executable.
  ///   - data: the data folder, which is made if it is missing.
  ///   - settings: settings such as "cache.bytes=0".
  ///   - workbench: whose core and folder it uses.
  /// - Throws: what the server says if it does not start, and when it is not ready after five minutes.
  init(
    _ program: String, data: String, settings: [String] = [], on workbench: Workbench
  ) async throws(BenchmarkError) {
    let name = workbench.nextName()
    let folder = try workbench.folder.make(name)
    // A socket's path may have 107 bytes at most, and the folder may lie deep: it is named from where the server runs.
    let words = [program, "serve", "--listen", "127.0.0.1:0", "--threads", "1", "--data", data]
    let settings = settings + ["server.socket=sesame.sock"]
    let begin = ContinuousClock.now
    let process = try ChildProcess(
      workbench.tools.pinned(words + settings.flatMap { ["--set", $0] }, to: workbench.cores.server), in: folder,
      output: "\(folder)/output", errors: "\(folder)/log")
    self.process = process
    let line = try await Pause.until(.seconds(300), every: .milliseconds(1)) { () throws(BenchmarkError) -> String? in
      let text = SmallFile.text("\(folder)/output") ?? ""
      if text.hasSuffix("\n") { return text }
      return process.hasEnded ? "" : nil
    }
    startTime = ContinuousClock.now - begin
    guard let line, line.hasPrefix("ready http://"),
      let port = line.split(separator: "\n").first?.split(separator: ":").last.flatMap({ Int($0) })
    else { throw BenchmarkError(.failed, "The server does not start: \(SmallFile.text("\(folder)/log") ?? "")") }
    self.port = port
    target = LoadTarget(address: "http://127.0.0.1:\(port)") { [process.id] }
  }

  /// The memory that it has in use now, in bytes.
  var residentBytes: Int { ProcessFigures.residentBytes(process.id) }

  /// Asks it to end, and waits until it has: the store is closed then.
  func end() { process.end() }

  /// Its metrics now.
  func metrics() throws(BenchmarkError) -> MetricsReading {
    MetricsReading(String(decoding: try LoopbackClient(port: port).get("/metrics"), as: UTF8.self))
  }
}
