internal import PostgreSQLDriver
internal import SessionCore

/// The tables, in numbered steps; each is applied once, in order, in one transaction with the note that it was.
enum PostgreSQLSchema {
  /// The steps; the first is number 1.
  ///
  /// A step that was released is never changed: a new one is added. A step must leave what nodes of the version before
  /// it do, for they run while it is applied.
  static let migrations = [sessions, accounts, farWindows]

  /// The version that this code works with.
  static var version: Int { migrations.count }

  /// Brings the schema to ``version``, or says why not; several nodes may do so at once.
  static func apply(
    to connection: PostgreSQLConnection, namespace: String, lock: Int64, migrates: Bool
  ) throws(StoreError) {
    try checkEncoding(of: connection)
    let found = try version(found: connection, namespace)
    try check(found)
    guard found < version else { return }
    guard migrates else {
      throw StoreError(
        .outdated, "The session database is of schema \(found), and \(version) is needed; migrating was forbidden.")
    }
    while try applyNext(to: connection, namespace, lock) {}
  }

  /// Applies one step; `false` if there is none to apply.
  private static func applyNext(
    to connection: PostgreSQLConnection, _ namespace: String, _ lock: Int64
  ) throws(StoreError) -> Bool {
    do throws(PostgreSQLError) {
      try connection.execute(
        """
        BEGIN ISOLATION LEVEL READ COMMITTED;
        SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = '10s';
        SET LOCAL lock_timeout = '20s'
        """)
      // Nobody writes meanwhile, and of several nodes the later ones find the work done.
      _ = try connection.rows("SELECT pg_advisory_xact_lock(\(lock))")
    } catch {
      throw StoreError(error)
    }
    do throws(StoreError) {
      let found = try version(found: connection, namespace)
      try check(found)
      do throws(PostgreSQLError) {
        if found < version {
          if found == 0 { try makeNamespace(on: connection, namespace) }
          try connection.execute(migrations[found])
          _ = try connection.rows("INSERT INTO migration (version) VALUES (\(Int64(found + 1)))")
        }
        try connection.execute("COMMIT")
      } catch {
        throw StoreError(error)
      }
      return found < version
    } catch {
      do throws(PostgreSQLError) { try connection.execute("ROLLBACK") } catch {}
      throw error
    }
  }

  /// Refuses a database that can't hold every text, or that would change some
  /// (https://www.postgresql.org/docs/15/multibyte.html).
  private static func checkEncoding(of connection: PostgreSQLConnection) throws(StoreError) {
    let found = try connection.answer("SHOW server_encoding").first?.text(0) ?? ""
    guard found == "UTF8" else {
      throw StoreError(
        .unavailable, "The session database has the encoding \(found), and UTF8 is needed (CREATE DATABASE … ENCODING)."
      )
    }
  }

  private static func check(_ found: Int) throws(StoreError) {
    guard found <= version else {
      throw StoreError(
        .corrupt, "The session database is of schema \(found), made by a newer version; this one knows \(version).")
    }
  }

  private static func makeNamespace(
    on connection: PostgreSQLConnection, _ namespace: String
  ) throws(PostgreSQLError) {
    // To make one takes a right on the database that somebody who was given a schema may not have.
    let found = try connection.rows("SELECT 1 FROM pg_namespace WHERE nspname = \(namespace)")
    if found.count == 0 { try connection.execute("CREATE SCHEMA \(quoted(namespace))") }
    try connection.execute(
      """
      CREATE TABLE migration (version integer PRIMARY KEY, applied timestamptz NOT NULL DEFAULT now());
      COMMENT ON TABLE migration IS 'Which steps of the schema were applied';
      """)
  }

  private static func version(
    found connection: PostgreSQLConnection, _ namespace: String
  ) throws(StoreError) -> Int {
    do throws(PostgreSQLError) {
      let tables = try connection.rows(
        "SELECT 1 FROM pg_tables WHERE schemaname = \(namespace) AND tablename = 'migration'")
      guard tables.count > 0 else { return 0 }
      let found = try connection.rows("SELECT coalesce(max(version), 0) FROM migration")
      return Int(clamping: found.first?.int(0) ?? 0)
    } catch {
      throw StoreError(error)
    }
  }

  /// A name as the server reads it, whatever characters it has
  /// (https://www.postgresql.org/docs/15/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS).
  static func quoted(_ name: String) -> String {
    var quoted = "\""
    for scalar in name.unicodeScalars { quoted += scalar == "\"" ? "\"\"" : String(scalar) }
    return quoted + "\""
  }

  /// The number of the advisory lock of a namespace's writers: FNV-1a of its name.
  static func lock(of namespace: String) -> Int64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in "sesame \(namespace)".utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    return Int64(bitPattern: hash)
  }
}
