internal import PostgreSQLDriver
internal import SessionCore

/// The statements of the writing verbs: each does what it does and adds to the log, in one step.
///
/// A transaction has the lock of all writers, so that what one statement finds, the next one finds, too. Rows that a
/// part of a statement has found are gone to by a list of their ids, whatever the planner thinks of their number.
enum SessionStatements {
  /// The condition of a session that lives.
  static func isAlive(at now: Timestamp) -> PostgreSQLStatement { "close_time IS NULL AND deadline > \(now)" }

  /// A part named `closed`, which closes the open sessions that meet a condition, or ends those whose time was up; and
  /// one that adds entries for both, first for the latter, by the reaper.
  private static func ending(
    _ reason: CloseReason, where condition: PostgreSQLStatement, by actor: Actor, now: Timestamp,
    inOrderOf time: String = "open_time"
  ) -> PostgreSQLStatement {
    func unlessExpired(_ word: PostgreSQLStatement) -> PostgreSQLStatement {
      "CASE WHEN NOT \(raw: isExpired) THEN \(word) END"
    }
    return """
      closed AS (UPDATE session SET \(SessionRow.ending(reason, at: now))
        WHERE close_time IS NULL AND \(condition) RETURNING *),
      told AS (INSERT INTO event (kind, time, session_id, user_id, reason, actor_kind, actor_name, address, request_id)
        SELECT 'session.closed', close_time, id, user_id, close_reason,
          coalesce(\(unlessExpired("\(actor.kind.rawValue)")), 'reaper'), \(unlessExpired("\(text: actor.name)")),
          \(unlessExpired("\(text: actor.address)")), \(unlessExpired("\(text: actor.requestID)"))
        FROM closed ORDER BY NOT \(raw: isExpired), \(raw: time), id)
      """
  }

  /// The condition of a session that was closed at its deadline, which none that lived is.
  private static let isExpired = "close_time = deadline"

  // MARK: Opening

  /// Whether a session's id is taken by one that does not make room for it.
  private static func isTaken(_ session: Session, at now: Timestamp) -> PostgreSQLStatement {
    guard session.carried != nil else { return "EXISTS (SELECT FROM session WHERE id = \(session.id))" }
    return """
      EXISTS (SELECT FROM session
        WHERE id = \(session.id) AND (revision >= \(session.revision) OR (\(isAlive(at: now)))))
      """
  }

  /// How many sessions of the user live.
  private static func live(_ user: ExactText, at now: Timestamp) -> PostgreSQLStatement {
    "(SELECT count(*) FROM session WHERE user_id = \(user) AND \(isAlive(at: now)))"
  }

  /// Closes what must go to make room within the limit, and ends those of the user whose time was up; nothing if the
  /// session will not be added.
  ///
  /// The order is of a sum, and so is the deadline, so that no other index than the user's offers itself.
  static func makeWay(
    for session: Session, _ limit: LiveSessionLimit, now: Timestamp
  ) -> PostgreSQLStatement {
    let time = limit.overflow == .evictLeastRecent ? "request_time" : "open_time"
    let user: PostgreSQLStatement = "user_id = \(session.userID) AND close_time IS NULL"
    let hasRoom: PostgreSQLStatement = limit.overflow == .deny ? hasRoom(for: session, limit, now: now) : "true"
    let condition: PostgreSQLStatement = """
      id = ANY (ARRAY(
          (SELECT id FROM session WHERE \(user) AND deadline > \(now) ORDER BY \(raw: time) + 0, id
            LIMIT greatest(0, \(live(session.userID, at: now)) + 1 - \(Int64(limit.maximum))))
          UNION ALL (SELECT id FROM session WHERE \(user) AND deadline + 0 <= \(now) AND id <> \(session.id))))
        AND NOT \(isTaken(session, at: now)) AND \(hasRoom)
      """
    return """
      WITH \(ending(.evicted, where: condition, by: Actor(.policy), now: now, inOrderOf: time))
      SELECT \(raw: SessionRow.columns) FROM closed ORDER BY NOT \(raw: isExpired), \(raw: time), id
      """
  }

