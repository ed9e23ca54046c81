import Accounts
import HTTPRouting

/// The bodies of the routes for service keys, for checking and for the API document.
enum KeySchema {
  static let id = Schema.string("The key's number.", length: 1...64)
  static let name = Schema.string("What it is called in events and the log; 1 to 255 bytes.", length: 1...255)
  static let scopes = Schema.array(
    of: .oneOf(ServiceScope.allCases.map(\.rawValue)), "What it allows; admin allows everything."
  ).neverEmpty

  static let key = Schema.named(
    "ServiceKey",
    .object(
      [
        .required("id", .integer("The key's number.", in: 1...Int64.max)), .required("name", name),
        .required("scopes", scopes), .required("created", .time("When it was made.")),
        .optional("expires", .time("When it ends; never if left out.")),
        .optional("last_used", .time("When it was last used, to about a minute.")),
      ], unknownMembers: .ignored, "A service key; what opens with it is shown once, when it is made."))

  static let draft = Schema.named(
    "ServiceKeyDraft",
    .object([
      .required("name", name), .required("scopes", scopes),
      .optional("expires", .time("When it ends; never if left out.")),
      .optional(
        "expires_in",
        .integer("In how many seconds it ends, a hundred years at most; in place of expires.", in: 1...3_155_760_000)),
    ]).ruled(.notTogether("expires", "expires_in")))

  static let created = Schema.object(
    [
      .required("key", key),
      .required("secret", .string("The credential, `ssk_…`; shown this once.")),
    ], unknownMembers: .ignored)

  static let page = Schema.object(
    [
      .required("keys", .array(of: key)),
      .required("next", .string("The cursor of the next page; null on the last.").orNull),
    ], unknownMembers: .ignored)
}
