internal import SQLiteDriver
internal import SessionCore

/// The tables, in numbered steps; each is applied once, in order, in one transaction with the note that it was.
enum SQLiteSchema {
  /// The steps; the first is number 1.
  ///
  /// A step that was released is never changed: a new one is added.
  static let migrations = [sessions, events, accounts, carriedTokens]

  /// The version that this code works with.
  static var version: Int { migrations.count }

  /// Brings the database to ``version``, or says why not.
  static func apply(to connection: SQLiteConnection, migrates: Bool) throws(StoreError) {
    let found: Int
    let isLogged: Bool
    do {
      // Must be set before the first table is made; later it changes nothing.
      try connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
      let mode = try connection.prepare("PRAGMA journal_mode = WAL")
      isLogged = try mode.step() && mode.text(0) == "wal"
      mode.reset()
      found = try versionFound(connection)
    } catch { throw StoreError(error) }
    guard isLogged else {
      throw StoreError(
        .unavailable, "The session database can't have a write-ahead log here; keep it on a local disk.")
    }
    guard found <= version else {
      throw StoreError(
        .corrupt, "The session database is of schema \(found), made by a newer version; this one knows \(version).")
    }
    guard found < version else { return }
    guard migrates else {
      throw StoreError(
        .outdated, "The session database is of schema \(found), and \(version) is needed; migrating was forbidden.")
    }
    do {
      try connection.execute("BEGIN IMMEDIATE")
      try connection.execute(
        """
        CREATE TABLE IF NOT EXISTS migrations (
          version INTEGER PRIMARY KEY,
          applied TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ'))
        ) STRICT
        """)
      for (index, migration) in migrations.enumerated().dropFirst(found) {
        try connection.execute(migration)
        let note = try connection.statement("INSERT INTO migrations (version) VALUES (?1)")
        note.bind(Int64(index + 1), at: 1)
        try note.run()
      }
      try connection.execute("COMMIT")
    } catch {
      if connection.isInTransaction { try? connection.execute("ROLLBACK") }
      throw StoreError(error)
    }
  }

  private static func versionFound(_ connection: SQLiteConnection) throws(SQLiteError) -> Int {
    let tables = try connection.int("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'migrations'")
    guard tables > 0 else { return 0 }
    return Int(clamping: try connection.int("SELECT coalesce(max(version), 0) FROM migrations"))
  }

  /// Version 1.
  ///
  /// Times are milliseconds since 1970 UTC. `deadline` and `is_open` are SQLite's to compute, so that nothing can
  /// write them wrong; the number in `deadline` is the last millisecond of the year 9999.
  ///
  /// Open and closed sessions lie apart in every index, each in order, so that a list of either is a walk. Each index
  /// that is not rising with time costs an insertion a page of its own, so there are few of these: the id's, the
  /// user's, the address's.
  private static let sessions = """
    CREATE TABLE session (
      number INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      user_id TEXT NOT NULL,
      user_name TEXT,
      address TEXT,
      client TEXT,
      user_agent TEXT,
      kind TEXT,
      status TEXT,
      open_time INTEGER NOT NULL,
      request_time INTEGER NOT NULL,
      renew_time INTEGER NOT NULL,
      close_time INTEGER,
      close_reason TEXT,
      idle_timeout INTEGER NOT NULL,
      lifetime INTEGER NOT NULL,
      generation INTEGER NOT NULL,
      is_remembered INTEGER NOT NULL,
      login_method TEXT,
      auth_time INTEGER,
      revision INTEGER NOT NULL,
      deadline INTEGER NOT NULL
        AS (min(request_time + idle_timeout, open_time + lifetime, 253402300799999)) STORED,
      is_open INTEGER NOT NULL AS (close_time IS NULL) VIRTUAL,
      user TEXT,
      data TEXT
    ) STRICT;
    CREATE INDEX session_by_opened ON session (is_open, open_time, id);
    CREATE INDEX session_by_requested ON session (is_open, request_time, id);
    CREATE INDEX session_by_user ON session (user_id, is_open, open_time, id);
    CREATE INDEX session_by_address ON session (address, is_open, open_time, id) WHERE address IS NOT NULL;
    CREATE INDEX session_by_client ON session (client, is_open, open_time, id) WHERE client IS NOT NULL;
    CREATE INDEX session_by_status ON session (status, is_open, open_time, id) WHERE status IS NOT NULL;
    CREATE INDEX session_by_kind ON session (kind, is_open, open_time, id) WHERE kind IS NOT NULL;
    CREATE INDEX session_by_deadline ON session (deadline) WHERE close_time IS NULL;
    CREATE INDEX session_by_closed ON session (close_time) WHERE close_time IS NOT NULL;
    CREATE INDEX session_requested_early ON session (number) WHERE request_time < open_time;
    """

  /// Version 2: the event log.
  ///
  /// A plain key does for numbers that are never given twice: SQLite gives the highest and one more, and the entry of
  /// the highest is never removed. It has no other index, so that an entry costs little more than its bytes.
  private static let events = """
    CREATE TABLE event (
      number INTEGER PRIMARY KEY,
      kind TEXT NOT NULL,
      time INTEGER NOT NULL,
      session_id TEXT,
      user_id TEXT,
      key_id INTEGER,
      reason TEXT,
      actor_kind TEXT NOT NULL,
      actor_name TEXT,
      address TEXT,
      request_id TEXT,
      details TEXT
    ) STRICT;
    CREATE TABLE event_cursor (
      follower TEXT PRIMARY KEY NOT NULL,
      number INTEGER NOT NULL
    ) STRICT;
    """

  /// Version 4: what a session keeps of a token that its caller brought along.
  private static let carriedTokens = "ALTER TABLE session ADD COLUMN carried TEXT;"
}
