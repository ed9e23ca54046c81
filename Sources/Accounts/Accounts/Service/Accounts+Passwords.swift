public import SessionCore

extension Accounts {
  /// Sets a password in an administrator's name; every session of the account is closed when this returns.
  ///
  /// - Parameters:
  ///   - password: the new one, exactly as received.
  ///   - id: whose.
  ///   - actor: who asked.
  /// - Returns: the account as it stands then, or why the password was not set.
  /// - Throws: if the store fails. The password may have been set; the sessions are then closed when
  ///   ``settleClosings()`` runs.
  public func setPassword(
    _ password: String, of id: AccountID, by actor: Actor
  ) async throws(StoreError) -> AccountVerdict {
    guard let account = try await account(id, fresh: true) else { return .missing }
    let hash: PasswordHash
    switch await hashed(password, for: account.profile) {
    case .hashed(let new): hash = new
    case .refused(let verdict): return verdict
    }
    while true {
      let current = try await store.passwordHash(of: id)
      if try await setPassword(hash, replacing: current, closing: ClosingDue(), of: id, by: actor) { break }
      // Another hash came first, or the account is gone.
      guard try await self.account(id, fresh: true) != nil else { return .missing }
    }
    try await close(ClosingDue(), of: id, by: actor)
    guard let changed = try await self.account(id, fresh: true) else { return .missing }
    return .done(changed)
  }

  /// Sets a password's hash if the account still has `current`, and keeps the cache true.
  func setPassword(
    _ hash: PasswordHash, replacing current: PasswordHash?, closing due: ClosingDue?, of id: AccountID, by actor: Actor
  ) async throws(StoreError) -> Bool {
    let (store, now) = (store, clock.now())
    return try await cache.write(id) { () async throws(StoreError) -> (Bool, AccountCache.WriteEffect) in
      let isSet = try await store.setPassword(
        hash, replacing: current, closing: due, of: id, by: actor, now: now)
      return (isSet, .unknown)
    }
  }

  /// A new password's hash, or why it has none.
  enum HashedPassword {
    case hashed(PasswordHash)
    case refused(AccountVerdict)
  }

  func hashed(_ password: String, for profile: AccountProfile) async -> HashedPassword {
    if let reason = hasher.refusal(ofNew: password, context: profile.words) {
      return .refused(.invalid(member: "password", reason: reason))
    }
    switch await hasher.hash(password) {
    case .hashed(let hash): return .hashed(hash)
    case .busy(let retryAfter): return .refused(.busy(retryAfter: retryAfter))
    }
  }
}

extension AccountProfile {
  /// What the account's password may not consist of.
  var words: [String] {
    [email?.text, username, name, firstName, lastName].compactMap { $0?.string }
  }
}
