internal import Accounts
internal import SQLiteDriver
internal import SessionCore

extension SQLiteConnection {
  /// The account of that number.
  func account(_ id: AccountID) throws(StoreError) -> Account? {
    try account(where: "id = ?1") { $0.bind(id.number, at: 1) }
  }

  /// The account that a condition leads to, which must name at most one.
  func account(where condition: String, _ bind: (SQLiteStatement) -> Void) throws(StoreError) -> Account? {
    let statement = try prepared("SELECT \(AccountRow.columns) FROM account WHERE \(condition)")
    defer { statement.reset() }
    bind(statement)
    return try statement.next() ? try account(at: statement) : nil
  }

  /// The account of a row of ``AccountRow/columns``, with its links.
  ///
  /// The statement that the row is of holds a snapshot, in which the links are those of the row.
  func account(at row: SQLiteStatement) throws(StoreError) -> Account {
    let statement = try prepared("SELECT issuer, subject FROM account_link WHERE account_id = ?1 ORDER BY place")
    defer { statement.reset() }
    statement.bind(row.int(0), at: 1)
    var links: [IdentityLink] = []
    while try statement.next() {
      guard let issuer = statement.text(0), let subject = statement.text(1) else { throw AccountRow.damaged }
      links.append(IdentityLink(issuer: ExactText(issuer), subject: ExactText(subject)))
    }
    return try AccountRow.read(row, links: links)
  }

  /// The account's password hash.
  func passwordHash(of id: AccountID) throws(StoreError) -> PasswordHash? {
    let statement = try prepared("SELECT password_hash FROM account WHERE id = ?1")
    defer { statement.reset() }
    statement.bind(id.number, at: 1)
    return try statement.next() ? statement.text(0).map { PasswordHash($0) } : nil
  }

  /// The debt of an account.
  func closingDue(of id: AccountID) throws(StoreError) -> ClosingDue? {
    let statement = try prepared("SELECT closing_due, closing_except FROM account WHERE id = ?1")
    defer { statement.reset() }
    statement.bind(id.number, at: 1)
    return try statement.next() ? try AccountRow.due(statement, 0) : nil
  }

  /// Accounts that owe the closing of their sessions, lowest number first.
  func closingsDue(limit: Int) throws(StoreError) -> [(id: AccountID, due: ClosingDue)] {
    let statement = try prepared(
      """
      SELECT id, closing_due, closing_except FROM account INDEXED BY account_by_closing
      WHERE closing_due = 1 ORDER BY id LIMIT ?1
      """)
    defer { statement.reset() }
    statement.bind(Int64(max(0, limit)), at: 1)
    var dues: [(id: AccountID, due: ClosingDue)] = []
    while try statement.next() {
      guard let due = try AccountRow.due(statement, 1) else { continue }
      dues.append((try AccountRow.id(statement, 0), due))
    }
    return dues
  }
}
