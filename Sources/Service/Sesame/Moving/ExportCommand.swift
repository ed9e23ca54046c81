import Commands
import Configuration
import JSON
import Moving

/// `sesame export`.
enum ExportCommand {
  static func run(_ invocation: Invocation) async throws(CommandError) -> Int32 {
    let request = MovingRequest(exporting: invocation)
    let settings = try Program.settings(invocation)
    // Cancelling it leaves what is written, to be gone on with.
    let run = Task {
      await export(request, settings)
    }
    Signals.watch { signal in
      if signal == .stop { run.cancel() }
    }
    return await run.value
  }

  private static func export(_ request: MovingRequest, _ settings: Settings) async -> Int32 {
    let opened: MovedStore
    do throws(StartError) {
      opened = try await MovedStore(settings, mustExist: true)
    } catch {
      Program.complain(error.description)
      return 1
    }
    var options = Exporter.Options()
    options.includesEnded = request.includesEnded
    options.resumes = request.resumes
    let bar = ProgressBar("exporting")
    let status: Int32
    do throws(MovingError) {
      let exporter = Exporter(store: opened.store, clock: SystemClock(), program: "sesame \(Version.text)")
      let counts = try await exporter.export(to: request.file, options) { bar.show($0) }
      bar.clear()
      print(request.isForMachines ? json(counts) : "Exported \(counts.sentence) to \(request.file).")
      status = 0
    } catch {
      bar.clear()
      Program.complain(error.description)
      status = error.code == .interrupted ? 130 : 1
    }
    await opened.store.shutdown()
    return status
  }

  private static func json(_ counts: MoveCounts) -> String {
    var json = JSONWriter()
    json.beginObject()
    json.write(counts, as: "exported")
    json.endObject()
    return String(decoding: json.bytes, as: UTF8.self)
  }
}

extension MoveCounts {
  /// The counts for a person.
  var sentence: String {
    func count(_ number: Int64, _ one: String) -> String { "\(number) \(one)\(number == 1 ? "" : "s")" }
    return "\(count(keys, "service key")), \(count(accounts, "account")) and \(count(sessions, "session"))"
  }
}

extension JSONWriter {
  /// Writes counts as a member.
  mutating func write(_ counts: MoveCounts, as name: StaticString) {
    self.name(name)
    beginObject()
    member("keys", counts.keys)
    member("accounts", counts.accounts)
    member("sessions", counts.sessions)
    endObject()
  }
}
