public import DialectKit
public import HTTPRouting
public import SessionCore

/// Sesame's own HTTP interface, `/v2`.
///
/// JSON in `snake_case`, times of RFC 3339 in UTC with milliseconds, durations in seconds. Members without a value are
/// left out. Unknown members and parameters are refused, and errors are problems of RFC 9457.
public struct SesameAPI: Sendable {
  let sessions: Sessions
  let gate: Gatekeeper
  let cookies: CookiePolicy
  let unauthorized = ReadyProblem(.unauthorizedUser)

  /// The interface to `sessions`.
  ///
  /// - Parameters:
  ///   - sessions: what it serves; made with ``SessionJSON/render(_:)``, or verification can't answer at once.
  ///   - gate: who may call the services' routes.
  ///   - cookies: the session cookie.
  public init(_ sessions: Sessions, gate: Gatekeeper, cookies: CookiePolicy = CookiePolicy()) {
    self.sessions = sessions
    self.gate = gate
    self.cookies = cookies
  }

  /// The routes, for the router.
  public var group: RouteGroup {
    RouteGroup(
      "Sesame", prefixes: ["/v2"], routes: serviceRoutes + verificationRoutes + ownRoutes,
      crossOrigin: gate.crossOrigin, admission: gate.admission)
  }
}
