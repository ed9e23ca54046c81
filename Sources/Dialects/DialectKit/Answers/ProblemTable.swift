public import HTTPMessages
public import HTTPRouting

/// Every code that an error of the HTTP interface can have.
///
/// Clients decide by these; none is ever renamed.
public enum ProblemTable {
  /// The codes with their statuses and meanings.
  public static let rows: [(code: Problem.Code, status: HTTPStatus, meaning: String)] = [
    (.malformedJSON, .badRequest, "The body is not strict JSON (RFC 8259), or too deep or large."),
    (
      .invalidRequest, .badRequest,
      "Members or parameters are missing, unknown, repeated or out of bounds; see `errors`."
    ),
    (.unauthorized, .unauthorized, "No valid credential. Why a token is not valid is not said."),
    (.pageRefused, HTTPStatus(403), "A browser's page of another origin, or an unknown Host, in a trusted place."),
    (.crossSiteRefused, HTTPStatus(403), "A change by cookie without proof that the user's own page asked for it."),
    (.levelRequired, .forbidden, "The session's account is below the level that was asked for, or there is none."),
    (.notFound, .notFound, "Nothing is at the path, or there is no such session."),
    (.methodNotAllowed, .methodNotAllowed, "The path does not take the method; see Allow."),
    (.sessionLimit, .conflict, "The user has as many live sessions as the policy allows."),
    (.sessionClosed, .conflict, "The session has ended, and ended sessions do not change."),
    (.revisionMismatch, .preconditionFailed, "The session is not at a revision that If-Match names."),
    (.unsupportedMediaType, .unsupportedMediaType, "The body is not of a media type that is read here."),
    (.internalError, .internalServerError, "Something is wrong with the server."),
    (.storeUnavailable, .serviceUnavailable, "The store can't be reached; see Retry-After."),
    (.outcomeUnknown, .serviceUnavailable, "The store's answer was lost: the change may have happened."),
    (.storeFull, .insufficientStorage, "The store has no room for the change."),
  ]
}

extension Problem.Code {
  /// Status 401.
  public static let unauthorized = Problem.Code(rawValue: "unauthorized")
  /// Status 403.
  public static let pageRefused = Problem.Code(rawValue: "page_refused")
  /// Status 403.
  public static let crossSiteRefused = Problem.Code(rawValue: "csrf_refused")
  /// Status 403.
  public static let levelRequired = Problem.Code(rawValue: "level_required")
  /// Status 409.
  public static let sessionLimit = Problem.Code(rawValue: "session_limit_reached")
  /// Status 409.
  public static let sessionClosed = Problem.Code(rawValue: "session_closed")
  /// Status 412.
  public static let revisionMismatch = Problem.Code(rawValue: "revision_mismatch")
  /// Status 500.
  public static let internalError = Problem.Code(rawValue: "internal_error")
  /// Status 503.
  public static let storeUnavailable = Problem.Code(rawValue: "store_unavailable")
  /// Status 503.
  public static let outcomeUnknown = Problem.Code(rawValue: "outcome_unknown")
  /// Status 507.
  public static let storeFull = Problem.Code(rawValue: "store_full")
}
