public import Accounts
public import DialectKit
public import HTTPRouting
public import SessionCore

/// The Sessions microservice's HTTP protocol, version 1.
///
/// Each operation is a POST of a JSON object. The session id is the public one: this protocol has no token, and only
/// services may speak it. Members that are not known are passed over. What is asked of a session that is not there has
/// an empty answer, 204.
///
/// As in the original, `session_id` can't be left out anywhere, though the document calls it optional in two places,
/// and reading a session does not count as a request of it: storing its data or user does. Other than in the original,
/// a session that has ended is never changed: storing into it is a conflict.
public struct SessionsV1: Sendable {
  let sessions: Sessions
  let accounts: Accounts?
  let gate: Gatekeeper
  let startTime: Timestamp

  /// The protocol on `sessions`.
  ///
  /// - Parameters:
  ///   - sessions: what it serves.
  ///   - accounts: the users' accounts, for which no session is opened while they are not active; `nil` if there are
  ///     none.
  ///   - gate: who may call.
  public init(_ sessions: Sessions, accounts: Accounts? = nil, gate: Gatekeeper) {
    self.sessions = sessions
    self.accounts = accounts
    self.gate = gate
    startTime = sessions.clock.now()
  }

  /// The routes, for the router: the operations, and what tells that the service is there.
  public var groups: [RouteGroup] {
    [
      RouteGroup(
        "Sessions V1", prefixes: ["/v1/sessions", "/sessions"], routes: operations, ignoresUnknownQuery: true,
        admission: gate.admission,
        problemShape: { problem, request, requestID in
          ErrorV1.response(problem, correlationID: CorrelationID.of(request, requestID: requestID))
        }, problemFormat: ErrorV1.format),
      RouteGroup("Sessions V1 health", prefixes: [""], routes: health, ignoresUnknownQuery: true),
    ]
  }
}
