import HTTPRouting
import SessionCore

/// The bodies of `/v2`, for checking and for the API document.
enum SessionSchema {
  static let text = Schema.string(length: 0...SessionPolicy.textLimit)
  static let userID = Schema.string(
    "Whose session it is; any text of 1 to 255 bytes.", length: 1...SessionPolicy.userIDLimit)
  static let id = Schema.string("The session's public id.", length: 1...64)
  static let states = ["open", "closed"]
  static let reasons = CloseReason.allCases.map(\.rawValue)
  /// The reasons that callers may give; the others are the server's own to find.
  static let givenReasons = [CloseReason.logout, .revoked, .account].map(\.rawValue)

  static let session = Schema.named(
    "Session",
    .object(
      [
        .required("id", id),
        .required("user_id", userID),
        .optional("user_name", text.described("A name to show.")),
        .optional("address", text.described("The client's address.")),
        .optional("client", text.described("The client's program.")),
        .optional("user_agent", .string("The client's User-Agent.", length: 0...SessionPolicy.userAgentLimit)),
        .optional("kind", text.described("What the session is for.")),
        .optional("status", text.described("A status of the caller's own.")),
        .required("state", .oneOf(states)),
        .optional("close_reason", .oneOf(reasons, "Why it ended.")),
        .required("open_time", .time("When it was opened.")),
        .required("request_time", .time("When its last request was processed.")),
        .required("renew_time", .time("When its token was last renewed.")),
        .optional("close_time", .time("When it ended.")),
        .optional("expires_at", .time("When it ends if no other request comes.")),
        .required("idle_timeout", .number("Seconds that it lives without a request.")),
        .required("lifetime", .number("Seconds that it lives in all.")),
        .required("generation", .integer("Which token of the session is valid; raised by each renewal.")),
        .required("remembered", .boolean("Whether the user asked to be remembered.")),
        .optional("login_method", text.described("How the user proved who they are.")),
        .optional("auth_time", .time("When the user proved it.")),
        .required("revision", .integer("Raised by each change; the ETag.")),
        .optional("user", .any("JSON about the user.")),
        .optional("data", .any("JSON of the session.")),
      ], unknownMembers: .ignored, "A session."))

  /// What a session is opened with; no longer than the policy's ceilings.
  static func draft(_ policy: SessionPolicy) -> Schema {
    .named("SessionDraft", .object(draftMembers(policy)))
  }

  private static func draftMembers(_ policy: SessionPolicy) -> [Schema.Member] {
    [
      .required("user_id", userID),
      .optional("user_name", text.described("A name to show.")),
      .optional("address", text.described("The client's address.")),
      .optional("client", text.described("The client's program.")),
      .optional("user_agent", .string("The client's User-Agent.", length: 0...SessionPolicy.userAgentLimit)),
      .optional("kind", text.described("What the session is for.")),
      .optional("status", text.described("A status of the caller's own.")),
      .optional("user", .any("JSON about the user.")),
      .optional("data", .any("JSON of the session.")),
      .optional(
        "idle_timeout", .integer("Seconds that it lives without a request.", in: seconds(policy.idleTimeoutCeiling))),
      .optional("lifetime", .integer("Seconds that it lives in all.", in: seconds(policy.lifetimeCeiling))),
      .optional(
        "remember", .boolean("Whether the user asked to be remembered: longer times, and a cookie that stays.")),
      .optional("cookie", .boolean("Whether the answer sets the session cookie.")),
    ]
  }

  private static func seconds(_ ceiling: TimeSpan) -> ClosedRange<Int64> { 1...max(1, ceiling.milliseconds / 1000) }

  static let patch = Schema.named(
    "SessionPatch",
    .object([
      .optional("user", .any("Merged into what is there (RFC 7396).")),
      .optional("data", .any("Merged into what is there (RFC 7396).")),
      .optional("user_name", text.orNull),
      .optional("status", text.orNull),
      .optional("kind", text.orNull),
    ]))

  static let opened = Schema.object(
    [
      .required("session", session),
      .optional("token", .string("The credential; shown this once.")),
      .optional("csrf_token", csrfToken),
    ], unknownMembers: .ignored)

  static let csrfToken = Schema.string("What a page sends as X-CSRF-Token with each change by cookie.")

  static let page = Schema.object(
    [
      .required("sessions", .array(of: session)),
      .required("next", .string("The cursor of the next page; null on the last.").orNull),
      .optional("count", .integer("How many match in all, if asked.")),
    ], unknownMembers: .ignored)
}
