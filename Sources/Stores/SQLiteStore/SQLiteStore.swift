internal import BlockingIO
internal import SQLiteDriver
public import SessionCore
internal import Synchronization

/// A store in one SQLite file, for one process.
///
/// An answered write survives the end of the process and of the power: every commit is synchronized with the disk
/// (`synchronous = FULL` in WAL mode) before the writes in it are answered. One thread writes, and takes all writes
/// that are waiting into one transaction; others read, each on its own connection, without waiting for the writer.
///
/// The file can be read with `sqlite3` at any time. A second process that opens it as a store is refused. Beside the
/// file lie SQLite's `-wal` and `-shm`, and `-lock`, which only marks the file as in use.
public final class SQLiteStore: PromptSessionStore {
  private let lock: Mutex<FileLock?>
  private let checkpointer: SQLiteCheckpointer
  private let writers: BlockingWorkers<StoreJob<SQLiteWriter>>
  /// What reads one thing has a thread of its own: lists and counts take their time, and must not hold up those who
  /// wait to be let in.
  private let finder: BlockingWorkers<StoreJob<SQLiteReader>>
  private let readers: BlockingWorkers<StoreJob<SQLiteReader>>

  /// Opens the file, or makes it (mode 0600; its folder must be there), and brings its tables up to date.
  ///
  /// Throws `outdated` if that was forbidden and is needed, `corrupt` if the file is damaged, no database, or of a
  /// newer schema, and `unavailable` if it can't be opened or another process has it. A store must be shut down: its
  /// threads end no other way.
  public init(path: String, configuration: SQLiteStoreConfiguration = SQLiteStoreConfiguration())
    async throws(StoreError)
  {
    do {
      lock = Mutex(try FileLock(path: path + "-lock"))
      try PrivateFile.create(path: path)
      let checkpointer = try SQLiteCheckpointer(path: path, threshold: configuration.checkpointPages)
      self.checkpointer = checkpointer
      writers = try BlockingWorkers(
        name: "sqlite-write", capacity: configuration.queueCapacity, batchLimit: configuration.batchLimit
      ) { _ in
        let writer = SQLiteWriter(path: path, configuration: configuration, checkpointer: checkpointer)
        return writer.handle
      }
      finder = try BlockingWorkers(name: "sqlite-find", capacity: configuration.queueCapacity, batchLimit: 64) { _ in
        SQLiteReader(path: path, cacheKibibytes: configuration.readerCacheKibibytes).handle
      }
      readers = try BlockingWorkers(
        name: "sqlite-read", threads: configuration.readers, capacity: configuration.queueCapacity, batchLimit: 1
      ) { _ in
        SQLiteReader(path: path, cacheKibibytes: configuration.readerCacheKibibytes).handle
      }
    } catch {
      throw StoreError(error)
    }
    do {
      try await check()
    } catch {
      await shutdown()
      throw error
    }
  }

  func write<Result: Sendable>(
    _ work: @escaping @Sendable (SQLiteWriter) throws(StoreError) -> Result
  ) async throws(StoreError) -> Result {
    try await StoreJob.run(on: writers, work)
  }

  func read<Result: Sendable>(
    _ work: @escaping @Sendable (SQLiteConnection) throws(StoreError) -> Result
  ) async throws(StoreError) -> Result {
    try await StoreJob.run(on: readers) { (reader) throws(StoreError) in try reader.read(work) }
  }

  /// Reads one thing by an index, on the thread for these.
  func find<Result: Sendable>(
    _ work: @escaping @Sendable (SQLiteConnection) throws(StoreError) -> Result
  ) async throws(StoreError) -> Result {
    try await StoreJob.run(on: finder) { (reader) throws(StoreError) in try reader.read(work) }
  }

