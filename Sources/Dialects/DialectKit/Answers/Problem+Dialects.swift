import HTTPMessages
public import HTTPRouting
public import SessionCore

extension Problem {
  private static let challenge = HTTPField("WWW-Authenticate", "Bearer")

  /// 401, for a user's token that is missing or not valid; the same whatever the reason.
  public static let unauthorizedUser = Problem(
    .unauthorized, .unauthorized, "This needs the token of a live session.", fields: [challenge])

  /// 401, for a service that is not trusted.
  public static let unauthorizedService = Problem(
    .unauthorized, .unauthorized, "This needs a service key, or a caller on this machine or in a trusted network.",
    fields: [challenge])

  /// 401, for a service key that is malformed, unknown, revoked or over, or not alone; which, is not said.
  static let invalidKey = Problem(
    .unauthorized, .unauthorized, "This service key is not valid.",
    fields: [HTTPField("WWW-Authenticate", #"Bearer error="invalid_token""#)])

  /// 403, for a service key that lacks a scope (RFC 6750 section 3.1).
  static func insufficientScope(_ scope: String) -> Problem {
    Problem(
      .forbidden, .insufficientScope, "This service key lacks the scope \(scope).",
      fields: [HTTPField("WWW-Authenticate", #"Bearer error="insufficient_scope", scope="\#(scope)""#)])
  }

  /// 403, for a Host that is not known.
  static let unknownHost = Problem(
    HTTPStatus(403), .pageRefused, "This server is not known by the name in Host; add the name to server.allowed_hosts."
  )

  /// 403, for a page of another origin.
  static let foreignPage = Problem(
    HTTPStatus(403), .pageRefused, "A page of another origin can't use the trust in the network it is in.")

  /// 403, for a log-in by cookie from a page that may not ask for it.
  static let foreignLogin = Problem(
    HTTPStatus(403), .crossSiteRefused,
    "A page of another origin can't log its user in by cookie; its origin is not in server.allowed_origins.")

  /// 403, for a change by cookie without proof.
  static let crossSite = Problem(
    HTTPStatus(403), .crossSiteRefused,
    "A change by cookie needs a same-origin Origin or Sec-Fetch-Site, and the session's X-CSRF-Token.")

  /// 404, for a session.
  public static let noSession = Problem(.notFound, .notFound, "There is no such session.")

  /// 409, for a session that has ended.
  public static let sessionClosed = Problem(
    .conflict, .sessionClosed, "The session has ended, and ended sessions do not change.")

  /// 409, for a new session of a user whose account is not active.
  public static let accountInactive = Problem(
    .conflict, .accountInactive, "The user's account is not active; activate it first.",
    errors: [MemberError("user_id", "is an account that is not active")])

  /// What a client is told of a store's failure: nothing from inside, which is for the log.
  public init(_ error: StoreError) {
    switch error.code {
    case .unavailable, .closed:
      self.init(
        .serviceUnavailable, .storeUnavailable, "The store can't be reached now.",
        fields: [HTTPField("Retry-After", "1")])
    case .unknownOutcome:
      self.init(
        .serviceUnavailable, .outcomeUnknown, "The store's answer was lost; the change may or may not have happened.")
    case .full:
      self.init(.insufficientStorage, .storeFull, "The store has no room for this change.")
    default:
      self.init(.internalServerError, .internalError, "Something is wrong with the store.")
    }
    cause = error.underlying.map { "\(error.description) \($0)" } ?? error.description
  }

  /// Runs calls of the core; a store's failure becomes a problem.
  public static func storing<Answer: Sendable>(
    _ body: () async throws(StoreError) -> Answer
  ) async throws(Problem) -> Answer {
    do { return try await body() } catch { throw Problem(error) }
  }
}
