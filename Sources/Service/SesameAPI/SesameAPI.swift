public import Accounts
public import DialectKit
public import HTTPRouting
public import IdentityTokens
public import SessionCore

/// Sesame's own HTTP interface, `/v2`.
///
/// JSON in `snake_case`, times of RFC 3339 in UTC with milliseconds, durations in seconds. Members without a value are
/// left out. Unknown members and parameters are refused, and errors are problems of RFC 9457.
public struct SesameAPI: Sendable {
  let sessions: Sessions
  let accounts: Accounts
  let logins: Logins
  let keys: ServiceKeys
  let events: EventFeed
  let signed: SignedTokens
  let gate: Gatekeeper
  let cookies: CookiePolicy
  /// What those who follow the events are told besides; nothing by default.
  public var news: StreamNews?
  let unauthorized = ReadyProblem(.unauthorizedUser)

  /// The interface to `sessions` and all that belongs to them.
  ///
  /// - Parameters:
  ///   - sessions: what it serves; made with ``SessionJSON/render(_:)``, or verification can't answer at once.
  ///   - accounts: the users' accounts.
  ///   - logins: opens sessions for passwords and id tokens.
  ///   - keys: the service keys.
  ///   - events: the log of what happened.
  ///   - signed: makes and reads signed tokens.
  ///   - gate: who may call the services' routes.
  ///   - cookies: the session cookie.
  public init(
    _ sessions: Sessions, accounts: Accounts, logins: Logins, keys: ServiceKeys, events: EventFeed,
    signed: SignedTokens, gate: Gatekeeper, cookies: CookiePolicy = CookiePolicy()
  ) {
    self.sessions = sessions
    self.accounts = accounts
    self.logins = logins
    self.keys = keys
    self.events = events
    self.signed = signed
    self.gate = gate
    self.cookies = cookies
  }

  /// The routes, for the router.
  public var groups: [RouteGroup] {
    [
      RouteGroup(
        "Sesame", prefixes: ["/v2"],
        routes: serviceRoutes + verificationRoutes + ownRoutes + signedTokenRoutes + accountRoutes + loginRoutes
          + keyRoutes + eventRoutes,
        crossOrigin: gate.crossOrigin, admission: gate.admission),
      RouteGroup("Sesame's keys", prefixes: [""], routes: keySetRoutes),
    ]
  }

  /// The services' routes that administer, for another group: reading and ending sessions, accounts, keys, events.
  ///
  /// They are the same as those of ``groups``, but for those that hand out or take a session's token. Whoever serves
  /// them answers for the admission, which must be that of the gate that this was made with.
  public var administrationRoutes: [Route] {
    let all = serviceRoutes.filter { $0.operationID != "openSession" } + accountRoutes + keyRoutes + eventRoutes
    return all.filter { if case .service = $0.access { true } else { false } }
  }
}
