public import Accounts
import JSON
import SessionCore

/// A list of accounts that are to be added: JSON lines, a JSON array, or CSV with a line of names.
///
/// Unlike an export it has no numbers and no dates of this store's: the accounts get new ones.
public struct AccountFile {
  /// What stands where an account should.
  public enum Found: Sendable {
    /// An account that fits, as far as can be said without the others.
    case account(AccountProfile, password: PasswordHash?)
    /// Something that is not what it should be, and what would be right.
    case bad(String)
  }

  /// The names that a column or a member may have; `links` in JSON alone.
  public static let members =
    textMembers + ["level", "active", "verified", "links", "password_hash"]
  private static let textMembers = [
    "email", "username", "name", "first_name", "last_name", "picture", "timezone",
  ]

  private var rows: RowFile

  /// Opens a file; refuses one of another form, such as a database.
  public init(_ path: String) throws(MovingError) { rows = try RowFile(path, table: nil, NoDrivers()) }

  /// The next account and where it stands, such as "line 7"; `nil` at the end.
  public mutating func next() throws(MovingError) -> (at: String, found: Found)? {
    switch try rows.next() {
    case nil: return nil
    case .bad(let at, let why)?: return (at, .bad(why))
    case .row(let row)?: return (row.at, Self.account(row))
    }
  }

  private static func account(_ row: ForeignRow) -> Found {
    for (name, _) in row.value.members where !members.contains(name) {
      return .bad(
        name == "password"
          ? "a password itself is not imported; password_hash takes its hash"
          : "there is no member \"\(name)\"; there are \(members.joined(separator: ", "))")
    }
    for name in textMembers where isGiven(name, row) && row.text(name) == nil { return .bad("\(name) must be a text") }
    var profile = AccountProfile()
    if let text = row.text("email") {
      guard let email = EmailAddress(text) else { return .bad("email must be an e-mail address") }
      profile.email = email
    }
    profile.username = row.text("username").map { ExactText($0) }
    guard profile.email != nil || profile.username != nil else { return .bad("it needs an email or a username") }
    profile.name = row.text("name").map { ExactText($0) }
    profile.firstName = row.text("first_name").map { ExactText($0) }
    profile.lastName = row.text("last_name").map { ExactText($0) }
    profile.picture = row.text("picture").map { ExactText($0) }
    profile.timezone = row.text("timezone").map { ExactText($0) }
    if isGiven("level", row) {
      guard let level = row.text("level").flatMap(AccountLevel.init(rawValue:)) else {
        return .bad("level must be one of \(AccountLevel.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      profile.level = level
    }
    for name in ["active", "verified"] where isGiven(name, row) && row.boolean(name) == nil {
      return .bad("\(name) must be true or false")
    }
    profile.isActive = row.boolean("active") ?? true
    profile.isVerified = row.boolean("verified") ?? false
    if row.has("links") {
      guard let links = links(row) else { return .bad("links must be a list of objects with issuer and subject") }
      profile.links = links
    }
    if let refusal = profile.refusal { return .bad("\(refusal.member) \(refusal.reason)") }
    guard isGiven("password_hash", row) else { return .account(profile, password: nil) }
    guard let hash = row.text("password_hash").flatMap({ PasswordHash(importing: $0) }) else {
      return .bad(
        "password_hash must be Argon2id in the PHC format, bcrypt, or Django's, of a cost that can be checked")
    }
    return .account(profile, password: hash)
  }

  /// Whether a member says something: in CSV nothing is an empty text.
  private static func isGiven(_ name: String, _ row: ForeignRow) -> Bool {
    row.has(name) && row.value.member(name)?.utf8String?.isEmpty != true
  }

  private static func links(_ row: ForeignRow) -> [IdentityLink]? {
    guard let list = row.value.member("links"), list.kind == .array else { return nil }
    var links: [IdentityLink] = []
    for element in list.elements {
      guard element.count == 2, let issuer = element["issuer"]?.string, let subject = element["subject"]?.string else {
        return nil
      }
      links.append(IdentityLink(issuer: ExactText(issuer), subject: ExactText(subject)))
    }
    return links
  }
}

/// Drivers of no database.
private struct NoDrivers: ForeignDrivers {
  func rows(ofTable name: String, in path: String) throws(MovingError) -> any ForeignTable {
    throw MovingError(.format, "\(path) is a database; JSON or CSV is what is read here.")
  }

  func keys(at address: String, prefix: String) throws(MovingError) -> any ForeignKeys {
    throw MovingError(.format, "JSON or CSV is what is read here.")
  }

  func documents(at address: String) throws(MovingError) -> any ForeignDocuments {
    throw MovingError(.format, "JSON or CSV is what is read here.")
  }
}
