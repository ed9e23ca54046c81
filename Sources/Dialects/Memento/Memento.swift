public import Accounts
public import DialectKit
public import HTTPRouting
public import SessionCore

/// The memento API: log-in by id token, and the users' levels, in Spanish.
///
/// Each function is a POST of JSON or of a form, under either of two prefixes. Whatever happens, the answer is 200 with
/// a JSON value; an error is `{"err": true, "errmsg": "…"}`. The session parameter `sesionid`, in any of its four
/// spellings, is the session's token: it comes with the call itself, so that no cookie and no header counts.
public struct Memento: Sendable {
  /// Tells how many minutes the server's time zone lies west of UTC at a time.
  public typealias Zone = @Sendable (Timestamp) -> Int

  let sessions: Sessions
  let accounts: Accounts
  let logins: Logins
  let events: EventFeed
  let gate: Gatekeeper
  let zone: Zone

  /// The API on `sessions` and the users' accounts.
  ///
  /// - Parameters:
  ///   - sessions: what it serves.
  ///   - accounts: the users.
  ///   - logins: opens sessions for id tokens; its policy says who gets an account.
  ///   - events: the log of what happened.
  ///   - gate: tells where calls come from, and which other origins' pages may make them.
  ///   - zone: what `horaservidor` answers as `tz`; UTC by default.
  public init(
    _ sessions: Sessions, accounts: Accounts, logins: Logins, events: EventFeed, gate: Gatekeeper,
    zone: @escaping Zone = { _ in 0 }
  ) {
    self.sessions = sessions
    self.accounts = accounts
    self.logins = logins
    self.events = events
    self.gate = gate
    self.zone = zone
  }

  /// The routes, for the router.
  ///
  /// Errors that the server itself answers, before a call reaches any route, have its own form and status.
  public var groups: [RouteGroup] {
    [
      RouteGroup(
        "Memento", prefixes: ["/apigen", "/apiapp"], routes: functions, ignoresUnknownQuery: true,
        crossOrigin: gate.crossOrigin, admission: gate.admission,
        problemShape: { problem, _, _ in MementoError.response(problem) })
    ]
  }
}
