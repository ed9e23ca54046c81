internal import CSQLite

/// What SQLite refused, with its extended result code (https://www.sqlite.org/rescode.html).
public struct SQLiteError: Error, Sendable, CustomStringConvertible {
  /// What kind of failure it is, as far as a caller acts on it.
  @nonexhaustive
  public enum Code: String, Sendable {
    /// The disk, or the size that the database may have, is exhausted.
    case full
    /// Another connection holds the lock.
    case busy
    /// Reading or writing the file failed.
    case inputOutput
    /// The file is damaged.
    case corrupt
    /// The file is no database.
    case notADatabase
    /// The file, its folder or the connection is read-only.
    case readOnly
    /// The file can't be opened.
    case cantOpen
    /// There is no memory.
    case noMemory
    /// A constraint of the schema was broken.
    case constraint
    /// The statement, or its use, is wrong.
    case misuse
    /// Anything else.
    case other
  }

  /// The kind of failure.
  public let code: Code
  /// SQLite's extended result code.
  public let extendedCode: Int32
  /// What SQLite said, for the log: it may name tables and columns, never values.
  public let description: String

  /// An error of an extended result code.
  public init(extendedCode: Int32, _ description: String) {
    self.extendedCode = extendedCode
    self.description = description
    switch extendedCode & 0xFF {
    case SQLITE_FULL: code = .full
    case SQLITE_BUSY, SQLITE_LOCKED: code = .busy
    // The index of the log is grown by writing to it, which fails when the disk is full, and is reported so.
    case SQLITE_IOERR: code = extendedCode == Self.growingIndexFailed ? .full : .inputOutput
    case SQLITE_CORRUPT: code = .corrupt
    case SQLITE_NOTADB: code = .notADatabase
    case SQLITE_READONLY, SQLITE_PERM: code = .readOnly
    case SQLITE_CANTOPEN: code = .cantOpen
    case SQLITE_NOMEM: code = .noMemory
    case SQLITE_CONSTRAINT: code = .constraint
    case SQLITE_ERROR, SQLITE_MISUSE, SQLITE_RANGE, SQLITE_SCHEMA: code = .misuse
    default: code = .other
    }
  }

  /// `SQLITE_IOERR_SHMSIZE`, a macro that Swift can't read.
  private static let growingIndexFailed: Int32 = SQLITE_IOERR | 19 << 8
}
