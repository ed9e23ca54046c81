public import DialectKit
public import HTTPRouting
public import SessionCore

/// The protocol of the class Session_Model: sessions that a service opens for its users, each proved by a cookie that
/// every update replaces.
///
/// The calls have the original's names and parameters. The session id (`sid`) is the public one; `type` is the
/// session's kind, and `unique_identifier` its user id. What proves the session is the cookie's text: in it stands a
/// token, so that nothing else about a session, nor all of it together, stands in for the cookie.
public struct SessionModel: Sendable {
  /// How long a session lives in all, counted from when it was opened.
  public let lifetime: TimeSpan
  /// How long a cookie is good, counted from when it was issued.
  public let cookieLifetime: TimeSpan
  /// What the cookies' data says of `secure`.
  public let isSecure: Bool

  let sessions: Sessions
  let gate: Gatekeeper

  /// The protocol on `sessions`.
  ///
  /// A change of `cookieLifetime` or `isSecure` ends the cookies that were issued before.
  ///
  /// - Parameters:
  ///   - sessions: what it serves.
  ///   - lifetime: how long a session lives in all, with or without requests; 1 day. No longer than the policy's two
  ///     ceilings, and a second at least.
  ///   - cookieLifetime: how long a cookie is good; 2 hours.
  ///   - isSecure: whether the cookie's data asks browsers to send it over HTTPS only, as it should.
  ///   - gate: who may call the routes.
  public init(
    _ sessions: Sessions, lifetime: TimeSpan = .days(1), cookieLifetime: TimeSpan = .hours(2), isSecure: Bool = true,
    gate: Gatekeeper = Gatekeeper()
  ) {
    self.sessions = sessions
    self.lifetime = max(lifetime, .seconds(1))
    self.cookieLifetime = cookieLifetime
    self.isSecure = isSecure
    self.gate = gate
  }

  /// The routes, for the router.
  public var groups: [RouteGroup] {
    [
      RouteGroup(
        "Session_Model", prefixes: ["/session_model"], routes: routes, admission: gate.admission,
        problemShape: { problem, _, requestID in SessionModelProblem.response(problem, requestID: requestID) },
        problemFormat: SessionModelProblem.format)
    ]
  }
}
