import Commands
import Configuration
import JSON
import Log
import Moving
import SessionCore

/// `sesame import`.
enum ImportCommand {
  static func run(_ invocation: Invocation) async throws(CommandError) -> Int32 {
    let request = MovingRequest(importing: invocation)
    let settings = try Program.settings(invocation)
    // Cancelling it leaves what is stored, to be gone on with.
    let run = Task {
      await importAll(request, settings, keyRing: invocation.environment[KeyRingKeeper.variable])
    }
    Signals.watch { signal in
      if signal == .stop { run.cancel() }
    }
    return await run.value
  }

  private static func importAll(_ request: MovingRequest, _ settings: Settings, keyRing: String?) async -> Int32 {
    var opened: MovedStore?
    var options = Importer.Options()
    options.skipsBad = request.skipsBad
    let bar = ProgressBar("importing")
    let status: Int32
    do {
      let report: Importer.Report
      if let origin = request.origin {
        let store = try await MovedStore(settings, mustExist: false)
        opened = store
        report = try await foreign(origin, request, settings, keyRing, into: store, options, bar)
      } else {
        // The file first: a store is not made for one that is none.
        let source = try ExportReader(request.file)
        let store = try await MovedStore(settings, mustExist: false)
        opened = store
        report = try await export(source, request, into: store, options, bar)
      }
      bar.clear()
      print(request.isForMachines ? report.json : report.text(request.shownFile))
      if let fault = report.fault { Program.complain("\(fault).") }
      status = report.fault == nil ? 0 : 1
    } catch {
      bar.clear()
      Program.complain("\(error)")
      status = (error as? MovingError)?.code == .interrupted ? 130 : 1
    }
    await opened?.store.shutdown()
    return status
  }

  /// Imports an export, and notes beside it how far that has got.
  private static func export(
    _ reader: ExportReader, _ request: MovingRequest, into opened: MovedStore, _ options: Importer.Options,
    _ bar: ProgressBar
  ) async throws(MovingError) -> Importer.Report {
    var source = reader
    if request.resumes { try resume(&source, request, opened) }
    let importer = Importer(store: opened.store, clock: SystemClock())
    let report: Importer.Report
    do throws(MovingError) {
      report = try await importer.run(&source, options) { (progress, place) throws(MovingError) in
        bar.show(progress)
        if let place {
          try ImportNote(of: reader, at: place, store: opened.name).save(beside: request.file)
        }
      }
    } catch {
      guard error.code == .interrupted else { throw error }
      throw MovingError(.interrupted, "The import was interrupted; go on with --resume.")
    }
    try ImportNote.remove(beside: request.file)
    return report
  }

  /// Goes on where an earlier import into the same store has got to, if there was one.
  private static func resume(
    _ source: inout ExportReader, _ request: MovingRequest, _ opened: MovedStore
  ) throws(MovingError) {
    guard let note = try ImportNote(beside: request.file) else { return }
    guard note == ImportNote(of: source, at: note.place, store: opened.name) else {
      throw MovingError(
        .file,
        """
        \(request.file).imported is about another file or another store (\(note.store)); import without --resume, \
        which finds by itself what is there.
        """)
    }
    try source.resume(at: note.place)
  }

  /// Imports what another program has kept.
  private static func foreign(
    _ origin: ForeignOrigin, _ request: MovingRequest, _ settings: Settings, _ keyRing: String?,
    into opened: MovedStore, _ options: Importer.Options, _ bar: ProgressBar
  ) async throws -> Importer.Report {
    let clock = SystemClock()
    let log = Log(level: .error, now: { clock.now() })
    // With a store elsewhere there need be no such folder yet, and the key ring's place is in it.
    if keyRing == nil { try FileSystem.makeFolder(settings.server.data) }
    let keeper = try KeyRingKeeper(
      settings.keys, text: keyRing, policy: SessionPolicy(settings.session), clock: clock, log: log)
    try await SharedKeyRing(store: opened.store).agree(on: keeper.ring)
    let context = ForeignContext(
      keys: keeper.ring, clock: clock, random: SystemRandom(), idleTimeout: settings.session.idleTimeout,
      lifetime: settings.session.lifetime)
    var source = try await ForeignSource(origin, request.file, request.foreign, context, drivers: ProgramDrivers())
    let importer = Importer(store: opened.store, clock: clock)
    return try await importer.run(&source, options) { (progress, _) throws(MovingError) in bar.show(progress) }
  }
}
