import Accounts
import DialectKit
import HTTPRouting
import JSON
import SessionCore

/// What a body says of an account's profile, be it a new one or a merge patch (RFC 7396) of one that is there.
struct AccountReader: Sendable {
  private let body: JSONValue

  /// Reads a body that is as its schema says.
  ///
  /// - Throws: 400 for an address that is none, which the schema can't say.
  init(_ body: JSONValue) throws(Problem) {
    self.body = body
    if let email = body["email"]?.string, EmailAddress(email) == nil {
      throw .invalid("email", "must be an e-mail address")
    }
  }

  /// Changes a profile as the body says; what it does not name stays.
  func apply(to profile: inout AccountProfile) {
    if let email = body["email"] { profile.email = email.string.flatMap { EmailAddress($0) } }
    if let username = body["username"] { profile.username = username.exactText }
    if let name = body["name"] { profile.name = name.exactText }
    if let name = body["first_name"] { profile.firstName = name.exactText }
    if let name = body["last_name"] { profile.lastName = name.exactText }
    if let picture = body["picture"] { profile.picture = picture.exactText }
    if let timezone = body["timezone"] { profile.timezone = timezone.exactText }
    if let level = body["level"]?.string.flatMap(AccountLevel.init) { profile.level = level }
    if let isActive = body["active"]?.boolean { profile.isActive = isActive }
    if let isVerified = body["verified"]?.boolean { profile.isVerified = isVerified }
    if let links = Self.links(in: body) { profile.links = links }
  }

  private static func links(in body: JSONValue) -> [IdentityLink]? {
    body["links"].map { links in
      links.elements.map { link in
        IdentityLink(issuer: link["issuer"]?.exactText ?? "", subject: link["subject"]?.exactText ?? "")
      }
    }
  }
}
