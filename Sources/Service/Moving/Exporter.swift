public import Accounts
public import SessionCore

/// Writes what a store keeps into a file: service keys, accounts, and sessions in the order in which they were opened.
///
/// Constant memory, whatever the store holds: a page is read, written and forgotten. On a store that is in use, the
/// file has each thing as it was when its page was read.
public struct Exporter: Sendable {
  /// What is exported.
  public struct Options: Sendable {
    /// Whether sessions that have ended are exported too; by default they are not.
    public var includesEnded = false
    /// Whether an export that was interrupted is gone on with.
    public var resumes = false

    /// The defaults.
    public init() {}
  }

  private static let pageLength = 1000

  private let store: any MovingStore
  private let clock: any SessionClock
  private let program: String

  /// An exporter of a store; `program` is what the file says of who wrote it.
  public init(store: any MovingStore, clock: any SessionClock, program: String) {
    self.store = store
    self.clock = clock
    self.program = program
  }

  /// Exports into a file of mode 0600, which has its name only when it is whole; until then it is `FILE.part`.
  ///
  /// Stops, leaving the part, when the task is cancelled.
  ///
  /// - Parameters:
  ///   - path: the file, which must not be there.
  ///   - options: what is exported.
  ///   - progress: told now and then how far it has got.
  /// - Returns: how many of each the file has.
  /// - Throws: what stands in the way; the part stays, to be gone on with.
  public func export(
    to path: String, _ options: Options = Options(), progress: (MoveProgress) -> Void = { _ in }
  ) async throws(MovingError) -> MoveCounts {
    var beginning = ExportFile.Beginning()
    var file: ExportFile
    if options.resumes, let begun = try ExportFile(resuming: path, &beginning) {
      file = begun
    } else {
      file = try ExportFile(new: path, header: .header(program: program, created: clock.now()))
    }
    var filter = SessionFilter()
    if !options.includesEnded { filter.isAlive = true }
    var walk = Walk(counts: beginning.counts, sessions: filter)
    do {
      try await walk.measure(store, at: clock.now())
      if beginning.lastAccount == nil, beginning.lastSession == nil {
        try await exportKeys(to: &file, after: beginning.lastKey, &walk, progress)
      }
      if beginning.lastSession == nil {
        try await exportAccounts(to: &file, after: beginning.lastAccount, &walk, progress)
      }
      try await exportSessions(to: &file, after: beginning.lastSession, &walk, progress)
    } catch {
      // What was read is not read again when it is gone on with.
      try? file.flush()
      throw error as? MovingError ?? Self.failure(error)
    }
    try file.finish(walk.counts)
    return walk.counts
  }

  /// How far it has got.
  private struct Walk {
    var counts: MoveCounts
    let sessions: SessionFilter
    private var total: Int64?

    init(counts: MoveCounts, sessions: SessionFilter) {
      self.counts = counts
      self.sessions = sessions
    }

    /// Finds out how much there is to do.
    mutating func measure(_ store: any MovingStore, at now: Timestamp) async throws(StoreError) {
      var accounts = AccountQuery(limit: 1)
      accounts.counts = true
      let sum = try await store.count(sessions, now: now) + (store.page(accounts).count ?? 0)
      total = Int64(sum)
    }

    var progress: MoveProgress {
      MoveProgress(part: total.map { $0 == 0 ? 1 : min(1, Double(counts.total) / Double($0)) }, records: counts.total)
    }

    mutating func write(_ record: MovedRecord, to file: inout ExportFile) throws(MovingError) {
      counts.count(record)
      try file.write(.record(record))
    }
  }

  private func exportKeys(
    to file: inout ExportFile, after digest: [UInt8]?, _ walk: inout Walk, _ progress: (MoveProgress) -> Void
  ) async throws {
    var last: Int64 = 0
    if let digest, let key = try await store.serviceKey(digest: digest) { last = key.id }
    while true {
      try Self.stopIfCancelled()
      let keys = try await store.serviceKeys(after: last, limit: Self.pageLength)
      for key in keys {
        // One that was revoked since the page was read has none.
        guard let digest = try await store.digest(ofKey: key.id) else { continue }
        try walk.write(.key(MovedKey(key, digest: digest)), to: &file)
      }
      guard let next = keys.last?.id else { return }
      last = next
      progress(walk.progress)
    }
  }

  private func exportAccounts(
    to file: inout ExportFile, after number: Int64?, _ walk: inout Walk, _ progress: (MoveProgress) -> Void
  ) async throws {
    var query = AccountQuery(after: number.map { AccountID($0) }, limit: Self.pageLength)
    while true {
      try Self.stopIfCancelled()
      let page = try await store.page(query)
      for account in page.accounts {
        let password = account.hasPassword ? try await store.passwordHash(of: account.id) : nil
        try walk.write(.account(MovedAccount(account, password: password)), to: &file)
      }
      progress(walk.progress)
      guard let next = page.next else { return }
      query.after = next
    }
  }

  private func exportSessions(
    to file: inout ExportFile, after cursor: SessionCursor?, _ walk: inout Walk,
    _ progress: (MoveProgress) -> Void
  ) async throws {
    var query = SessionQuery(
      walk.sessions, order: SessionOrder(.opened, isDescending: false), after: cursor, limit: Self.pageLength,
      includesContents: true)
    while true {
      try Self.stopIfCancelled()
      let now = clock.now()
      let page = try await store.page(query, now: now)
      for session in page.sessions { try walk.write(.session(session.settled(at: now)), to: &file) }
      progress(walk.progress)
      guard let next = page.next else { return }
      query.after = next
    }
  }

  private static func stopIfCancelled() throws(MovingError) {
    guard Task.isCancelled else { return }
    throw MovingError(.interrupted, "The export was interrupted; go on with --resume.")
  }

  private static func failure(_ error: any Error) -> MovingError {
    let sentence = (error as? StoreError)?.description ?? "\(error)"
    return MovingError(.store, "The store failed: \(sentence) What was exported is kept; go on with --resume.")
  }
}
