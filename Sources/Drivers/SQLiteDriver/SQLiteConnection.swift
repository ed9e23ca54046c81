internal import CSQLite

/// A connection to a database file, for one thread at a time.
///
/// Prepared statements are kept by their text. Texts must therefore be fixed, or put together from few fixed pieces;
/// values are always bound.
@safe
public final class SQLiteConnection {
  /// What a connection may do.
  public enum Mode: Sendable {
    /// Read and write, and make the file if it is not there.
    case readWrite
    /// Only read a file that is there.
    case readOnly
  }

  private let handle: ConnectionHandle
  private var statements: [String: SQLiteStatement] = [:]
  private var frequent: [SQLiteStatement?] = []
  private let statementLimit: Int
  private var logPages: LogPages

  /// The number of pages in the write-ahead log after the last commit, where a C callback can put it.
  private final class LogPages {
    var count = 0
  }

  /// Opens a database.
  ///
  /// - Parameters:
  ///   - path: The file; never a URI.
  ///   - mode: What the connection may do.
  ///   - busyTimeout: How long a statement waits for a lock, in milliseconds; less than half a second, for who comes
  ///     while others wait in vain waits for them, too, and is to be answered within a second.
  ///   - statementLimit: How many prepared statements are kept; with more than that, all are let go of.
  ///   - gathersLog: Whether a transaction's pages reach the write-ahead log in a few large writes, rather than two
  ///     small ones each. `synchronous` is set to FULL then, and must stay so.
  /// - Throws: What SQLite said when it opened the file.
  public init(
    path: String, mode: Mode, busyTimeout: Int32 = 400, statementLimit: Int = 256, gathersLog: Bool = false
  ) throws(SQLiteError) {
    let flags = mode == .readOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
    handle = try ConnectionHandle(path: path, flags: flags, gathersLog: gathersLog)
    self.statementLimit = max(1, statementLimit)
    logPages = LogPages()
    unsafe sqlite3_busy_timeout(handle.pointer, busyTimeout)
    if gathersLog { try execute("PRAGMA synchronous = FULL") }
  }

  /// Prepares a statement that the caller keeps.
  public func prepare(_ sql: String) throws(SQLiteError) -> SQLiteStatement {
    unsafe try SQLiteStatement(sql, on: handle.pointer)
  }

  /// The kept statement of that text, prepared if it is new.
  public func statement(_ sql: String) throws(SQLiteError) -> SQLiteStatement {
    if let kept = statements[sql] { return kept }
    if statements.count >= statementLimit { statements.removeAll(keepingCapacity: true) }
    let statement = try prepare(sql)
    statements[sql] = statement
    return statement
  }

  /// The kept statement of that text, prepared at its first use here.
  public func statement(_ text: FrequentStatement) throws(SQLiteError) -> SQLiteStatement {
    if text.number < frequent.count, let kept = frequent[text.number] { return kept }
    let statement = try prepare(text.sql)
    while frequent.count <= text.number { frequent.append(nil) }
    frequent[text.number] = statement
    return statement
  }

  /// Runs one or several statements without parameters, separated by semicolons, whatever rows they have.
  public func execute(_ sql: String) throws(SQLiteError) {
    let result = unsafe sqlite3_exec(handle.pointer, sql, nil, nil, nil)
    guard result == SQLITE_OK else { throw error(result) }
  }

  /// The first column of the first row of a statement without parameters, 0 if there is none.
  public func int(_ sql: String) throws(SQLiteError) -> Int64 {
    let statement = try prepare(sql)
    return try statement.step() ? statement.int(0) : 0
  }

  /// How many rows the last statement that inserted, updated or deleted has changed.
  public var changes: Int { unsafe Int(sqlite3_changes64(handle.pointer)) }

  /// How many rows this connection has inserted, updated or deleted since it was opened.
  public var totalChanges: Int64 { unsafe sqlite3_total_changes64(handle.pointer) }

  /// Whether a transaction is open.
  ///
  /// Some failures, a full disk among them, end it by themselves.
  public var isInTransaction: Bool { unsafe sqlite3_get_autocommit(handle.pointer) == 0 }

  /// Runs `body` in a savepoint: if it throws, what it did is undone, and what came before in the transaction stays.
  public func savepoint<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result, mapping: (SQLiteError) -> Failure
  ) throws(Failure) -> Result {
    do { try statement(Self.savepoint).run() } catch { throw mapping(error) }
    let result: Result
    do {
      result = try body()
    } catch {
      // If SQLite has ended the whole transaction by itself, there is nothing to go back to.
      if isInTransaction { try? execute("ROLLBACK TO step; RELEASE step") }
      throw error
    }
    do { try statement(Self.release).run() } catch { throw mapping(error) }
    return result
  }

  private static let savepoint = FrequentStatement("SAVEPOINT step")
  private static let release = FrequentStatement("RELEASE step")

  private func error(_ result: Int32) -> SQLiteError {
    unsafe SQLiteError(extendedCode: result, String(cString: sqlite3_errmsg(handle.pointer)))
  }

  // MARK: The write-ahead log

  /// From now on counts the log's pages after each commit, and leaves checkpoints to ``checkpoint()``: SQLite makes
  /// none by itself.
  public func countLogPages() {
    // The connection keeps the counter alive, and calls back only inside its own calls, on its own thread.
    let context = unsafe Unmanaged.passUnretained(logPages).toOpaque()
    unsafe sqlite3_wal_hook(
      handle.pointer,
      { context, _, _, pages in
        guard let context = unsafe context else { return SQLITE_OK }
        unsafe Unmanaged<LogPages>.fromOpaque(context).takeUnretainedValue().count = Int(pages)
        return SQLITE_OK
      }, context)
  }

  /// How many pages the log held after this connection's last commit, if ``countLogPages()`` was called.
  public var pagesInLog: Int { logPages.count }

  /// Copies what it can from the log into the database without waiting for anyone, and synchronizes.
  ///
  /// - Returns: how many pages the log holds that were not copied yet.
  @discardableResult
  public func checkpoint() throws(SQLiteError) -> Int {
    // A connection that has read nothing yet doesn't know that there is a log, and would copy none of it.
    _ = try int("PRAGMA user_version")
    var logged: Int32 = 0
    var copied: Int32 = 0
    let result = unsafe sqlite3_wal_checkpoint_v2(handle.pointer, nil, SQLITE_CHECKPOINT_PASSIVE, &logged, &copied)
    guard result == SQLITE_OK else { throw error(result) }
    return Int(max(0, logged - copied))
  }
}
