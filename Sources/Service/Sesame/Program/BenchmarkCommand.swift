import Benchmarking
import Commands
import Configuration
import Glibc
import Log
import Metrics
import SessionCore

/// `sesame benchmark`.
enum BenchmarkCommand {
  static func run(_ invocation: Invocation) async throws(CommandError) -> Int32 {
    do throws(BenchmarkError) {
      let options = try BenchmarkOptions(invocation.options)
      // Servers and wrk inherit it: some loads have thousands of connections.
      _ = ProcessLimits.raiseOpenFiles()
      let run = Task { () async -> Result<BenchmarkReport, BenchmarkError> in
        do throws(BenchmarkError) {
          let benchmark = try await Benchmark(options, program: executable, source: DataFolders())
          return .success(try await benchmark.run { (report) throws(BenchmarkError) in try save(report, options) })
        } catch {
          return .failure(error)
        }
      }
      Signals.watch { request in
        if request == .stop { run.cancel() }
      }
      let report = try await run.value.get()
      try save(report, options)
      print(report.text)
      return report.hasFailed ? 1 : 0
    } catch {
      if error.code == .interrupted {
        Program.complain(error.description)
        return 130
      }
      throw CommandError(error.code == .wrongUse ? .wrongUse : .failed, error.description)
    }
  }

  /// This program's own file, which is started to serve.
  private static var executable: String {
    unsafe realpath("/proc/self/exe", nil).map { path in
      defer { unsafe free(path) }
      return unsafe String(cString: path)
    } ?? "sesame"
  }

  private static func save(_ report: BenchmarkReport, _ options: BenchmarkOptions) throws(BenchmarkError) {
    guard let path = options.report else { return }
    do throws(FileSystem.Failure) {
      try FileSystem.replace(path, with: report.json)
    } catch {
      throw BenchmarkError("The report \(error.description).")
    }
  }
}

/// Data folders as `sesame serve` makes them with its defaults.
private struct DataFolders: DataSetSource {
  func open(_ folder: String) async throws(BenchmarkError) -> (store: any BulkSessionStore, sessions: Sessions) {
    let opened: any WholeStore
    let keys: KeyRing
    do {
      try FileSystem.makeFolder(folder)
      let settings = try Settings.load(arguments: ["--config", "/dev/null", "--data", folder], environment: [:])
      keys = try KeyRing(file: settings.keys.file)
      let log = Log(level: .error, now: { SystemClock().now() })
      opened = try await SesameServer.openStore(settings, migrates: true, metrics: Metrics(), log: log)
    } catch {
      throw BenchmarkError("The data folder \(folder) can't be used: \(error)")
    }
    guard let store = opened as? any BulkSessionStore else {
      await opened.shutdown()
      throw BenchmarkError("The store in \(folder) does not take in many sessions at once; SQLite's does.")
    }
    return (store, Sessions(store: store, keys: keys))
  }
}
