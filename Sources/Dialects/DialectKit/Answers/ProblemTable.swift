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
    (.loginRefused, .unauthorized, "The log-in was refused. Why is not said."),
    (.insufficientScope, .forbidden, "The service key is good, but lacks the scope; see WWW-Authenticate."),
    (.wrongPassword, .forbidden, "The current password that was given is another one."),
    (.pageRefused, HTTPStatus(403), "A browser's page of another origin, or an unknown Host, in a trusted place."),
    (.crossSiteRefused, HTTPStatus(403), "A change by cookie without proof that the user's own page asked for it."),
    (.levelRequired, .forbidden, "The session's account is below the level that was asked for, or there is none."),
    (.notFound, .notFound, "Nothing is at the path, or there is no such session, account or key."),
    (.methodNotAllowed, .methodNotAllowed, "The path does not take the method; see Allow."),
    (.sessionLimit, .conflict, "The user has as many live sessions as the policy allows."),
    (.accountInactive, .conflict, "The user's account is not active, so that no session is opened for it."),
    (.sessionClosed, .conflict, "The session has ended, and ended sessions do not change."),
    (.emailTaken, .conflict, "Another account has the e-mail address."),
    (.usernameTaken, .conflict, "Another account has the user name."),
    (.linkTaken, .conflict, "Another account has the link to an OpenID provider."),
    (.lastAdministrator, .conflict, "The last active administrator can't be demoted, deactivated or deleted."),
    (.noPassword, .conflict, "The caller has no password that could be changed."),
    (.revisionMismatch, .preconditionFailed, "The session or account is not at a revision that If-Match names."),
    (.unsupportedMediaType, .unsupportedMediaType, "The body is not of a media type that is read here."),
    (.tooManyAttempts, HTTPStatus(429), "Too many log-ins failed; see Retry-After."),
    (.internalError, .internalServerError, "Something is wrong with the server."),
    (.storeUnavailable, .serviceUnavailable, "The store can't be reached; see Retry-After."),
    (.busy, .serviceUnavailable, "More passwords are being hashed than the server can; see Retry-After."),
    (.outcomeUnknown, .serviceUnavailable, "The store's answer was lost: the change may have happened."),
    (.storeFull, .insufficientStorage, "The store has no room for the change."),
  ]
}

extension Problem.Code {
  /// Status 401.
  public static let unauthorized = Problem.Code(rawValue: "unauthorized")
  /// Status 401.
  public static let loginRefused = Problem.Code(rawValue: "login_refused")
  /// Status 403.
  public static let insufficientScope = Problem.Code(rawValue: "insufficient_scope")
  /// Status 403.
  public static let wrongPassword = Problem.Code(rawValue: "wrong_password")
  /// Status 403.
  public static let pageRefused = Problem.Code(rawValue: "page_refused")
  /// Status 403.
  public static let crossSiteRefused = Problem.Code(rawValue: "csrf_refused")
  /// Status 403.
  public static let levelRequired = Problem.Code(rawValue: "level_required")
  /// Status 409.
  public static let sessionLimit = Problem.Code(rawValue: "session_limit_reached")
  /// Status 409.
  public static let accountInactive = Problem.Code(rawValue: "account_inactive")
  /// Status 409.
  public static let sessionClosed = Problem.Code(rawValue: "session_closed")
  /// Status 409.
  public static let emailTaken = Problem.Code(rawValue: "email_taken")
  /// Status 409.
  public static let usernameTaken = Problem.Code(rawValue: "username_taken")
  /// Status 409.
  public static let linkTaken = Problem.Code(rawValue: "link_taken")
  /// Status 409.
  public static let lastAdministrator = Problem.Code(rawValue: "last_administrator")
  /// Status 409.
  public static let noPassword = Problem.Code(rawValue: "no_password")
  /// Status 412.
  public static let revisionMismatch = Problem.Code(rawValue: "revision_mismatch")
  /// Status 429.
  public static let tooManyAttempts = Problem.Code(rawValue: "too_many_attempts")
  /// Status 500.
  public static let internalError = Problem.Code(rawValue: "internal_error")
  /// Status 503.
  public static let storeUnavailable = Problem.Code(rawValue: "store_unavailable")
  /// Status 503.
  public static let busy = Problem.Code(rawValue: "busy")
  /// Status 503.
  public static let outcomeUnknown = Problem.Code(rawValue: "outcome_unknown")
  /// Status 507.
  public static let storeFull = Problem.Code(rawValue: "store_full")
}
