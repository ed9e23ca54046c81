public import Accounts
public import SessionCore

extension SharedMemoryNode: AccountStore {
  /// Adds an account and tells of it.
  public func insert(
    _ profile: AccountProfile, password: PasswordHash?, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> AccountInsertOutcome {
    let outcome = try await base.insert(profile, password: password, by: actor, now: now)
    if case .inserted(let account) = outcome { tellDirectory(.account(account.id.number)) }
    return outcome
  }

  /// Passes on.
  public func account(_ id: AccountID) async throws(StoreError) -> Account? { try await base.account(id) }
  /// Passes on.
  public func account(email: EmailAddress) async throws(StoreError) -> Account? {
    try await base.account(email: email)
  }
  /// Passes on.
  public func account(username: ExactText) async throws(StoreError) -> Account? {
    try await base.account(username: username)
  }
  /// Passes on.
  public func account(link: IdentityLink) async throws(StoreError) -> Account? {
    try await base.account(link: link)
  }
  /// Passes on.
  public func passwordHash(of id: AccountID) async throws(StoreError) -> PasswordHash? {
    try await base.passwordHash(of: id)
  }

  /// Replaces an account and tells of it.
  public func replace(
    _ profile: AccountProfile, of id: AccountID, revision: Int64, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> AccountReplaceOutcome {
    let outcome = try await base.replace(profile, of: id, revision: revision, by: actor, now: now)
    if case .replaced = outcome { tellDirectory(.account(id.number)) }
    return outcome
  }

  /// Sets a password and tells of the account.
  public func setPassword(
    _ hash: PasswordHash, replacing current: PasswordHash?, closing due: ClosingDue?, of id: AccountID,
    by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> Bool {
    let isSet = try await base.setPassword(hash, replacing: current, closing: due, of: id, by: actor, now: now)
    if isSet { tellDirectory(.account(id.number)) }
    return isSet
  }

  /// Removes an account and tells of it.
  public func remove(
    _ id: AccountID, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> AccountRemoveOutcome {
    let outcome = try await base.remove(id, by: actor, now: now)
    if case .removed = outcome { tellDirectory(.account(id.number)) }
    return outcome
  }

  /// Passes on.
  public func page(_ query: AccountQuery) async throws(StoreError) -> AccountPage { try await base.page(query) }
  /// Passes on.
  public func closingsDue(limit: Int) async throws(StoreError) -> [(id: AccountID, due: ClosingDue)] {
    try await base.closingsDue(limit: limit)
  }
  /// Passes on.
  public func settleClosing(of id: AccountID, due: ClosingDue) async throws(StoreError) {
    try await base.settleClosing(of: id, due: due)
  }
}

extension SharedMemoryNode: ServiceKeyStore {
  /// Adds a key and tells of it.
  public func insertKey(
    name: ExactText, scopes: Set<ServiceScope>, expires: Timestamp?, digest: [UInt8], by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> ServiceKey {
    let key = try await base.insertKey(
      name: name, scopes: scopes, expires: expires, digest: digest, by: actor, now: now)
    tellDirectory(.serviceKeys)
    return key
  }

  /// Passes on.
  public func serviceKey(digest: [UInt8]) async throws(StoreError) -> ServiceKey? {
    try await base.serviceKey(digest: digest)
  }
  /// Passes on.
  public func serviceKeys(after id: Int64, limit: Int) async throws(StoreError) -> [ServiceKey] {
    try await base.serviceKeys(after: id, limit: limit)
  }

  /// Removes a key and tells of it.
  public func revokeKey(_ id: Int64, by actor: Actor, now: Timestamp) async throws(StoreError) -> ServiceKey? {
    let revoked = try await base.revokeKey(id, by: actor, now: now)
    if revoked != nil { tellDirectory(.serviceKeys) }
    return revoked
  }

  /// Passes on.
  public func touchKey(_ id: Int64, at time: Timestamp) async throws(StoreError) {
    try await base.touchKey(id, at: time)
  }
}
