internal import Accounts
internal import PostgreSQLDriver
internal import SessionCore

/// An account as columns: their order, binding and reading.
///
/// The password's hash is in none of the columns that are read with an account. An account is one row for each of its
/// links, or one without.
enum AccountRow {
  /// The columns of ``read(_:at:)``, of an account under the name `account` and its link under the name `link`.
  static let columns = columns(of: "account", link: "link")

  /// The same columns, of the answer of a verb: the account as it was, and a link of it.
  static let columnsBefore = columns(of: "(before)", link: nil)

  private static func columns(of account: String, link: String?) -> String {
    let names = [
      "id", "email", "email_key", "username", "name", "first_name", "last_name", "picture", "timezone", "level",
      "is_active", "is_verified", "created", "revision", "password_hash IS NOT NULL",
    ]
    let links = ["issuer", "subject"].map { name in link.map { "\($0).\(name)" } ?? name }
    return (names.map { "\(account).\($0)" } + links).joined(separator: ", ")
  }

  /// How many ``columns`` there are.
  static let columnCount: Int32 = 17

  /// The account that a condition leads to, which must name at most one, once for each of its links.
  static func finding(_ condition: PostgreSQLStatement) -> PostgreSQLStatement {
    """
    SELECT \(raw: columns) FROM account LEFT JOIN account_link AS link ON link.account_id = account.id
    WHERE \(condition) ORDER BY link.place
    """
  }

  /// The account of a number.
  static func byNumber(_ id: AccountID) -> PostgreSQLStatement { finding("account.id = \(id.number)") }
  /// The account of an address, by its key.
  static func byEmail(_ email: EmailAddress) -> PostgreSQLStatement { finding("account.email_key = \(email.key)") }
  /// The account of a user name.
  static func byUsername(_ name: ExactText) -> PostgreSQLStatement { finding("account.username = \(name)") }
  /// The account of an issuer's subject.
  static func byLink(_ link: IdentityLink) -> PostgreSQLStatement {
    finding(
      """
      account.id = (SELECT account_id FROM account_link WHERE issuer = \(link.issuer) AND subject = \(link.subject))
      """)
  }

  /// The thirteen values of a profile, in the order of the verbs' parameters.
  static func values(_ profile: AccountProfile) -> PostgreSQLStatement {
    """
    \(profile.email?.text), \(profile.email?.key), \(profile.username), \(profile.name), \(profile.firstName),
    \(profile.lastName), \(profile.picture), \(profile.timezone), \(profile.level.rawValue), \(profile.isActive),
    \(profile.isVerified), \(profile.links.map(\.issuer)), \(profile.links.map(\.subject))
    """
  }

  /// Reads accounts whose columns begin at `start`; rows without an account are left out.
  static func readAll(_ rows: PostgreSQLRows, at start: Int32 = 0) throws(StoreError) -> [Account] {
    var accounts: [Account] = []
    for index in 0..<rows.count where !rows[index].isNull(start) {
      let row = rows[index]
      let link = try link(row, start + columnCount - 2)
      // The rows of one account follow one another.
      if let link, accounts.last?.id.number == row.int(start) {
        accounts[accounts.count - 1].profile.links.append(link)
      } else {
        accounts.append(try read(row, at: start, links: link.map { [$0] } ?? []))
      }
    }
    return accounts
  }

  private static func read(
    _ row: PostgreSQLRow, at start: Int32, links: [IdentityLink]
  ) throws(StoreError) -> Account {
    guard let level = row.text(start + 9).flatMap(AccountLevel.init(rawValue:)),
      let isActive = row.bool(start + 10), let isVerified = row.bool(start + 11), let created = row.int(start + 12),
      let revision = row.int(start + 13), let hasPassword = row.bool(start + 14)
    else { throw damaged }
    var profile = AccountProfile(level: level)
    profile.email = try email(text(row, start + 1), key: text(row, start + 2))
    profile.username = try text(row, start + 3)
    profile.name = try text(row, start + 4)
    profile.firstName = try text(row, start + 5)
    profile.lastName = try text(row, start + 6)
    profile.picture = try text(row, start + 7)
    profile.timezone = try text(row, start + 8)
    profile.isActive = isActive
    profile.isVerified = isVerified
    profile.links = links
    return Account(
      id: try id(row, start), profile: profile, created: Timestamp(milliseconds: created), hasPassword: hasPassword,
      revision: revision)
  }

  private static func link(_ row: PostgreSQLRow, _ column: Int32) throws(StoreError) -> IdentityLink? {
    guard let issuer = try text(row, column) else { return nil }
    guard let subject = try text(row, column + 1) else { throw damaged }
    return IdentityLink(issuer: issuer, subject: subject)
  }

  /// Reads the number of an account.
  static func id(_ row: PostgreSQLRow, _ column: Int32) throws(StoreError) -> AccountID {
    guard let number = row.int(column), number >= 1 else { throw damaged }
    return AccountID(number)
  }

  /// Reads a text.
  static func text(_ row: PostgreSQLRow, _ column: Int32) throws(StoreError) -> ExactText? {
    try row.exactText(column, or: damaged)
  }

  /// Reads a truth value.
  static func bool(_ row: PostgreSQLRow, _ column: Int32) throws(StoreError) -> Bool {
    guard let isTrue = row.bool(column) else { throw damaged }
    return isTrue
  }

  /// Reads what belongs to another account.
  static func member(_ name: String?) throws(StoreError) -> UniqueMember {
    guard let member = name.flatMap(UniqueMember.init(rawValue:)) else { throw damaged }
    return member
  }

  /// Reads an address and its key.
  static func email(_ text: ExactText?, key: ExactText?) throws(StoreError) -> EmailAddress? {
    guard let text else {
      guard key == nil else { throw damaged }
      return nil
    }
    // An address that is compared as another one could be that of somebody else.
    guard let email = EmailAddress(text.string), let key, email.key == key else { throw damaged }
    return email
  }

  /// What a row that no version of this store has written is answered with.
  static var damaged: StoreError { StoreError(.corrupt, "The session database holds an account that can't be read.") }
}

extension PostgreSQLStatement.Interpolation {
  /// A list of texts of any characters.
  mutating func appendInterpolation(_ texts: [ExactText]) {
    appendInterpolation(PostgreSQLValue.texts(texts.map { StoredText.encode(Array($0.string.utf8)) }))
  }
}

extension PostgreSQLStatement.Interpolation {
  /// Who caused a change, as the verbs of accounts and keys take it: kind, name, address and request.
  mutating func appendInterpolation(_ actor: Actor) {
    let texts = [actor.kind.rawValue, actor.name, actor.address, actor.requestID]
    appendInterpolation(PostgreSQLValue.texts(texts.map { $0.map { StoredText.encode(Array($0.utf8)) } }))
  }
}
