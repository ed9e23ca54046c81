import HTTPMessages
import HTTPRouting
import SessionCore

/// The bodies of logging in, for checking and for the API document.
enum LoginSchema {
  static let credentials = Schema.named(
    "Login",
    .object(
      [
        .optional("email", .string("The e-mail address; with password.", length: 1...254, format: "email")),
        .optional("password", AccountSchema.password.described("The password, exactly as it is.")),
        .optional(
          "id_token", .string("An id token of an OpenID provider, in place of a password.", length: 1...16_384)),
        .optional("nonce", .string("The nonce that the id token must have.", length: 1...1024)),
        .optional("client", SessionSchema.text.described("The client's program, for the session.")),
        .optional("remember", .boolean("Whether the user asks to be remembered: longer times, a cookie that stays.")),
        .optional("cookie", .boolean("Whether the answer sets the session cookie, and does not show the token.")),
      ], "Either email and password, or id_token."
    ).ruled(
      .anyOf([["email", "password"], ["id_token"]]), .notTogether("id_token", "email"),
      .notTogether("id_token", "password"), .needs("nonce", "id_token")))

  static let opened = Schema.object(
    [
      .required("session", SessionSchema.session),
      .required("account", AccountSchema.account),
      .optional("token", .string("The credential; shown this once, and not with a cookie.")),
      .optional("csrf_token", SessionSchema.csrfToken),
    ], unknownMembers: .ignored)

  static let passwords = Schema.named(
    "PasswordChange",
    .object([
      .required("current", AccountSchema.password.described("The password as it is now.")),
      .required("new", AccountSchema.password),
    ]))

  static let tooMany = Route.Answer(HTTPStatus(429), "Too many attempts failed; see Retry-After.")
  static let busy = Route.Answer(
    .serviceUnavailable, "Too many passwords are being hashed, or the store is away; see Retry-After.")
}
