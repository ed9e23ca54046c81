internal import CSQLite

/// The one owner of a connection's pointer, which it closes.
@safe
struct ConnectionHandle: ~Copyable {
  let pointer: OpaquePointer

  /// The name of the file system that gathers what is written to the log; `nil` if it could not be made known.
  private static let gatheredLog: String? = gathered_log_register() == SQLITE_OK ? "gathered-log" : nil

  /// Opens `path`; without `SQLITE_OPEN_FULLMUTEX`, since a connection belongs to one thread at a time.
  init(path: String, flags: Int32, gathersLog: Bool) throws(SQLiteError) {
    var opened: OpaquePointer?
    let result = unsafe sqlite3_open_v2(
      path, &opened, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, gathersLog ? Self.gatheredLog : nil)
    guard result == SQLITE_OK, let opened = unsafe opened else {
      let message = unsafe String(cString: sqlite3_errstr(result))
      // https://www.sqlite.org/c3ref/open.html: a handle comes back from a failed opening too, and must be closed.
      if let failed = unsafe opened { unsafe sqlite3_close_v2(failed) }
      throw SQLiteError(extendedCode: result, "\(path) can't be opened: \(message)")
    }
    unsafe pointer = opened
  }

  deinit {
    // https://www.sqlite.org/c3ref/close.html: closes at once, or when the last statement is finalized.
    unsafe sqlite3_close_v2(pointer)
  }
}

/// The one owner of a statement's pointer, which it finalizes.
@safe
struct StatementHandle: ~Copyable {
  let pointer: OpaquePointer

  init(_ sql: String, on connection: OpaquePointer) throws(SQLiteError) {
    var prepared: OpaquePointer?
    let result = unsafe sqlite3_prepare_v3(connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
    guard result == SQLITE_OK, let prepared = unsafe prepared else {
      let message = unsafe String(cString: sqlite3_errmsg(connection))
      throw SQLiteError(extendedCode: result == SQLITE_OK ? SQLITE_MISUSE : result, message)
    }
    unsafe pointer = prepared
  }

  deinit { unsafe sqlite3_finalize(pointer) }
}
