/// What a run needs all the time: cores, folders, tools, the control, and the source of data sets.
final class Workbench {
  let options: BenchmarkOptions
  /// The executable that serves.
  let program: String
  let tools: Tools
  let cores: (server: Int, load: Int)
  let folder: ScratchFolder
  let generator: LoadGenerator
  let source: any DataSetSource
  let progress: Progress
  let control: ControlServer
  private var names = 0

  init(
    _ options: BenchmarkOptions, program: String, source: any DataSetSource, progress: Progress
  ) async throws(BenchmarkError) {
    self.options = options
    self.program = program
    self.source = source
    self.progress = progress
    tools = try Tools()
    let cores = ProcessFigures.cores
    guard cores.count >= 2 else {
      throw BenchmarkError(.failed, "Two cores are needed, one for the server and one for the load.")
    }
    self.cores = (cores[0], cores[1])
    folder = try ScratchFolder(in: options.disk)
    let scripts = try folder.make("load")
    try LoadScript.install(in: scripts)
    generator = LoadGenerator(tools: tools, core: cores[1], folder: scripts)
    control = try await ControlServer(tools, core: cores[0], in: try folder.make("control"))
  }

  /// A new name for a folder.
  func nextName() -> String {
    names += 1
    return "\(names)"
  }

  /// Starts a server on a data folder, or on a new one.
  func serve(_ data: String? = nil, settings: [String] = []) async throws(BenchmarkError) -> MeasuredServer {
    try await MeasuredServer(
      program, data: data ?? folder.file("data-\(nextName())"), settings: settings, on: self)
  }

  /// The data set of a size: that of an earlier run, or a new one.
  func set(_ count: Int) async throws(BenchmarkError) -> DataSet {
    let place = options.keep ?? folder.path
    let path = "\(ScratchFolder.absolute(place) ?? place)/sessions-\(count)"
    if let set = DataSet(in: path, count: count) { return set }
    guard !SmallFile.exists(path) else {
      throw BenchmarkError(.failed, "\(path) is there and is no data set; move it away, or keep sets elsewhere.")
    }
    let set = try await DataSet.make(count, in: path, from: source, progress: progress)
    progress.note("made \(count) sessions in \(Decimal.text(set.seconds, places: 1)) s: \(path)")
    return set
  }

  /// One round of a load on the server, after one of the same length and width on the control.
  ///
  /// What the control is asked is the same whatever the server is asked: it answers everything alike.
  func compare(
    _ script: LoadScript, on target: LoadTarget, control sessions: String,
    connections: Int = LoadGenerator.usualConnections
  ) async throws(BenchmarkError) -> LoadComparison.Round {
    let beside = try await generator.run(
      .verify(sessions: sessions), on: control.target, connections: connections, seconds: options.seconds)
    let server = try await generator.run(script, on: target, connections: connections, seconds: options.seconds)
    return LoadComparison.Round(server: server, control: beside)
  }

  /// Ends the control; the folder goes with this value.
  func end() { control.end() }
}
