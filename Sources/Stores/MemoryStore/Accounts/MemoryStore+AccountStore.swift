public import Accounts
public import SessionCore

extension MemoryStore: AccountStore {
  /// Adds an account under the next number.
  public func insert(
    _ profile: AccountProfile, password: PasswordHash?, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> AccountInsertOutcome {
    try withState { state in
      if let member = state.accounts.taken(by: profile, of: nil) { return .taken(member) }
      var profile = profile
      if profile.isActive, !state.accounts.hasAdministrator(otherThan: nil) { profile.level = .administrator }
      let account = Account(
        id: state.accounts.nextID(), profile: profile, created: now, hasPassword: password != nil, revision: 1)
      state.accounts.put(AccountTable.Entry(account: account, password: password))
      state.events.append(.created(account, by: actor, at: now))
      return .inserted(account)
    }
  }

  /// The account, by one look-up.
  public func account(_ id: AccountID) async throws(StoreError) -> Account? {
    try withState { $0.accounts.entries[id]?.account }
  }

  /// The account of that address, by two look-ups.
  public func account(email: EmailAddress) async throws(StoreError) -> Account? {
    try withState { state in state.accounts.emails[email].flatMap { state.accounts.entries[$0]?.account } }
  }

  /// The account of that user name, by two look-ups.
  public func account(username: ExactText) async throws(StoreError) -> Account? {
    try withState { state in state.accounts.usernames[username].flatMap { state.accounts.entries[$0]?.account } }
  }

  /// The account of that user of a provider, by two look-ups.
  public func account(link: IdentityLink) async throws(StoreError) -> Account? {
    try withState { state in state.accounts.links[link].flatMap { state.accounts.entries[$0]?.account } }
  }

  /// The account's password hash, by one look-up.
  public func passwordHash(of id: AccountID) async throws(StoreError) -> PasswordHash? {
    try withState { $0.accounts.entries[id]?.password }
  }

  /// Replaces the profile of an account that is still at `revision`.
  public func replace(
    _ profile: AccountProfile, of id: AccountID, revision: Int64, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> AccountReplaceOutcome {
    try withState { state in
      guard var entry = state.accounts.entries[id] else { return .missing }
      let before = entry.account
      guard before.revision == revision else { return .conflict }
      if before.profile.isActiveAdministrator, !profile.isActiveAdministrator,
        !state.accounts.hasAdministrator(otherThan: id)
      {
        return .lastAdministrator
      }
      if let member = state.accounts.taken(by: profile, of: id) { return .taken(member) }
      entry.account.profile = profile
      entry.account.raiseRevision()
      if !profile.isActive { entry.due = ClosingDue() }
      state.accounts.put(entry)
      if let event = Event.changed(from: before.profile, to: entry.account, by: actor, at: now) {
        state.events.append(event)
      }
      return .replaced(entry.account, before: before)
    }
  }

  /// Sets the password of an account whose hash is still `current`.
  public func setPassword(
    _ hash: PasswordHash, replacing current: PasswordHash?, closing due: ClosingDue?, of id: AccountID,
    by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> Bool {
    try withState { state in
      guard var entry = state.accounts.entries[id], entry.password == current else { return false }
      entry.password = hash
      entry.account.hasPassword = true
      entry.account.raiseRevision()
      if let due {
        entry.due = entry.due.map { $0.joined(with: due) } ?? due
        state.events.append(.passwordChanged(of: id, by: actor, at: now))
      }
      state.accounts.put(entry)
      return true
    }
  }

  /// Removes an account, with the debt that it may have.
  public func remove(
    _ id: AccountID, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> AccountRemoveOutcome {
    try withState { state in
      guard let entry = state.accounts.entries[id] else { return .missing }
      if entry.account.profile.isActiveAdministrator, !state.accounts.hasAdministrator(otherThan: id) {
        return .lastAdministrator
      }
      guard let account = state.accounts.remove(id) else { return .missing }
      state.events.append(.removed(id, by: actor, at: now))
      return .removed(account)
    }
  }

  /// One page of accounts, walked along those of the level and activity that the filter asks for.
  public func page(_ query: AccountQuery) async throws(StoreError) -> AccountPage {
    try withState { $0.accounts.page(query) }
  }

  /// Accounts that owe the closing of their sessions; sorts all of these, which are few.
  public func closingsDue(limit: Int) async throws(StoreError) -> [(id: AccountID, due: ClosingDue)] {
    try withState { state in
      state.accounts.dues.sorted().prefix(max(0, limit)).compactMap { id in
        state.accounts.entries[id]?.due.map { (id, $0) }
      }
    }
  }

  /// Takes the debt away, if it is still this one.
  public func settleClosing(of id: AccountID, due: ClosingDue) async throws(StoreError) {
    try withState { state in
      guard var entry = state.accounts.entries[id], entry.due == due else { return }
      entry.due = nil
      state.accounts.put(entry)
    }
  }
}

extension Account {
  /// Raises the revision, which stays a number at the end of the numbers.
  fileprivate mutating func raiseRevision() { revision += revision < .max ? 1 : 0 }
}
