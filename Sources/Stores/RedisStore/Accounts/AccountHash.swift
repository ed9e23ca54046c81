internal import Accounts
internal import SessionCore

/// An account as the fields of a hash: their names, writing and reading.
///
/// The password's hash is in none of them: it has a key of its own, which no list reads.
enum AccountHash {
  /// The fields of a profile; what has no value has no field.
  static func fields(_ profile: AccountProfile) -> [(name: String, value: String)] {
    var fields: [(name: String, value: String)] = [
      ("level", profile.level.rawValue), ("is_active", profile.isActive ? "1" : "0"),
      ("is_verified", profile.isVerified ? "1" : "0"), ("links", String(profile.links.count)),
    ]
    let texts = [
      ("email", profile.email?.text), ("email_key", profile.email?.key), ("username", profile.username),
      ("name", profile.name), ("first_name", profile.firstName), ("last_name", profile.lastName),
      ("picture", profile.picture), ("timezone", profile.timezone),
    ]
    for (name, text) in texts {
      if let text { fields.append((name, text.string)) }
    }
    for (index, link) in profile.links.enumerated() {
      fields.append(("link\(index + 1)_issuer", link.issuer.string))
      fields.append(("link\(index + 1)_subject", link.subject.string))
    }
    return fields
  }

  /// Reads an account.
  static func read(_ id: AccountID, _ fields: HashFields) throws(StoreError) -> Account {
    guard
      let level = try fields.text("level").flatMap(AccountLevel.init(rawValue:)),
      let isActive = try fields.flag("is_active"), let isVerified = try fields.flag("is_verified"),
      let hasPassword = try fields.flag("has_password"), let revision = try fields.int("revision")
    else { throw damaged }
    var profile = AccountProfile(level: level)
    profile.email = try email(fields)
    profile.username = try fields.exactText("username")
    profile.name = try fields.exactText("name")
    profile.firstName = try fields.exactText("first_name")
    profile.lastName = try fields.exactText("last_name")
    profile.picture = try fields.exactText("picture")
    profile.timezone = try fields.exactText("timezone")
    profile.isActive = isActive
    profile.isVerified = isVerified
    profile.links = try links(fields)
    return Account(
      id: id, profile: profile, created: try created(fields), hasPassword: hasPassword, revision: revision)
  }

  /// Reads the part that lists of sessions show.
  static func readHolder(_ id: AccountID, _ fields: HashFields) throws(StoreError) -> SessionHolder {
    var holder = SessionHolder(id: id, created: try created(fields))
    holder.username = try fields.exactText("username")
    holder.email = try email(fields)
    holder.firstName = try fields.exactText("first_name")
    holder.lastName = try fields.exactText("last_name")
    return holder
  }

  /// The fields of ``readHolder(_:_:)``.
  static let holderFields = ["created", "username", "email", "email_key", "first_name", "last_name"]

  /// Reads a debt as a script answers it: whether it is there, and the session that may go on or nothing.
  static func due(_ isDue: String, except: String) throws(StoreError) -> ClosingDue {
    guard isDue == "1" else { throw damaged }
    if except.isEmpty { return ClosingDue() }
    guard let id = SessionID(except) else { throw damaged }
    return ClosingDue(except: id)
  }

  /// The name under which `account_by_link` has a link: one text for each pair, whatever is in them.
  static func name(of link: IdentityLink) -> String {
    "\(link.issuer.byteCount):\(link.issuer.string)\(link.subject.string)"
  }

  /// The sorted set of the accounts of a level, of an activity, of both or of all.
  static func list(level: AccountLevel?, isActive: Bool?) -> String {
    let activity = isActive.map { $0 ? "active" : "inactive" }
    return (["accounts"] + [level?.rawValue, activity].compactMap { $0 }).joined(separator: ":")
  }

  /// What fields that no version of this store has written are answered with.
  static var damaged: StoreError { StoreError(.corrupt, "The session database holds an account that can't be read.") }

  private static func created(_ fields: HashFields) throws(StoreError) -> Timestamp {
    guard let created = try fields.int("created") else { throw damaged }
    return Timestamp(milliseconds: created)
  }

  private static func email(_ fields: HashFields) throws(StoreError) -> EmailAddress? {
    let key = try fields.exactText("email_key")
    guard let text = try fields.text("email") else {
      guard key == nil else { throw damaged }
      return nil
    }
    // An address that is compared as another one could be that of somebody else.
    guard let email = EmailAddress(text), email.key == key else { throw damaged }
    return email
  }

  private static func links(_ fields: HashFields) throws(StoreError) -> [IdentityLink] {
    guard let count = try fields.int("links"), count >= 0, count <= fields.count else { throw damaged }
    var links: [IdentityLink] = []
    for number in 0..<count {
      guard
        let issuer = try fields.exactText("link\(number + 1)_issuer"),
        let subject = try fields.exactText("link\(number + 1)_subject")
      else { throw damaged }
      links.append(IdentityLink(issuer: issuer, subject: subject))
    }
    return links
  }
}
