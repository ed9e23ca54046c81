public import DialectKit
public import HTTPRouting
public import SessionCore

/// The session service's HTTP protocol: a cache of user sessions whose tokens their callers make.
///
/// Only services may speak it. A token is kept as a keyed digest and sealed: the store alone opens nothing. The same
/// user and token are the same session, and creating it again gives it new times. A session ends when its caller said
/// and is deleted then; one that ends otherwise is kept as long as others, without its token.
///
/// `GET /session` answers a credential, so a service key needs `sessions:write` for it, as for `POST /create`; for
/// `POST /verify` it needs `sessions:read`.
public struct SessionService: Sendable {
  let sessions: Sessions
  let gate: Gatekeeper
  let lifetime: TimeSpan

  /// The protocol on `sessions`.
  ///
  /// - Parameters:
  ///   - sessions: what it serves.
  ///   - gate: who may call.
  ///   - lifetime: how long a session lives whose caller says nothing of it; 24 hours. The policy's ceiling holds too.
  public init(_ sessions: Sessions, gate: Gatekeeper, lifetime: TimeSpan = .hours(24)) {
    self.sessions = sessions
    self.gate = gate
    self.lifetime = lifetime
  }

  /// The routes, for the router.
  public var groups: [RouteGroup] {
    [
      RouteGroup(
        "Session service", prefixes: [""], routes: routes, ignoresUnknownQuery: true, admission: gate.admission,
        problemShape: { problem, _, _ in ServiceAnswer.failure(problem) }, problemFormat: ServiceAnswer.format)
    ]
  }
}
