internal import Accounts
internal import MongoDriver
internal import SessionCore

/// An account as a document, whose `_id` is its number.
///
/// What is `nil` has no member, so that the unique indexes, which are partial, hold only what has one.
enum AccountDocument {
  /// The collection.
  static let collection = "accounts"
  /// The collection of the numbers that were given last.
  static let counters = "counters"
  /// Leaves out what is never shown with an account.
  static let withoutSecrets: BSONValue = ["password_hash": 0, "closing_except": 0]

  /// The members that a profile decides.
  static func write(_ profile: AccountProfile, to document: inout BSONDocument) {
    document.append("email", ifPresent: text(profile.email?.text))
    document.append("email_key", ifPresent: text(profile.email?.key))
    document.append("username", ifPresent: text(profile.username))
    document.append("name", ifPresent: text(profile.name))
    document.append("first_name", ifPresent: text(profile.firstName))
    document.append("last_name", ifPresent: text(profile.lastName))
    document.append("picture", ifPresent: text(profile.picture))
    document.append("timezone", ifPresent: text(profile.timezone))
    document.append("level", .string(profile.level.rawValue))
    document.append("is_active", .bool(profile.isActive))
    document.append("is_verified", .bool(profile.isVerified))
    if !profile.links.isEmpty { document.append("links", .array(profile.links.map(link))) }
  }

  /// The document of an account and of what is never shown with it.
  static func write(_ account: Account, password: PasswordHash?, due: ClosingDue?) -> BSONDocument {
    var document: BSONDocument = ["_id": .int64(account.id.number)]
    write(account.profile, to: &document)
    document.append("created", .date(account.created.milliseconds))
    document.append("has_password", .bool(account.hasPassword))
    document.append("revision", .int64(account.revision))
    document.append("password_hash", ifPresent: password.map { .string($0.text) })
    if let due {
      document.append("closing_due", true)
      document.append("closing_except", ifPresent: due.except.map { .utf8($0.text) })
    }
    return document
  }

  /// A link as a member of the list, always with its parts in this order: it is compared as a whole.
  static func link(_ link: IdentityLink) -> BSONValue {
    ["issuer": .string(link.issuer.string), "subject": .string(link.subject.string)]
  }

  private static func text(_ text: ExactText?) -> BSONValue? { text.map { .string($0.string) } }

  /// The account of a document.
  static func read(_ document: BSONDocument) throws(StoreError) -> Account {
    var members = document.members
    guard let number = members["_id"]?.int, number >= 1,
      let level = members["level"]?.text.flatMap(AccountLevel.init(rawValue:)),
      let isActive = members["is_active"]?.bool, let isVerified = members["is_verified"]?.bool,
      let created = members["created"]?.date, let hasPassword = members["has_password"]?.bool,
      let revision = members["revision"]?.int
    else { throw damaged }
    var profile = AccountProfile(level: level)
    profile.isActive = isActive
    profile.isVerified = isVerified
    if let email = try text("email", &members) {
      guard let address = EmailAddress(email.string), address.text == email else { throw damaged }
      profile.email = address
    }
    profile.username = try text("username", &members)
    profile.name = try text("name", &members)
    profile.firstName = try text("first_name", &members)
    profile.lastName = try text("last_name", &members)
    profile.picture = try text("picture", &members)
    profile.timezone = try text("timezone", &members)
    if let links = members["links"] {
      guard let links = links.array else { throw damaged }
      for link in links {
        guard let issuer = link.document?["issuer"]?.text, let subject = link.document?["subject"]?.text else {
          throw damaged
        }
        profile.links.append(IdentityLink(issuer: ExactText(issuer), subject: ExactText(subject)))
      }
    }
    return Account(
      id: AccountID(number), profile: profile, created: Timestamp(milliseconds: created), hasPassword: hasPassword,
      revision: revision)
  }

  /// The password's hash, if the document has one.
  static func password(_ document: BSONDocument) throws(StoreError) -> PasswordHash? {
    guard let value = document["password_hash"] else { return nil }
    guard let text = value.text else { throw damaged }
    return PasswordHash(text)
  }

  /// The debt of closings, if the document has one.
  static func due(_ document: BSONDocument) throws(StoreError) -> ClosingDue? {
    guard let isDue = document["closing_due"] else { return nil }
    guard isDue.bool == true else { throw damaged }
    guard let except = document["closing_except"] else { return ClosingDue() }
    guard let id = except.text.flatMap({ SessionID($0) }) else { throw damaged }
    return ClosingDue(except: id)
  }

  /// What a document that no version of this store has written is answered with.
  static var damaged: StoreError { StoreError(.corrupt, "The session store holds an account that can't be read.") }

  private static func text(_ name: String, _ members: inout BSONMembers) throws(StoreError) -> ExactText? {
    guard let value = members[name] else { return nil }
    guard let text = value.text else { throw damaged }
    return ExactText(text)
  }
}