  /// Removes the session that ended with the same carried token, if there is one.
  static func makeRoom(
    for session: Session, _ limit: LiveSessionLimit?, now: Timestamp
  ) -> PostgreSQLStatement {
    """
    WITH gone AS (DELETE FROM session WHERE id = \(session.id) AND NOT \(isTaken(session, at: now))
      AND \(hasRoom(for: session, limit, now: now)) RETURNING *)
    INSERT INTO event (kind, time, session_id, user_id, reason, actor_kind)
    SELECT 'session.closed', deadline, id, user_id, \(raw: SessionRow.deadlineReason), 'reaper'
    FROM gone WHERE close_time IS NULL
    """
  }

  private static func hasRoom(
    for session: Session, _ limit: LiveSessionLimit?, now: Timestamp
  ) -> PostgreSQLStatement {
    guard let limit else { return "true" }
    return "\(live(session.userID, at: now)) < \(Int64(limit.maximum))"
  }

  /// Adds a session if its id is not taken and there is room; answers whether it was added, and whether the id was
  /// taken.
  static func add(
    _ session: Session, _ limit: LiveSessionLimit?, by actor: Actor, now: Timestamp
  ) -> PostgreSQLStatement {
    """
    WITH added AS (INSERT INTO session (\(raw: SessionRow.columns)) SELECT \(SessionRow.values(session))
      WHERE \(hasRoom(for: session, limit, now: now)) ON CONFLICT (id) DO NOTHING RETURNING id),
    told AS (\(EventRow.insert(Event(.opened, of: session, at: now, by: actor), if: "EXISTS (SELECT FROM added)")))
    SELECT EXISTS (SELECT FROM added), \(isTaken(session, at: now))
    """
  }

  // MARK: Changing

  /// Replaces a session; has a row if it was replaced.
  static func replace(
    _ session: Session, revision: Int64, as change: SessionEvent.Change, by actor: Actor, now: Timestamp
  ) -> PostgreSQLStatement {
    """
    WITH changed AS (UPDATE session SET \(SessionRow.assignments(session))
      WHERE id = \(session.id) AND revision = \(revision) AND \(isAlive(at: now)) RETURNING id),
    told AS (\(EventRow.insert(Event(change, of: session, at: now, by: actor), if: "EXISTS (SELECT FROM changed)")))
    SELECT id FROM changed
    """
  }

  /// Closes one open session, or ends it if its time was up; has the session as it is then, whether it was closed now,
  /// and whether it was ended.
  static func close(
    _ id: SessionID, reason: CloseReason, by actor: Actor, now: Timestamp
  ) -> PostgreSQLStatement {
    """
    WITH \(ending(reason, where: "id = \(id)", by: actor, now: now))
    SELECT \(raw: SessionRow.columns), NOT \(raw: isExpired), \(raw: isExpired) FROM closed
    UNION ALL
    SELECT \(raw: SessionRow.columns), false, false FROM session
    WHERE id = \(id) AND NOT EXISTS (SELECT FROM closed)
    """
  }

  /// Closes the open sessions whose ids `found` selects, or ends them; has them as they are then.
  static func close(
    _ found: PostgreSQLStatement, reason: CloseReason, by actor: Actor, now: Timestamp
  ) -> PostgreSQLStatement {
    """
    WITH \(ending(reason, where: "id = ANY (ARRAY(\(found)))", by: actor, now: now))
    SELECT \(raw: SessionRow.columns) FROM closed ORDER BY open_time, id
    """
  }

