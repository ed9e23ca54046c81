import SQLiteDriver
import SessionCore

extension SQLiteConnection {
  /// Adds a session of a user whose id needs no quoting, and of nothing but times, as the first schema kept it.
  func addOfFirstSchema(_ session: Session) throws(SQLiteError) {
    try execute(
      """
      INSERT INTO session (
        id, user_id, open_time, request_time, renew_time, idle_timeout, lifetime, generation, is_remembered, revision)
      VALUES (
        '\(session.id)', '\(session.userID)', \(session.openTime.milliseconds), \(session.requestTime.milliseconds),
        \(session.renewTime.milliseconds), \(session.idleTimeout.milliseconds), \(session.lifetime.milliseconds),
        \(session.generation), 0, \(session.revision))
      """)
  }
}
