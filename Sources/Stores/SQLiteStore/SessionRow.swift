internal import JSON
internal import SQLiteDriver
internal import SessionCore

/// A session as columns: their order, binding and reading.
enum SessionRow {
  /// All columns but the contents; their places are those of ``read(_:)`` and ``bind(_:to:)``.
  static let facts = """
    id, user_id, user_name, address, client, user_agent, kind, status, open_time, request_time, renew_time, \
    close_time, close_reason, idle_timeout, lifetime, generation, is_remembered, login_method, auth_time, revision
    """
  /// The place of the open time.
  static let openTimeColumn: Int32 = 8
  /// The place of the time of the last request.
  static let requestTimeColumn: Int32 = 9
  /// All columns.
  static let columns = facts + ", user, data, carried"
  /// The columns of a list without contents.
  static let columnsWithoutContents = facts + ", NULL, NULL, NULL"

  /// Adds a session; an id that is taken adds none.
  static let insert = FrequentStatement(
    """
    INSERT INTO session (\(columns))
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23)
    ON CONFLICT (id) DO NOTHING
    """)

  /// Replaces a session of revision ?24 that is alive at ?25, keeping a later request time.
  static let replace = FrequentStatement(
    """
    UPDATE session SET
      user_id = ?2, address = ?4, client = ?5, kind = ?7, status = ?8, open_time = ?9, close_time = ?12,
      close_reason = ?13, \(replacement)
    WHERE \(isReplaceable)
    """)

  /// As ``replace``, of a session whose members with an index of their own stay as they are; any other is not found.
  ///
  /// SQLite moves a row in each index of a column that is assigned, whether or not the value is another.
  static let replaceInPlace = FrequentStatement(
    """
    UPDATE session SET \(replacement)
    WHERE \(isReplaceable) AND user_id = ?2 AND address IS ?4 AND client IS ?5 AND kind IS ?7 AND status IS ?8
      AND open_time = ?9 AND ?12 IS NULL AND ?13 IS NULL
    """)

  private static let replacement = """
    user_name = ?3, user_agent = ?6, request_time = max(request_time, ?10), renew_time = ?11, idle_timeout = ?14, \
    lifetime = ?15, generation = ?16, is_remembered = ?17, login_method = ?18, auth_time = ?19, revision = ?20, \
    user = ?21, data = ?22, carried = ?23
    """
  private static let isReplaceable = "id = ?1 AND revision = ?24 AND close_time IS NULL AND deadline > ?25"

  /// The session of id ?1, and its row number.
  static let find = FrequentStatement("SELECT \(columns), number FROM session WHERE id = ?1")
  /// The session of row number ?1, and that number.
  static let read = FrequentStatement("SELECT \(columns), number FROM session WHERE number = ?1")
  /// At most ?2 open sessions whose deadline is not after ?1, and their row numbers, those that ended first first.
  static let expired = FrequentStatement(
    """
    SELECT \(columns), number FROM session INDEXED BY session_by_deadline
    WHERE close_time IS NULL AND deadline <= ?1 ORDER BY deadline LIMIT ?2
    """)
  /// The place of the row number in the rows of these.
  private static let numberColumn: Int32 = 23

  /// The rows of ``find``, ``read`` or ``expired``, to their end; no session where the row can't be read.
  static func all(_ statement: SQLiteStatement) throws(StoreError) -> [(number: Int64, session: Session?)] {
    defer { statement.reset() }
    var rows: [(number: Int64, session: Session?)] = []
    while try statement.next() { rows.append((statement.int(numberColumn), try? read(statement))) }
    return rows
  }

  /// Closes the open session of row number ?5 at ?1 for ?2, with its last request at ?3 and its revision ?4.
  static let close = FrequentStatement(
    """
    UPDATE session SET close_time = ?1, close_reason = ?2, request_time = ?3, revision = ?4, user = NULL, data = NULL,
      carried = NULL
    WHERE number = ?5
    """)

  /// Closes the open session of row number ?3, which can't be read, at ?1 or its deadline, for ?2.
  static let closeUnread = """
    UPDATE session SET close_time = min(?1, deadline), close_reason = ?2, user = NULL, data = NULL, carried = NULL,
      \(raiseRevision)
    WHERE number = ?3
    """

