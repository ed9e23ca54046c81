import Accounts
import HTTPRouting
import JSON
public import SessionCore

/// A live session in a list, with the names of its user.
public struct CerberusRow: Sendable, Equatable {
  /// The session's public id; never a credential.
  public let id: SessionID
  /// When it was opened; on the wire in milliseconds since 1970 UTC.
  public let created: Timestamp
  /// The client's address, if it is known.
  public let ip: String?
  /// The user id: on the wire a number if it can be that of an account, else a string.
  public let user: ExactText
  /// The account's user name; `nil` if there is none, or no account.
  public let username: String?
  /// The account's e-mail address.
  public let email: String?
  /// The account's given name.
  public let firstName: String?
  /// The account's family name.
  public let lastName: String?

  init(_ row: AccountSession) {
    id = row.id
    created = row.opened
    ip = row.address?.string
    user = row.userID
    username = row.account?.username?.string
    email = row.account?.email?.text.string
    firstName = row.account?.firstName?.string
    lastName = row.account?.lastName?.string
  }
}

extension CerberusRow {
  /// The row as JSON.
  func write(into json: inout JSONWriter) {
    json.beginObject()
    json.member("id", utf8: id.text)
    json.member("created", created.milliseconds)
    json.member("ip", orNull: ip)
    json.name("user")
    json.userID(user)
    json.member("users__username", orNull: username)
    json.member("users__email", orNull: email)
    json.member("users__firstName", orNull: firstName)
    json.member("users__lastName", orNull: lastName)
    json.endObject()
  }

  static let list = Schema.array(
    of: .named(
      "CerberusRow",
      .object(
        [
          .required("id", .string("The session's public id.")),
          .required("created", .integer("When it was opened, in milliseconds since 1970 UTC.")),
          .required("ip", .string("The client's address.").orNull),
          .required("user", .any("The user id: a number if it can be an account's, else a string.")),
          .required("users__username", .string().orNull),
          .required("users__email", .string().orNull),
          .required("users__firstName", .string().orNull),
          .required("users__lastName", .string().orNull),
        ], unknownMembers: .ignored, "A live session and the names of its user.")))
}
