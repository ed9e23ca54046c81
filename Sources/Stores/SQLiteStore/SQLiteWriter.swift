internal import SQLiteDriver
internal import SessionCore

/// The one connection that writes, on its own thread: whatever waits is done in one transaction, and answered after
/// its commit.
final class SQLiteWriter {
  private let path: String
  private let configuration: SQLiteStoreConfiguration
  private let checkpointer: SQLiteCheckpointer
  private var opened: SQLiteConnection?
  /// The failure that made SQLite end a transaction by itself.
  private var lastFailure: StoreError?
  /// Whether each job of several steps gets a savepoint.
  private var isCareful = false
  /// Whether a job has failed between its steps without a savepoint: the transaction holds half of it.
  private var isSpoilt = false
  /// How many rows the sweeps that are under way have removed.
  var removedRows = 0
  /// As many rows have gone through all the pages that the connection keeps in memory.
  static let largeSweep = 10_000

  init(path: String, configuration: SQLiteStoreConfiguration, checkpointer: SQLiteCheckpointer) {
    self.path = path
    self.configuration = configuration
    self.checkpointer = checkpointer
  }

  /// Does a batch.
  ///
  /// The first one opens the database, and so does the first after the disk has failed.
  func handle(_ jobs: [StoreJob<SQLiteWriter>]) {
    let connection: SQLiteConnection
    do { connection = try open() } catch {
      for job in jobs { job.refuse(error) }
      return
    }
    var rest = jobs[...]
    while !rest.isEmpty { rest = transact(rest, on: connection) }
    checkpointer.afterCommit(connection)
  }

  /// Does as many jobs as one transaction takes, answers them, and hands back the others: those after one at which
  /// SQLite gave up the whole transaction.
  ///
  /// At first without savepoints, for which SQLite copies each page that a job changes. Should a job of several steps
  /// fail, which is rare, the transaction is undone and all its jobs are done anew, each in a savepoint.
  private func transact(
    _ jobs: ArraySlice<StoreJob<SQLiteWriter>>, on connection: SQLiteConnection
  ) -> ArraySlice<StoreJob<SQLiteWriter>> {
    isCareful = false
    while true {
      do { try connection.statement(Self.begin).run() } catch {
        let failure = StoreError(error)
        for job in jobs { job.refuse(failure) }
        if error.code == .inputOutput || connection.isInTransaction { opened = nil }
        return []
      }
      let changes = connection.totalChanges
      let answers = perform(jobs, on: connection)
      if isSpoilt {
        if connection.isInTransaction { try? connection.execute("ROLLBACK") }
        isCareful = true
        continue
      }
      let failure =
        connection.isInTransaction
        ? commit(connection, since: changes, writes: answers.count) : lastFailure ?? Self.lost
      for answer in answers { answer(failure) }
      if failure?.code == .full { checkpointer.begin() }
      return jobs.dropFirst(answers.count)
    }
  }

  /// Does jobs until all are done, the transaction is over, or one has left it half done.
  private func perform(
    _ jobs: ArraySlice<StoreJob<SQLiteWriter>>, on connection: SQLiteConnection
  ) -> [StoreJob<SQLiteWriter>.Answer] {
    var answers: [StoreJob<SQLiteWriter>.Answer] = []
    answers.reserveCapacity(jobs.count)
    lastFailure = nil
    isSpoilt = false
    for job in jobs {
      answers.append(job.perform(self))
      if isSpoilt || !connection.isInTransaction { break }
    }
    return answers
  }

  private static let begin = FrequentStatement("BEGIN IMMEDIATE")
  private static let commit = FrequentStatement("COMMIT")

  /// Commits, and tells of it unless nothing has changed since there were so many changes: that costs no write.
  private func commit(_ connection: SQLiteConnection, since changes: Int64, writes: Int) -> StoreError? {
    let onCommit = connection.totalChanges == changes ? nil : configuration.onCommit
    let start = onCommit == nil ? nil : ContinuousClock.now
    do {
      try connection.statement(Self.commit).run()
    } catch {
      if connection.isInTransaction { try? connection.execute("ROLLBACK") }
      // Whatever SQLite believes of a disk that failed, a new connection reads it again.
      if error.code == .inputOutput { opened = nil }
      return StoreError(committing: error)
    }
    if let start, let onCommit { onCommit(writes, ContinuousClock.now - start) }
    return nil
  }

  private func open() throws(StoreError) -> SQLiteConnection {
    if let opened { return opened }
    do {
      let connection = try SQLiteConnection(path: path, mode: .readWrite, gathersLog: true)
      try SQLiteSchema.apply(to: connection, migrates: configuration.migrates)
      try connection.execute(
        """
        PRAGMA temp_store = MEMORY; PRAGMA journal_size_limit = 67108864;
        PRAGMA cache_size = -\(max(0, configuration.writerCacheKibibytes))
        """)
      if let pages = configuration.maximumPages { try connection.execute("PRAGMA max_page_count = \(max(1, pages))") }
      connection.countLogPages()
      opened = connection
      return connection
    } catch let error as StoreError {
      throw error
    } catch let error as SQLiteError {
      throw StoreError(error)
    } catch {
      throw StoreError(.unavailable, "The session database can't be opened.", underlying: error)
    }
  }

  private static var lost: StoreError { StoreError(.unavailable, "The session database gave up the transaction.") }

  // MARK: For the verbs

  /// The connection, inside a transaction.
  func connection() throws(StoreError) -> SQLiteConnection {
    guard let opened else { throw Self.lost }
    return opened
  }

  /// Runs statements, and notes what SQLite said if they fail.
  func run<Result>(_ body: (SQLiteConnection) throws(SQLiteError) -> Result) throws(StoreError) -> Result {
    let connection = try connection()
    do { return try body(connection) } catch {
      let failure = StoreError(error)
      lastFailure = failure
      throw failure
    }
  }

  /// Runs several statements that are undone together if one fails.
  func step<Result>(_ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
    if isCareful { return try connection().savepoint(body) { StoreError($0) } }
    do { return try body() } catch {
      isSpoilt = true
      throw error
    }
  }
}
