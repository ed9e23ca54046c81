internal import CSQLite

/// A prepared statement of one connection, used again and again: bind, step through the rows, reset.
///
/// Belongs to its connection's thread. Parameters are numbered from 1, columns from 0, as in SQLite. Texts keep every
/// byte, NUL too, since they are bound and read with their lengths.
@safe
public final class SQLiteStatement {
  private let handle: StatementHandle
  /// SQLite's mark that bound bytes are to be copied (https://www.sqlite.org/c3ref/c_static.html).
  private static let transient = unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)

  init(_ sql: String, on connection: OpaquePointer) throws(SQLiteError) {
    unsafe handle = try StatementHandle(sql, on: connection)
  }

  // MARK: Parameters

  /// Binds a number, or NULL.
  public func bind(_ value: Int64?, at index: Int32) {
    if let value {
      unsafe check(sqlite3_bind_int64(handle.pointer, index, value))
    } else {
      unsafe check(sqlite3_bind_null(handle.pointer, index))
    }
  }

  /// Binds a text, or NULL.
  public func bind(_ text: String?, at index: Int32) {
    guard var text else { return bind(nil as Int64?, at: index) }
    text.withUTF8 { unsafe bind($0, at: index) }
  }

  /// Binds a text that is given as its UTF-8 bytes, or NULL.
  public func bind(utf8 bytes: [UInt8]?, at index: Int32) {
    guard let bytes else { return bind(nil as Int64?, at: index) }
    unsafe bytes.withUnsafeBufferPointer { unsafe bind($0, at: index) }
  }

  private func bind(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int32) {
    // An empty buffer may have no address, which SQLite would take for NULL.
    guard let start = bytes.baseAddress, bytes.count > 0 else {
      unsafe check(sqlite3_bind_text64(handle.pointer, index, "", 0, Self.transient, UInt8(SQLITE_UTF8)))
      return
    }
    unsafe start.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
      unsafe check(
        sqlite3_bind_text64(
          handle.pointer, index, $0, sqlite3_uint64(bytes.count), Self.transient, UInt8(SQLITE_UTF8)))
    }
  }

  /// A parameter that the statement doesn't have, or a binding in mid-step, is a mistake of the code, whatever the
  /// data.
  ///
  /// A text beyond SQLite's limit of 10^9 bytes ends the process too, so the caller bounds its texts.
  private func check(_ result: Int32) {
    precondition(result == SQLITE_OK, "binding to a statement failed")
  }

  // MARK: Rows

  /// Goes to the next row; `false` when there is none.
  public func step() throws(SQLiteError) -> Bool {
    switch unsafe sqlite3_step(handle.pointer) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    case let result:
      let message = unsafe String(cString: sqlite3_errmsg(sqlite3_db_handle(handle.pointer)))
      unsafe sqlite3_reset(handle.pointer)
      throw SQLiteError(extendedCode: result, message)
    }
  }

  /// Ends the stepping, so that the statement holds no read transaction, and forgets the bound values.
  public func reset() {
    unsafe sqlite3_reset(handle.pointer)
    unsafe sqlite3_clear_bindings(handle.pointer)
  }

  /// Runs a statement to its end, whatever rows it has, and resets it.
  public func run() throws(SQLiteError) {
    defer { reset() }
    while try step() {}
  }

  /// Whether a column of the row is NULL.
  public func isNull(_ column: Int32) -> Bool {
    unsafe sqlite3_column_type(handle.pointer, column) == SQLITE_NULL
  }

  /// A number of the row; 0 for NULL.
  public func int(_ column: Int32) -> Int64 { unsafe sqlite3_column_int64(handle.pointer, column) }

  /// A number of the row, or `nil` for NULL.
  public func optionalInt(_ column: Int32) -> Int64? { isNull(column) ? nil : int(column) }

  /// A text of the row, or `nil` for NULL.
  public func text(_ column: Int32) -> String? {
    unsafe withBytes(column) { unsafe String(decoding: $0, as: UTF8.self) }
  }

  /// The UTF-8 bytes of a text of the row, or `nil` for NULL.
  public func bytes(_ column: Int32) -> [UInt8]? {
    unsafe withBytes(column) { unsafe Array($0) }
  }

  /// Calls `body` with the UTF-8 bytes of a text of the row, which are gone at the next step; `nil` for NULL.
  public func withBytes<Result>(_ column: Int32, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result? {
    guard !isNull(column) else { return nil }
    // https://www.sqlite.org/c3ref/column_blob.html: first the text, then its length.
    let start = unsafe sqlite3_column_text(handle.pointer, column)
    let count = unsafe Int(sqlite3_column_bytes(handle.pointer, column))
    return unsafe body(UnsafeBufferPointer(start: start, count: start == nil ? 0 : count))
  }
}
