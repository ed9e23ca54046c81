internal import JSON
internal import PostgreSQLDriver
internal import SessionCore

/// An event as columns: their order, binding and reading.
enum EventRow {
  /// All columns but the number, which the server gives.
  ///
  /// Numbers are given under the lock of all writers, so that they become visible in their order.
  static let columns =
    "kind, time, session_id, user_id, key_id, reason, actor_kind, actor_name, address, request_id, details"

  /// The values of ``columns``.
  static func values(_ event: Event) -> PostgreSQLStatement {
    """
    \(event.kind.rawValue), \(event.time), \(event.sessionID), \(event.userID), \(event.keyID), \
    \(text: event.reason), \(actor(event.actor)), \(json: event.details)
    """
  }

  /// The values of `actor_kind`, `actor_name`, `address` and `request_id`.
  static func actor(_ actor: Actor) -> PostgreSQLStatement {
    "\(actor.kind.rawValue), \(text: actor.name), \(text: actor.address), \(text: actor.requestID)"
  }

  /// Adds an entry at the end of the log if a condition holds, such as `EXISTS (SELECT FROM changed)`.
  static func insert(_ event: Event, if condition: PostgreSQLStatement) -> PostgreSQLStatement {
    "INSERT INTO event (\(raw: columns)) SELECT \(values(event)) WHERE \(condition)"
  }

  /// Adds entries at the end of the log, in order.
  static func insert(_ events: [Event]) -> PostgreSQLStatement {
    let kinds = PostgreSQLValue.texts(events.map { Array($0.kind.rawValue.utf8) })
    let times = PostgreSQLValue.integers(events.map(\.time.milliseconds))
    let sessions = PostgreSQLValue.texts(events.map { $0.sessionID?.text })
    let users = texts(events.map { $0.userID?.string })
    let keys = PostgreSQLValue.integers(events.map(\.keyID))
    let reasons = texts(events.map(\.reason))
    let actors = PostgreSQLValue.texts(events.map { Array($0.actor.kind.rawValue.utf8) })
    let names = texts(events.map(\.actor.name))
    let addresses = texts(events.map(\.actor.address))
    let requests = texts(events.map(\.actor.requestID))
    let details = PostgreSQLValue.texts(events.map { $0.details.map { StoredText.encode($0.bytes) } })
    return """
      INSERT INTO event (\(raw: columns)) SELECT \(raw: columns) FROM
      unnest(\(kinds), \(times), \(sessions), \(users), \(keys), \(reasons), \(actors), \(names), \(addresses), \
      \(requests), \(details)) WITH ORDINALITY AS entry (\(raw: columns), place) ORDER BY place
      """
  }

  private static func texts(_ texts: [String?]) -> PostgreSQLValue {
    .texts(texts.map { $0.map { StoredText.encode(Array($0.utf8)) } })
  }

  /// The entries after a number, oldest first.
  static func following(_ number: Int64, limit: Int64) -> PostgreSQLStatement {
    "SELECT number, \(raw: columns) FROM event WHERE number > \(number) ORDER BY number LIMIT \(limit)"
  }

  /// Removes the beginning of the log: of its first entries those before the first that is not from before `time`, and
  /// never the last entry of all.
  static func purge(before time: Timestamp, limit: Int64) -> PostgreSQLStatement {
    """
    WITH gone AS (DELETE FROM event WHERE number < least(
      (SELECT coalesce(min(number) FILTER (WHERE time >= \(time)), max(number) + 1)
       FROM (SELECT number, time FROM event ORDER BY number LIMIT \(limit)) AS beginning),
      (SELECT max(number) FROM event)) RETURNING 1)
    SELECT count(*) FROM gone
    """
  }

  /// The kind in a row of ``following(_:limit:)``, alone.
  static func kind(_ row: PostgreSQLRow) throws(StoreError) -> Event.Kind {
    guard let kind = row.text(1).flatMap(Event.Kind.init(rawValue:)) else { throw damaged }
    return kind
  }

  /// The number in a row of ``following(_:limit:)``.
  static func number(_ row: PostgreSQLRow) throws(StoreError) -> Int64 {
    guard let number = row.int(0) else { throw damaged }
    return number
  }

  /// Reads a row of ``following(_:limit:)``.
  static func read(_ row: PostgreSQLRow) throws(StoreError) -> LoggedEvent {
    guard let actorKind = row.text(7).flatMap(Actor.Kind.init(rawValue:)), let time = row.time(2) else { throw damaged }
    let actor = Actor(
      actorKind, name: try row.anyText(8, or: damaged), address: try row.anyText(9, or: damaged),
      requestID: try row.anyText(10, or: damaged))
    var event = Event(try kind(row), at: time, by: actor, reason: try row.anyText(6, or: damaged))
    if !row.isNull(3) {
      guard let id = row.sessionID(3) else { throw damaged }
      event.sessionID = id
    }
    event.userID = try row.exactText(4, or: damaged)
    event.keyID = row.int(5)
    if let kept = row.bytes(11) {
      guard let details = StoredText.decode(kept) else { throw damaged }
      event.details = JSONText(uncheckedMinified: details)
    }
    return LoggedEvent(number: try number(row), event: event)
  }

  private static var damaged: StoreError {
    StoreError(.corrupt, "The session database holds an event that can't be read.")
  }
}
