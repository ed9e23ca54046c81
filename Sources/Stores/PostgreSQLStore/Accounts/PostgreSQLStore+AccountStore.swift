public import Accounts
internal import PostgreSQLDriver
public import SessionCore

extension PostgreSQLStore: AccountStore {
  /// Adds an account: its row, its links and its event, by one function of the schema.
  public func insert(
    _ profile: AccountProfile, password: PasswordHash?, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> AccountInsertOutcome {
    try await write(
      """
      SELECT taken, number, given_level FROM account_insert(
        \(AccountRow.values(profile)), \(text: password?.text), \(actor), \(now))
      """
    ) { (rows) throws(StoreError) in
      let row = rows[0][0]
      if let taken = row.text(0) { return .taken(try AccountRow.member(taken)) }
      guard let level = row.text(2).flatMap(AccountLevel.init(rawValue:)) else { throw AccountRow.damaged }
      var stored = profile
      stored.level = level
      let id = try AccountRow.id(row, 1)
      return .inserted(
        Account(id: id, profile: stored, created: now, hasPassword: password != nil, revision: 1))
    }
  }

  /// The account, by its number.
  public func account(_ id: AccountID) async throws(StoreError) -> Account? {
    try await account(AccountRow.byNumber(id))
  }

  /// The account of that address, by its index.
  public func account(email: EmailAddress) async throws(StoreError) -> Account? {
    try await account(AccountRow.byEmail(email))
  }

  /// The account of that user name, by its index.
  public func account(username: ExactText) async throws(StoreError) -> Account? {
    try await account(AccountRow.byUsername(username))
  }

  /// The account of that user of a provider, by the links' index.
  public func account(link: IdentityLink) async throws(StoreError) -> Account? {
    try await account(AccountRow.byLink(link))
  }

  private func account(_ statement: PostgreSQLStatement) async throws(StoreError) -> Account? {
    try await find(statement) { (rows) throws(StoreError) in try AccountRow.readAll(rows).first }
  }

  /// The account's password hash, by one look-up.
  public func passwordHash(of id: AccountID) async throws(StoreError) -> PasswordHash? {
    try await find("SELECT password_hash FROM account WHERE id = \(id.number)") { (rows) throws(StoreError) in
      try rows.first.flatMap { (row) throws(StoreError) in try AccountRow.text(row, 0) }.map { PasswordHash($0.string) }
    }
  }

  /// Replaces the profile of an account that is still at `revision`, by one function of the schema.
  public func replace(
    _ profile: AccountProfile, of id: AccountID, revision: Int64, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> AccountReplaceOutcome {
    try await write(
      """
      SELECT outcome, new_revision, \(raw: AccountRow.columnsBefore) FROM account_replace(
        \(id.number), \(revision), \(AccountRow.values(profile)), \(actor), \(now))
      """
    ) { (rows) throws(StoreError) in
      let row = rows[0][0]
      switch row.text(0) {
      case "replaced":
        guard let before = try AccountRow.readAll(rows[0], at: 2).first, let revision = row.int(1) else {
          throw AccountRow.damaged
        }
        var account = before
        (account.profile, account.revision) = (profile, revision)
        return .replaced(account, before: before)
      case "missing": return .missing
      case "conflict": return .conflict
      case "administrator": return .lastAdministrator
      case let member: return .taken(try AccountRow.member(member))
      }
    }
  }

  /// Sets the password of an account whose hash is still `current`, by one function of the schema.
  public func setPassword(
    _ hash: PasswordHash, replacing current: PasswordHash?, closing due: ClosingDue?, of id: AccountID,
    by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> Bool {
    try await write(
      """
      SELECT account_set_password(
        \(id.number), \(text: hash.text), \(text: current?.text), \(due != nil), \(due?.except), \(actor), \(now))
      """
    ) { (rows) throws(StoreError) in try AccountRow.bool(rows[0][0], 0) }
  }

  /// Removes an account, with the debt that it may have, by one function of the schema.
  public func remove(
    _ id: AccountID, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> AccountRemoveOutcome {
    try await write(
      """
      SELECT outcome, \(raw: AccountRow.columnsBefore) FROM account_remove(\(id.number), \(actor), \(now))
      """
    ) { (rows) throws(StoreError) in
      switch rows[0][0].text(0) {
      case "removed":
        guard let account = try AccountRow.readAll(rows[0], at: 1).first else { throw AccountRow.damaged }
        return .removed(account)
      case "missing": return .missing
      case "administrator": return .lastAdministrator
      default: throw AccountRow.damaged
      }
    }
  }

  /// One page of accounts, in one round trip.
  public func page(_ query: AccountQuery) async throws(StoreError) -> AccountPage {
    let search = AccountSearch(query)
    return try await read { (connection) throws(StoreError) in
      try search.page(on: connection)
    }
  }

  /// Accounts that owe the closing of their sessions, by an index of these alone.
  public func closingsDue(limit: Int) async throws(StoreError) -> [(id: AccountID, due: ClosingDue)] {
    let dues: [(AccountID, ClosingDue)] = try await find(
      "SELECT id, closing_except FROM account WHERE closing_due ORDER BY id LIMIT \(Int64(max(0, limit)))"
    ) { (rows) throws(StoreError) in
      try rows.map { (row) throws(StoreError) in
        let except = row.sessionID(1)
        guard row.isNull(1) || except != nil else { throw AccountRow.damaged }
        return (try AccountRow.id(row, 0), ClosingDue(except: except))
      }
    }
    return dues
  }

  /// Takes the debt away, if it is still this one.
  public func settleClosing(of id: AccountID, due: ClosingDue) async throws(StoreError) {
    try await write("SELECT account_settle_closing(\(id.number), \(due.except))") { _ in }
  }
}