  /// Moves request times forward; of each session the latest counts.
  static func touch(_ touches: [SessionTouch]) -> PostgreSQLStatement {
    let ids = PostgreSQLValue.texts(touches.map(\.id.text))
    let times = PostgreSQLValue.integers(touches.map(\.requestTime.milliseconds))
    return """
      UPDATE session SET request_time = touch.time
      FROM (SELECT id, max(time) AS time FROM unnest(\(ids), \(times)) AS given (id, time) GROUP BY id) AS touch
      WHERE session.id = touch.id AND close_time IS NULL AND request_time < touch.time
      """
  }

  // MARK: Removing

  /// Removes a session; has it as it was.
  static func remove(_ id: SessionID, by actor: Actor, now: Timestamp) -> PostgreSQLStatement {
    let isAlive: PostgreSQLStatement = "deadline > \(now)"
    return """
      WITH gone AS (DELETE FROM session WHERE id = \(id) RETURNING *),
      ends AS (
        SELECT 1 AS place, 'session.closed' AS kind, \(now) AS time, id, user_id, 'revoked' AS reason,
          \(EventRow.actor(actor)) FROM gone WHERE close_time IS NULL AND \(isAlive)
        UNION ALL SELECT 1, 'session.closed', deadline, id, user_id, \(raw: SessionRow.deadlineReason),
          'reaper', NULL, NULL, NULL FROM gone WHERE close_time IS NULL AND NOT \(isAlive)
        UNION ALL SELECT 2, 'session.removed', \(now), id, user_id, NULL, \(EventRow.actor(actor)) FROM gone),
      told AS (INSERT INTO event (kind, time, session_id, user_id, reason, actor_kind, actor_name, address, request_id)
        SELECT kind, time, id, user_id, reason, actor_kind, actor_name, address, request_id
        FROM ends AS entry (place, kind, time, id, user_id, reason, actor_kind, actor_name, address, request_id)
        ORDER BY place)
      SELECT \(raw: SessionRow.columns) FROM gone
      """
  }

  /// Closes expired sessions, and removes those that carry a token; has them as they were closed.
  static func reap(now: Timestamp, limit: Int64) -> PostgreSQLStatement {
    let revision = SessionRow.raisedRevision
    let columns = SessionRow.columns
    return """
      WITH found AS (SELECT id FROM session WHERE close_time IS NULL AND deadline <= \(now)
        ORDER BY deadline, id LIMIT \(limit)),
      kept AS (UPDATE session SET close_time = deadline, close_reason = \(raw: SessionRow.deadlineReason),
        "user" = NULL, data = NULL, revision = \(raw: revision)
        WHERE id = ANY (ARRAY(SELECT id FROM found)) AND carried IS NULL RETURNING \(raw: columns)),
      gone AS (DELETE FROM session WHERE id = ANY (ARRAY(SELECT id FROM found)) AND carried IS NOT NULL RETURNING *),
      closed AS (SELECT \(raw: columns) FROM kept UNION ALL
        SELECT id, user_id, user_name, address, client, user_agent, kind, status, open_time, request_time, renew_time,
          deadline, \(raw: SessionRow.deadlineReason), idle_timeout, lifetime, generation, is_remembered, login_method,
          auth_time, \(raw: revision), NULL, NULL, carried FROM gone),
      told AS (INSERT INTO event (kind, time, session_id, user_id, reason, actor_kind)
        SELECT 'session.closed', close_time, id, user_id, close_reason, 'reaper' FROM closed
        ORDER BY close_time, id)
      SELECT \(raw: columns) FROM closed ORDER BY close_time, id
      """
  }

  /// Removes sessions that were closed before a time; has their ids.
  static func purge(closedBefore time: Timestamp, limit: Int64) -> PostgreSQLStatement {
    """
    DELETE FROM session WHERE id = ANY (ARRAY(
      SELECT id FROM session WHERE close_time IS NOT NULL AND close_time < \(time)
      ORDER BY close_time, id LIMIT \(limit)))
    RETURNING id
    """
  }
}