  /// Raises the revision, which stays a number at the end of the numbers.
  static let raiseRevision = "revision = revision + (revision < 9223372036854775807)"

  /// Binds every column, from parameter 1 on.
  static func bind(_ session: Session, to statement: SQLiteStatement) {
    statement.bind(utf8: session.id.text, at: 1)
    statement.bind(session.userID.string, at: 2)
    statement.bind(session.userName?.string, at: 3)
    statement.bind(session.address?.string, at: 4)
    statement.bind(session.client?.string, at: 5)
    statement.bind(session.userAgent?.string, at: 6)
    statement.bind(session.kind?.string, at: 7)
    statement.bind(session.status?.string, at: 8)
    statement.bind(session.openTime.milliseconds, at: 9)
    statement.bind(session.requestTime.milliseconds, at: 10)
    statement.bind(session.renewTime.milliseconds, at: 11)
    statement.bind(session.closeTime?.milliseconds, at: 12)
    statement.bind(session.closeReason?.rawValue, at: 13)
    statement.bind(session.idleTimeout.milliseconds, at: 14)
    statement.bind(session.lifetime.milliseconds, at: 15)
    statement.bind(Int64(session.generation), at: 16)
    statement.bind(session.isRemembered ? 1 : 0, at: 17)
    statement.bind(session.loginMethod?.string, at: 18)
    statement.bind(session.authTime?.milliseconds, at: 19)
    statement.bind(session.revision, at: 20)
    statement.bind(utf8: session.user?.bytes, at: 21)
    statement.bind(utf8: session.data?.bytes, at: 22)
    statement.bind(utf8: session.carried?.text, at: 23)
  }

  /// Reads a row of ``columns``.
  static func read(_ row: SQLiteStatement) throws(StoreError) -> Session {
    guard let id = id(row, 0), let userID = text(row, 1), let generation = UInt32(exactly: row.int(15)) else {
      throw damaged
    }
    var session = Session(
      id: id, userID: userID, openTime: Timestamp(milliseconds: row.int(8)),
      idleTimeout: TimeSpan(milliseconds: row.int(13)), lifetime: TimeSpan(milliseconds: row.int(14)))
    session.userName = text(row, 2)
    session.address = text(row, 3)
    session.client = text(row, 4)
    session.userAgent = text(row, 5)
    session.kind = text(row, 6)
    session.status = text(row, 7)
    session.requestTime = Timestamp(milliseconds: row.int(9))
    session.renewTime = Timestamp(milliseconds: row.int(10))
    session.closeTime = row.optionalInt(11).map(Timestamp.init(milliseconds:))
    if let reason = row.text(12) {
      guard let known = CloseReason(rawValue: reason) else { throw damaged }
      session.closeReason = known
    }
    session.generation = generation
    session.isRemembered = row.int(16) != 0
    session.loginMethod = text(row, 17)
    session.authTime = row.optionalInt(18).map(Timestamp.init(milliseconds:))
    session.revision = row.int(19)
    session.user = row.bytes(20).map(JSONText.init(uncheckedMinified:))
    session.data = row.bytes(21).map(JSONText.init(uncheckedMinified:))
    if let carried = row.bytes(22) {
      guard let carried = CarriedToken(text: carried) else { throw damaged }
      session.carried = carried
    }
    return session
  }

  /// Reads an id.
  static func id(_ row: SQLiteStatement, _ column: Int32) -> SessionID? {
    row.bytes(column).flatMap { SessionID($0) }
  }

  /// What a row that no version of this store has written is answered with.
  static var damaged: StoreError { StoreError(.corrupt, "The session database holds a session that can't be read.") }

  private static func text(_ row: SQLiteStatement, _ column: Int32) -> ExactText? {
    row.text(column).map { ExactText($0) }
  }
}

extension Session {
  /// The session after a change that raises its revision, which stays a number at the end of the numbers.
  func raised(_ change: (inout Session) -> Void) -> Session {
    var session = self
    change(&session)
    if session.revision < .max { session.revision += 1 }
    return session
  }
}
