public import Accounts
public import SessionCore

extension InterceptedStore: AccountStore {
  /// The store inside as one of accounts; a store that has none can't be asked for them.
  private var accounts: any AccountStore {
    get throws(StoreError) {
      guard let accounts = store as? any AccountStore else {
        throw StoreError(.unavailable, "The store inside keeps no accounts.")
      }
      return accounts
    }
  }

  /// Passes on.
  public func insert(
    _ profile: AccountProfile, password: PasswordHash?, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> AccountInsertOutcome {
    try await around(.insertAccount) { () async throws(StoreError) in
      try await accounts.insert(profile, password: password, by: actor, now: now)
    }
  }

  /// Passes on.
  public func account(_ id: AccountID) async throws(StoreError) -> Account? {
    try await around(.account) { () async throws(StoreError) in try await accounts.account(id) }
  }

  /// Passes on.
  public func account(email: EmailAddress) async throws(StoreError) -> Account? {
    try await around(.account) { () async throws(StoreError) in try await accounts.account(email: email) }
  }

  /// Passes on.
  public func account(username: ExactText) async throws(StoreError) -> Account? {
    try await around(.account) { () async throws(StoreError) in try await accounts.account(username: username) }
  }

  /// Passes on.
  public func account(link: IdentityLink) async throws(StoreError) -> Account? {
    try await around(.account) { () async throws(StoreError) in try await accounts.account(link: link) }
  }

  /// Passes on.
  public func passwordHash(of id: AccountID) async throws(StoreError) -> PasswordHash? {
    try await around(.passwordHash) { () async throws(StoreError) in try await accounts.passwordHash(of: id) }
  }

  /// Passes on.
  public func replace(
    _ profile: AccountProfile, of id: AccountID, revision: Int64, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> AccountReplaceOutcome {
    try await around(.replaceAccount) { () async throws(StoreError) in
      try await accounts.replace(profile, of: id, revision: revision, by: actor, now: now)
    }
  }

  /// Passes on.
  public func setPassword(
    _ hash: PasswordHash, replacing current: PasswordHash?, closing due: ClosingDue?, of id: AccountID,
    by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> Bool {
    try await around(.setPassword) { () async throws(StoreError) in
      try await accounts.setPassword(hash, replacing: current, closing: due, of: id, by: actor, now: now)
    }
  }

  /// Passes on.
  public func remove(
    _ id: AccountID, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> AccountRemoveOutcome {
    try await around(.removeAccount) { () async throws(StoreError) in
      try await accounts.remove(id, by: actor, now: now)
    }
  }

  /// Passes on.
  public func page(_ query: AccountQuery) async throws(StoreError) -> AccountPage {
    try await around(.accountPage) { () async throws(StoreError) in try await accounts.page(query) }
  }

  /// Passes on.
  public func closingsDue(limit: Int) async throws(StoreError) -> [(id: AccountID, due: ClosingDue)] {
    try await around(.closingsDue) { () async throws(StoreError) in try await accounts.closingsDue(limit: limit) }
  }

  /// Passes on.
  public func settleClosing(of id: AccountID, due: ClosingDue) async throws(StoreError) {
    try await around(.settleClosing) { () async throws(StoreError) in
      try await accounts.settleClosing(of: id, due: due)
    }
  }
}
