import Accounts
import HTTPRouting

/// The bodies of the routes for accounts, for checking and for the API document.
enum AccountSchema {
  static let id = Schema.string("The account's number.", length: 1...64)
  static let levels = AccountLevel.allCases.map(\.rawValue)
  static let email = Schema.string("The e-mail address; no other account has it.", length: 1...254, format: "email")
  static let username = Schema.string("A short name; no other account has it.", length: 1...255)
  static let level = Schema.oneOf(levels, "I guest, U user, C collaborator, T technician, A administrator.")
  static let active = Schema.boolean("Whether the user may log in; false ends all sessions.")
  static let verified = Schema.boolean("Whether the address was shown to be the user's.")
  static let password = Schema.string(
    "The password, exactly as it is: 8 to 1,024 characters, and not a common one.", length: 0...1024,
    format: "password")
  static let name = Schema.string("The full name to show.", length: 1...255)
  static let firstName = Schema.string("The given name.", length: 1...255)
  static let lastName = Schema.string("The family name.", length: 1...255)
  static let picture = Schema.string("The address of a picture, http or https.", length: 1...2048)
  static let timezone = Schema.string("The time zone's name, such as Europe/Madrid.", length: 1...64)

  static let links = Schema.array(
    of: .named(
      "IdentityLink",
      .object([
        .required("issuer", .string("The issuer, exactly as its tokens say it.", length: 1...2048)),
        .required("subject", .string("The user's name at the issuer.", length: 1...255)),
      ])), "Who the user is at OpenID providers; no other account has any of them.")

  static let account = Schema.named(
    "Account",
    .object(
      [
        .required("id", .integer("The account's number; as text, the user_id of its sessions.", in: 1...Int64.max)),
        .optional("email", email), .optional("username", username), .optional("name", name),
        .optional("first_name", firstName), .optional("last_name", lastName), .optional("picture", picture),
        .optional("timezone", timezone), .required("level", level), .required("active", active),
        .required("verified", verified), .required("created", .time("When it was created.")),
        .required("links", links), .required("has_password", .boolean("Whether it has a password.")),
        .required("revision", .integer("Raised by each change; the ETag.")),
      ], unknownMembers: .ignored, "An account."))

  static let draft = Schema.named(
    "AccountDraft",
    .object([
      .optional("email", email), .optional("username", username), .optional("name", name),
      .optional("first_name", firstName), .optional("last_name", lastName), .optional("picture", picture),
      .optional("timezone", timezone), .optional("level", level), .optional("active", active),
      .optional("verified", verified), .optional("links", links), .optional("password", password),
      .optional(
        "password_hash",
        .string(
          "A hash from elsewhere in place of the password: argon2id in PHC format, bcrypt, or Django's pbkdf2_sha256.",
          length: 1...512)),
    ]).ruled(.notTogether("password", "password_hash")))

  static let patch = Schema.named(
    "AccountPatch",
    .object([
      .optional("email", email.orNull), .optional("username", username.orNull), .optional("name", name.orNull),
      .optional("first_name", firstName.orNull), .optional("last_name", lastName.orNull),
      .optional("picture", picture.orNull), .optional("timezone", timezone.orNull), .optional("level", level),
      .optional("active", active), .optional("verified", verified), .optional("links", links.orNull),
      .optional(
        "password", password.described("A new password, in a request that changes nothing else; all sessions end.")),
    ]).ruled(.alone("password")))

  static let page = Schema.object(
    [
      .required("accounts", .array(of: account)),
      .required("next", .string("The cursor of the next page; null on the last.").orNull),
      .optional("count", .integer("How many match in all, if asked.")),
    ], unknownMembers: .ignored)
}
