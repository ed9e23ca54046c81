public import Accounts
public import SessionCore

/// Puts records from a source into a store, where each is kept as it is.
///
/// What is there already stays as it is, so that importing twice changes nothing. Constant memory: records are written
/// some at once and forgotten.
public struct Importer: Sendable {
  /// How it is gone about.
  public struct Options: Sendable {
    /// Whether a bad line of a session is counted and passed over.
    ///
    /// By default it ends the import. Of accounts and keys every line must be right.
    public var skipsBad = false
    /// The most bad lines of which each is told; more are counted only.
    public var toldBad = 20

    /// The defaults.
    public init() {}
  }

  /// What became of everything.
  public struct Report: Sendable, Equatable {
    /// What was added.
    public var added = MoveCounts()
    /// What was there already, and stays as it is.
    public var kept = MoveCounts()
    /// Sessions whose time was up.
    public var ended: Int64 = 0
    /// What was passed over, by why.
    public var passedOver: [String: Int64] = [:]
    /// Records that were moved or kept and lack something of their origin's, by what.
    public var without: [String: Int64] = [:]
    /// Bad lines that were passed over.
    public var bad: Int64 = 0
    /// The first of them, each as a sentence.
    public var badLines: [String] = []
    /// What is wrong with the source as a whole; everything of it was imported nevertheless.
    public var fault: String?

    /// Nothing yet.
    public init() {}

    /// How many records were dealt with.
    var total: Int64 { added.total + kept.total + ended + bad + passedOver.values.reduce(0, +) }
  }

  static let batchLength = 10_000
  static let batchBytes = 1 << 23

  let store: any MovingStore
  let clock: any SessionClock
  let actor: Actor

  /// An importer into a store; `actor` is who the log says made the service keys.
  public init(store: any MovingStore, clock: any SessionClock, actor: Actor = Actor(.service, name: "import")) {
    self.store = store
    self.clock = clock
    self.actor = actor
  }

  /// Imports all of a source.
  ///
  /// Stops between two batches when the task is cancelled.
  ///
  /// - Parameters:
  ///   - source: where records come from.
  ///   - options: how it is gone about.
  ///   - progress: told now and then how far it has got, and up to which place of the source all is stored.
  /// - Returns: what became of everything.
  /// - Throws: what stands in the way; what was stored until then stays.
  public func run(
    _ source: inout some RecordSource, _ options: Options = Options(),
    progress: (MoveProgress, SourcePlace?) throws(MovingError) -> Void = { (_, _) in }
  ) async throws(MovingError) -> Report {
    var report = Report()
    var batch = Batch()
    while var item = try await source.next() {
      if case .partial(let record, let what) = item.content {
        for what in what { report.without[what, default: 0] += 1 }
        item.content = .record(record)
      }
      switch item.content {
      case .passedOver(""): break
      case .passedOver(let why): report.passedOver[why, default: 0] += 1
      case .bad(let why, isSession: true) where options.skipsBad:
        report.bad += 1
        if report.badLines.count < options.toldBad { report.badLines.append("\(item.at): \(why)") }
      case .bad(let why, let isSession):
        try await store(&batch, &report)
        let advice = isSession ? "mend it, or pass over bad sessions with --skip-bad" : "mend it"
        throw MovingError(.format, "\(item.at): \(why). What stands before it is imported; \(advice).")
      case .record(.session(let session)) where session.closeTime == nil && !session.isAlive(at: clock.now()):
        report.ended += 1
      case .record(let record), .partial(let record, _):
        if !batch.takes(record, item.size) {
          try await store(&batch, &report)
          try progress(MoveProgress(part: source.part, records: report.total), nil)
        }
        batch.add(record, at: item.at, item.size)
      }
      if batch.isFull {
        try await store(&batch, &report)
        // All that the source has answered so far is stored now.
        try progress(MoveProgress(part: source.part, records: report.total), source.place)
        if Task.isCancelled { throw MovingError(.interrupted, "The import was interrupted.") }
      }
    }
    try await store(&batch, &report)
    report.fault = source.fault
    try progress(MoveProgress(part: source.part, records: report.total), source.place)
    return report
  }
}
