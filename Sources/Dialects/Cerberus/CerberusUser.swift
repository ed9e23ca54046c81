import Accounts
import HTTPRouting
import JSON
public import SessionCore

/// A user as `get` answers it: the account without its password, and the session that the token is of.
public struct CerberusUser: Sendable, Equatable {
  /// The user id: on the wire a number if it can be that of an account, else a string.
  public var id: ExactText
  /// When the account was created; on the wire in milliseconds since 1970 UTC.
  ///
  /// `nil` for a user without an account, as the texts are that follow.
  public var created: Timestamp?
  /// The user name.
  public var username: String?
  /// The e-mail address.
  public var email: String?
  /// The given name.
  public var firstName: String?
  /// The family name.
  public var lastName: String?
  /// The time zone's name.
  public var timezone: String?
  /// Whether the account is an administrator's.
  public var admin: Bool
  /// Whether the e-mail address was shown to be the user's.
  public var verified: Bool
  /// Whether the user may log in.
  public var active: Bool
  /// The public id of the session, for `renew`; `nil` means the user's newest.
  public var session: String?

  /// A user of whom nothing is known but an id, as `renew` takes one.
  public init(id: ExactText, session: String? = nil) {
    self.id = id
    self.session = session
    admin = false
    verified = false
    active = true
  }

  /// The user of a session.
  init(_ account: Account?, of session: Session) {
    self.init(id: session.userID, session: session.id.description)
    guard let account else { return }
    let profile = account.profile
    created = account.created
    username = profile.username?.string
    email = profile.email?.text.string
    firstName = profile.firstName?.string
    lastName = profile.lastName?.string
    timezone = profile.timezone?.string
    admin = profile.level == .administrator
    verified = profile.isVerified
    active = profile.isActive
  }
}

extension CerberusUser {
  /// The user as JSON.
  func write(into json: inout JSONWriter) {
    json.beginObject()
    json.name("id")
    json.userID(id)
    json.name("created")
    if let created { json.integer(created.milliseconds) } else { json.null() }
    json.member("username", orNull: username)
    json.member("email", orNull: email)
    json.member("firstName", orNull: firstName)
    json.member("lastName", orNull: lastName)
    json.member("timezone", orNull: timezone)
    json.member("admin", admin)
    json.member("verified", verified)
    json.member("active", active)
    if let session { json.member("session", session) }
    json.endObject()
  }

  static let schema = Schema.named(
    "CerberusUser",
    .object(
      [
        .required("id", .any("The user id: a number if it can be an account's, else a string.")),
        .required("created", .integer("When the account was created, in milliseconds since 1970 UTC.").orNull),
        .required("username", .string().orNull),
        .required("email", .string().orNull),
        .required("firstName", .string().orNull),
        .required("lastName", .string().orNull),
        .required("timezone", .string("A time zone's name.").orNull),
        .required("admin", .boolean("Whether it is an administrator's account.")),
        .required("verified", .boolean("Whether the e-mail address was shown to be the user's.")),
        .required("active", .boolean("Whether the user may log in.")),
        .optional("session", .string("The public id of the session.")),
      ], unknownMembers: .ignored, "An account without its password, and its session."))
}

extension JSONWriter {
  /// Writes a member that is text, or `null`.
  mutating func member(_ name: StaticString, orNull value: String?) {
    self.name(name)
    if let value { string(value) } else { null() }
  }

  /// Writes a user id: a number if it can be that of an account, as the original's were.
  mutating func userID(_ id: ExactText) {
    if let number = AccountID(id)?.number { integer(number) } else { string(id.string) }
  }
}
