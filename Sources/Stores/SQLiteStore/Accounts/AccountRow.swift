internal import Accounts
internal import SQLiteDriver
internal import SessionCore

/// An account as columns: their order, binding and reading.
///
/// The password's hash is in none of the columns that a list reads.
enum AccountRow {
  private static let profile = """
    email, email_key, username, name, first_name, last_name, picture, timezone, level, is_active, is_verified
    """
  /// The columns of ``read(_:links:)``.
  static let columns = "id, \(profile), created, revision, password_hash IS NOT NULL"

  /// The condition that leads to the account of an address's key.
  static let byEmail = "email_key = ?1"
  /// The condition that leads to the account of a user name.
  static let byUsername = "username = ?1"
  /// The condition that leads to the account of an issuer's subject.
  static let byLink = "id = (SELECT account_id FROM account_link WHERE issuer = ?1 AND subject = ?2)"

  /// Adds an account, and answers its number.
  static let insert = """
    INSERT INTO account (\(profile), created, password_hash, revision)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, 1) RETURNING id
    """

  /// Adds an account under the number that it had elsewhere.
  static let move = """
    INSERT INTO account (\(profile), created, password_hash, id, revision, closing_due)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
    """

  /// Replaces the profile of account ?12; if it is not active then, it owes the closing of all its sessions.
  static let replace = """
    UPDATE account SET
      email = ?1, email_key = ?2, username = ?3, name = ?4, first_name = ?5, last_name = ?6, picture = ?7,
      timezone = ?8, level = ?9, is_active = ?10, is_verified = ?11, \(SessionRow.raiseRevision),
      closing_due = CASE WHEN ?10 THEN closing_due ELSE 1 END,
      closing_except = CASE WHEN ?10 THEN closing_except END
    WHERE id = ?12 RETURNING revision
    """

  /// Binds a profile, from parameter 1 to 11.
  static func bind(_ profile: AccountProfile, to statement: SQLiteStatement) {
    statement.bind(profile.email?.text.string, at: 1)
    statement.bind(profile.email?.key.string, at: 2)
    statement.bind(profile.username?.string, at: 3)
    statement.bind(profile.name?.string, at: 4)
    statement.bind(profile.firstName?.string, at: 5)
    statement.bind(profile.lastName?.string, at: 6)
    statement.bind(profile.picture?.string, at: 7)
    statement.bind(profile.timezone?.string, at: 8)
    statement.bind(profile.level.rawValue, at: 9)
    statement.bind(profile.isActive ? 1 : 0, at: 10)
    statement.bind(profile.isVerified ? 1 : 0, at: 11)
  }

  /// Reads a row of ``columns``.
  static func read(_ row: SQLiteStatement, links: [IdentityLink]) throws(StoreError) -> Account {
    guard let level = row.text(9).flatMap(AccountLevel.init(rawValue:)) else { throw damaged }
    var profile = AccountProfile(level: level)
    profile.email = try email(row.text(1), key: row.text(2))
    profile.username = text(row, 3)
    profile.name = text(row, 4)
    profile.firstName = text(row, 5)
    profile.lastName = text(row, 6)
    profile.picture = text(row, 7)
    profile.timezone = text(row, 8)
    profile.isActive = row.int(10) != 0
    profile.isVerified = row.int(11) != 0
    profile.links = links
    return Account(
      id: try id(row, 0), profile: profile, created: Timestamp(milliseconds: row.int(12)),
      hasPassword: row.int(14) != 0, revision: row.int(13))
  }

  /// Reads a number of an account.
  static func id(_ row: SQLiteStatement, _ column: Int32) throws(StoreError) -> AccountID {
    guard row.int(column) >= 1 else { throw damaged }
    return AccountID(row.int(column))
  }

  /// Reads `closing_due` and the column after it, `closing_except`.
  static func due(_ row: SQLiteStatement, _ column: Int32) throws(StoreError) -> ClosingDue? {
    guard row.int(column) != 0 else { return nil }
    guard !row.isNull(column + 1) else { return ClosingDue() }
    guard let except = SessionRow.id(row, column + 1) else { throw damaged }
    return ClosingDue(except: except)
  }

  /// What a row that no version of this store has written is answered with.
  static var damaged: StoreError { StoreError(.corrupt, "The session database holds an account that can't be read.") }

  /// Reads an address and its key.
  static func email(_ text: String?, key: String?) throws(StoreError) -> EmailAddress? {
    guard let text else {
      guard key == nil else { throw damaged }
      return nil
    }
    // An address that is compared as another one could be that of somebody else.
    guard let email = EmailAddress(text), let key, email.key == ExactText(key) else { throw damaged }
    return email
  }

  private static func text(_ row: SQLiteStatement, _ column: Int32) -> ExactText? {
    row.text(column).map { ExactText($0) }
  }
}
