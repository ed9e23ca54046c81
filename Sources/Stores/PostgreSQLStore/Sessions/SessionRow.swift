internal import JSON
internal import PostgreSQLDriver
internal import SessionCore

/// A session as columns: their order, binding and reading.
enum SessionRow {
  /// All columns but the contents; their places are those of ``read(_:)``.
  private static let facts = """
    id, user_id, user_name, address, client, user_agent, kind, status, open_time, request_time, renew_time, \
    close_time, close_reason, idle_timeout, lifetime, generation, is_remembered, login_method, auth_time, revision
    """
  /// All columns.
  static let columns = facts + ", \"user\", data, carried"
  /// The columns of a list without contents.
  static let columnsWithoutContents =
    facts + ", NULL::text AS \"user\", NULL::text AS data, NULL::text AS carried"

  /// The sessions of the ids in a list.
  static func lookUp(keys: PostgreSQLValue) -> PostgreSQLStatement {
    "SELECT \(raw: columns) FROM session WHERE id = ANY (\(keys))"
  }

  /// The values of a new row, for ``columns``.
  static func values(_ session: Session) -> PostgreSQLStatement {
    """
    \(session.id), \(session.userID), \(session.userName), \(session.address), \(session.client), \
    \(session.userAgent), \(session.kind), \(session.status), \(session.openTime), \(session.requestTime), \
    \(session.renewTime), \(session.closeTime), \(session.closeReason?.rawValue), \
    \(session.idleTimeout.milliseconds), \(session.lifetime.milliseconds), \(Int64(session.generation)), \
    \(session.isRemembered), \(session.loginMethod), \(session.authTime), \(session.revision), \
    \(json: session.user), \(json: session.data), \(utf8: session.carried?.text)
    """
  }

  /// The assignments of a replacement, which keeps a later request time.
  static func assignments(_ session: Session) -> PostgreSQLStatement {
    """
    user_id = \(session.userID), user_name = \(session.userName), address = \(session.address), \
    client = \(session.client), user_agent = \(session.userAgent), kind = \(session.kind), \
    status = \(session.status), open_time = \(session.openTime), \
    request_time = greatest(request_time, \(session.requestTime)), renew_time = \(session.renewTime), \
    close_time = \(session.closeTime), close_reason = \(session.closeReason?.rawValue), \
    idle_timeout = \(session.idleTimeout.milliseconds), lifetime = \(session.lifetime.milliseconds), \
    generation = \(Int64(session.generation)), is_remembered = \(session.isRemembered), \
    login_method = \(session.loginMethod), auth_time = \(session.authTime), revision = \(session.revision), \
    "user" = \(json: session.user), data = \(json: session.data), carried = \(utf8: session.carried?.text)
    """
  }

  /// The assignments of a closing, or of the end of one whose time is up: that is at its deadline and for its reason.
  static func ending(_ reason: CloseReason, at time: Timestamp) -> PostgreSQLStatement {
    """
    close_time = least(\(time), deadline), \
    close_reason = CASE WHEN \(time) < deadline THEN \(reason.rawValue) ELSE \(raw: deadlineReason) END, \
    "user" = NULL, data = NULL, carried = NULL, revision = \(raw: raisedRevision)
    """
  }

  /// The raised revision, which stays a number at the end of the numbers.
  static let raisedRevision = "revision + (revision < 9223372036854775807)::integer"

  /// Why the deadline of a row is where it is.
  static let deadlineReason = """
    CASE WHEN request_time + least(idle_timeout, 253402300799999 - request_time)
      < open_time + least(lifetime, 253402300799999 - open_time) THEN 'idle' ELSE 'lifetime' END
    """

  /// Reads a row of ``columns``, which begin at `first`.
  static func read(_ row: PostgreSQLRow, from first: Int32 = 0) throws(StoreError) -> Session {
    guard let id = row.sessionID(first), let userID = try text(row, first + 1), let openTime = row.time(first + 8),
      let requestTime = row.time(first + 9), let renewTime = row.time(first + 10), let idle = row.int(first + 13),
      let lifetime = row.int(first + 14), let generation = row.int(first + 15).flatMap({ UInt32(exactly: $0) }),
      let isRemembered = row.bool(first + 16), let revision = row.int(first + 19)
    else { throw damaged }
    var session = Session(
      id: id, userID: userID, openTime: openTime, idleTimeout: TimeSpan(milliseconds: idle),
      lifetime: TimeSpan(milliseconds: lifetime))
    session.userName = try text(row, first + 2)
    session.address = try text(row, first + 3)
    session.client = try text(row, first + 4)
    session.userAgent = try text(row, first + 5)
    session.kind = try text(row, first + 6)
    session.status = try text(row, first + 7)
    session.requestTime = requestTime
    session.renewTime = renewTime
    session.closeTime = row.time(first + 11)
    if let reason = row.text(first + 12) {
      guard let known = CloseReason(rawValue: reason) else { throw damaged }
      session.closeReason = known
    }
    session.generation = generation
    session.isRemembered = isRemembered
    session.loginMethod = try text(row, first + 17)
    session.authTime = row.time(first + 18)
    session.revision = revision
    session.user = try json(row, first + 20)
    session.data = try json(row, first + 21)
    if let carried = row.bytes(first + 22) {
      guard let carried = CarriedToken(text: carried) else { throw damaged }
      session.carried = carried
    }
    return session
  }

  /// What a row that no version of this store has written is answered with.
  static var damaged: StoreError { StoreError(.corrupt, "The session database holds a session that can't be read.") }

  private static func text(_ row: PostgreSQLRow, _ column: Int32) throws(StoreError) -> ExactText? {
    try row.exactText(column, or: damaged)
  }

  private static func json(_ row: PostgreSQLRow, _ column: Int32) throws(StoreError) -> JSONText? {
    guard let kept = row.bytes(column) else { return nil }
    guard let bytes = StoredText.decode(kept) else { throw damaged }
    return JSONText(uncheckedMinified: bytes)
  }
}

extension PostgreSQLStatement.Interpolation {
  /// JSON, or NULL.
  mutating func appendInterpolation(json: JSONText?) {
    appendInterpolation(utf8: json.map { StoredText.encode($0.bytes) })
  }
}
