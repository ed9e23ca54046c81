internal import JSON
internal import SQLiteDriver
internal import SessionCore

/// An event as columns: their order, binding and reading.
enum EventRow {
  /// All columns but the number, which SQLite gives.
  private static let facts =
    "kind, time, session_id, user_id, key_id, reason, actor_kind, actor_name, address, request_id, details"

  /// Adds an entry at the end of the log.
  static let insert = FrequentStatement(
    "INSERT INTO event (\(facts)) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)")

  /// The entries after number ?1, at most ?2.
  static let following = "SELECT number, \(facts) FROM event WHERE number > ?1 ORDER BY number LIMIT ?2"

  /// Removes the beginning of the log: of its first ?2 entries those before the first that is not from before ?1, and
  /// never the last entry of all.
  static let purge = """
    DELETE FROM event WHERE number < min(
      (SELECT coalesce(min(number) FILTER (WHERE time >= ?1), max(number) + 1)
       FROM (SELECT number, time FROM event ORDER BY number LIMIT ?2)),
      (SELECT max(number) FROM event))
    """

  /// Binds every column but the number, from parameter 1 on.
  static func bind(_ event: Event, to statement: SQLiteStatement) {
    statement.bind(event.kind.rawValue, at: 1)
    statement.bind(event.time.milliseconds, at: 2)
    statement.bind(utf8: event.sessionID?.text, at: 3)
    statement.bind(event.userID?.string, at: 4)
    statement.bind(event.keyID, at: 5)
    statement.bind(event.reason, at: 6)
    statement.bind(event.actor.kind.rawValue, at: 7)
    statement.bind(event.actor.name, at: 8)
    statement.bind(event.actor.address, at: 9)
    statement.bind(event.actor.requestID, at: 10)
    statement.bind(utf8: event.details?.bytes, at: 11)
  }

  /// The kind in a row of ``following``, alone.
  static func kind(_ row: SQLiteStatement) throws(StoreError) -> Event.Kind {
    guard let kind = row.text(1).flatMap(Event.Kind.init(rawValue:)) else { throw damaged }
    return kind
  }

  /// Reads a row of ``following``.
  static func read(_ row: SQLiteStatement) throws(StoreError) -> LoggedEvent {
    guard let actorKind = row.text(7).flatMap(Actor.Kind.init(rawValue:)) else { throw damaged }
    let actor = Actor(actorKind, name: row.text(8), address: row.text(9), requestID: row.text(10))
    var event = Event(
      try kind(row), at: Timestamp(milliseconds: row.int(2)), by: actor, reason: row.text(6))
    if let text = row.bytes(3) {
      guard let id = SessionID(text) else { throw damaged }
      event.sessionID = id
    }
    event.userID = row.text(4).map { ExactText($0) }
    event.keyID = row.optionalInt(5)
    event.details = row.bytes(11).map(JSONText.init(uncheckedMinified:))
    return LoggedEvent(number: row.int(0), event: event)
  }

  private static var damaged: StoreError {
    StoreError(.corrupt, "The session database holds an event that can't be read.")
  }
}
