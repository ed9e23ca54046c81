public import Accounts
internal import SQLiteDriver
public import SessionCore

extension SQLiteStore: AccountStore {
  /// Adds an account: its row, its links and its event.
  public func insert(
    _ profile: AccountProfile, password: PasswordHash?, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> AccountInsertOutcome {
    try await write { (writer) throws(StoreError) in
      try writer.insert(profile, password: password, by: actor, now: now)
    }
  }

  /// The account, by a look-up of its row and one of its links.
  public func account(_ id: AccountID) async throws(StoreError) -> Account? {
    try await find { (connection) throws(StoreError) in try connection.account(id) }
  }

  /// The account of that address, by its index.
  public func account(email: EmailAddress) async throws(StoreError) -> Account? {
    try await find { (connection) throws(StoreError) in
      try connection.account(where: AccountRow.byEmail) { $0.bind(email.key.string, at: 1) }
    }
  }

  /// The account of that user name, by its index.
  public func account(username: ExactText) async throws(StoreError) -> Account? {
    try await find { (connection) throws(StoreError) in
      try connection.account(where: AccountRow.byUsername) { $0.bind(username.string, at: 1) }
    }
  }

  /// The account of that user of a provider, by the links' index.
  public func account(link: IdentityLink) async throws(StoreError) -> Account? {
    try await find { (connection) throws(StoreError) in
      try connection.account(where: AccountRow.byLink) { statement in
        statement.bind(link.issuer.string, at: 1)
        statement.bind(link.subject.string, at: 2)
      }
    }
  }

  /// The account's password hash, by one look-up.
  public func passwordHash(of id: AccountID) async throws(StoreError) -> PasswordHash? {
    try await find { (connection) throws(StoreError) in try connection.passwordHash(of: id) }
  }

  /// Replaces the profile of an account that is still at `revision`.
  public func replace(
    _ profile: AccountProfile, of id: AccountID, revision: Int64, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> AccountReplaceOutcome {
    try await write { (writer) throws(StoreError) in
      try writer.replace(profile, of: id, revision: revision, by: actor, now: now)
    }
  }

  /// Sets the password of an account whose hash is still `current`.
  public func setPassword(
    _ hash: PasswordHash, replacing current: PasswordHash?, closing due: ClosingDue?, of id: AccountID,
    by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> Bool {
    try await write { (writer) throws(StoreError) in
      try writer.setPassword(hash, replacing: current, closing: due, of: id, by: actor, now: now)
    }
  }

  /// Removes an account, with the debt that it may have.
  public func remove(
    _ id: AccountID, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> AccountRemoveOutcome {
    try await write { (writer) throws(StoreError) in try writer.remove(id, by: actor, now: now) }
  }

  /// One page of accounts, on a reading thread and in one snapshot.
  public func page(_ query: AccountQuery) async throws(StoreError) -> AccountPage {
    try await read { (connection) throws(StoreError) in try AccountSearch.page(query, on: connection) }
  }

  /// Accounts that owe the closing of their sessions, by an index of these alone.
  public func closingsDue(limit: Int) async throws(StoreError) -> [(id: AccountID, due: ClosingDue)] {
    try await read { (connection) throws(StoreError) in try connection.closingsDue(limit: limit) }
  }

  /// Takes the debt away, if it is still this one.
  public func settleClosing(of id: AccountID, due: ClosingDue) async throws(StoreError) {
    try await write { (writer) throws(StoreError) in try writer.settleClosing(of: id, due: due) }
  }
}