  /// Adds a session: one statement, and with a limit a look at the user's own live sessions.
  public func insert(
    _ session: Session, limit: LiveSessionLimit?, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> InsertOutcome {
    try await write { (writer) throws(StoreError) in
      try writer.insert(session, limit: limit, by: actor, now: now)
    }
  }

  /// The session as stored, by one look-up on the thread for these.
  public func session(_ id: SessionID) async throws(StoreError) -> Session? {
    try await find { (connection) throws(StoreError) in try connection.session(id) }
  }

  /// The same without a task; told on the thread for these.
  public func session(_ id: SessionID, then: @escaping @Sendable (Result<Session?, StoreError>) -> Void) {
    StoreJob.run(
      on: finder,
      { (reader) throws(StoreError) in
        try reader.read { (connection) throws(StoreError) in try connection.session(id) }
      }, then: then)
  }

  /// Replaces a live session that is still at `revision`: one statement.
  public func replace(
    _ session: Session, revision: Int64, as change: SessionEvent.Change, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> Bool {
    try await write { (writer) throws(StoreError) in
      try writer.replace(session, revision: revision, as: change, by: actor, now: now)
    }
  }

  /// Closes one live session: one look-up, one statement.
  public func close(
    _ id: SessionID, reason: CloseReason, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> CloseOutcome? {
    try await close(id, lastRequest: nil, reason: reason, by: actor, now: now)
  }

  /// Closes one live session with its last request, which costs nothing more.
  public func close(
    _ id: SessionID, lastRequest: Timestamp?, reason: CloseReason, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> CloseOutcome? {
    try await write { (writer) throws(StoreError) in
      try writer.close(id, lastRequest: lastRequest, reason: reason, by: actor, now: now)
    }
  }

  /// Closes live sessions that match, those opened first first.
  public func close(
    matching filter: SessionFilter, excluding: SessionID?, reason: CloseReason, by actor: Actor, now: Timestamp,
    limit: Int
  ) async throws(StoreError) -> [Session] {
    try await write { (writer) throws(StoreError) in
      try writer.close(matching: filter, excluding: excluding, reason: reason, by: actor, now: now, limit: limit)
    }
  }

  /// Moves request times of open sessions forward, all in one transaction.
  public func touch(_ touches: [SessionTouch]) async throws(StoreError) {
    try await write { (writer) throws(StoreError) in try writer.touch(touches) }
  }

  /// Removes a session, open or closed.
  public func remove(_ id: SessionID, by actor: Actor, now: Timestamp) async throws(StoreError) -> Session? {
    try await write { (writer) throws(StoreError) in try writer.remove(id, by: actor, now: now) }
  }

  /// One page of a list, on a reading thread and in one snapshot.
  public func page(_ query: SessionQuery, now: Timestamp) async throws(StoreError) -> SessionPage {
    try await read { (connection) throws(StoreError) in
      try SessionSearch(connection: connection, now: now).page(query)
    }
  }

  /// How many sessions match, counted in an index.
  public func count(_ filter: SessionFilter, now: Timestamp) async throws(StoreError) -> Int {
    try await read { (connection) throws(StoreError) in
      try SessionSearch(connection: connection, now: now).count(filter)
    }
  }

  /// Closes expired sessions, those that ended first first.
  public func reap(now: Timestamp, limit: Int) async throws(StoreError) -> [Session] {
    try await write { (writer) throws(StoreError) in try writer.reap(now: now, limit: limit) }
  }

  /// Removes sessions closed before `time`, those closed first first, and gives back room to the disk when there is
  /// much.
  public func purge(closedBefore time: Timestamp, limit: Int) async throws(StoreError) -> [SessionID] {
    try await write { (writer) throws(StoreError) in try writer.purge(closedBefore: time, limit: limit) }
  }

  /// Whether both the writer and a reader can do their work; stores nothing.
  public func check() async throws(StoreError) {
    try await write { (writer) throws(StoreError) in _ = try writer.connection() }
    try await read { (connection) throws(StoreError) in
      let statement = try connection.prepared("SELECT 1 FROM session LIMIT 1")
      defer { statement.reset() }
      _ = try statement.next()
    }
  }

  /// Finishes what was accepted, copies the log into the database, and closes the files.
  public func shutdown() async {
    await finder.stop()
    await readers.stop()
    await checkpointer.stop()
    await writers.stop()
    lock.withLock { $0 = nil }
  }
}
