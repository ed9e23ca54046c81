public import SessionCore

extension Accounts {
  /// Creates an account.
  ///
  /// While there is no active administrator, an account that is active becomes one.
  ///
  /// - Parameters:
  ///   - profile: what is known of the user; an e-mail address, a user name or a link at least.
  ///   - password: the password, if it is to have one; one that is given as a hash is taken as it is.
  ///   - actor: who asked.
  /// - Returns: the account, or why there is none.
  /// - Throws: if the store fails.
  public func create(
    _ profile: AccountProfile, password: NewPassword?, by actor: Actor
  ) async throws(StoreError) -> AccountVerdict {
    if let refusal = profile.refusal { return .invalid(member: refusal.member, reason: refusal.reason) }
    var hash: PasswordHash?
    switch password {
    case nil: break
    case .plain(let password)?:
      switch await hashed(password, for: profile) {
      case .hashed(let new): hash = new
      case .refused(let verdict): return verdict
      }
    case .hashed(let imported)?:
      guard hasher.canVerify(imported) else {
        return .invalid(
          member: "password_hash", reason: "must be Argon2id in the PHC string format, bcrypt, or Django's")
      }
      hash = imported
    }
    switch try await insert(profile, password: hash, by: actor) {
    case .inserted(let account): return .done(account)
    case .taken(let member): return .taken(member)
    }
  }

  /// Adds an account, and forgets that its id had none.
  func insert(
    _ profile: AccountProfile, password: PasswordHash?, by actor: Actor
  ) async throws(StoreError) -> AccountInsertOutcome {
    let outcome = try await store.insert(profile, password: password, by: actor, now: clock.now())
    // It is not put in: another caller may have found and changed it since.
    if case .inserted(let account) = outcome { cache.forget(account.id) }
    return outcome
  }

  /// Changes an account.
  ///
  /// `edit` gets the profile as it stands and may run several times: unless a revision is asked for, it is run again on
  /// what another writer left. An account that is not active afterwards has no live session when this returns, also
  /// when it was not active before.
  ///
  /// - Parameters:
  ///   - id: which account.
  ///   - expected: the revision that it must be at; by default any.
  ///   - actor: who asked.
  ///   - edit: what to change.
  /// - Returns: the account as changed, or why it was not.
  /// - Throws: if the store fails. The change may have been made; sessions that must end because of it then do so
  ///   when ``settleClosings()`` runs.
  public func change(
    _ id: AccountID, ifRevision expected: Int64? = nil, by actor: Actor,
    _ edit: @Sendable (inout AccountProfile) -> Void
  ) async throws(StoreError) -> AccountVerdict {
    while let current = try await account(id, fresh: true) {
      if let expected, expected != current.revision { return .conflict(current: current) }
      var profile = current.profile
      edit(&profile)
      if let refusal = profile.refusal { return .invalid(member: refusal.member, reason: refusal.reason) }
      var changed = current
      if !profile.isSame(as: current.profile) {
        switch try await replace(profile, of: current, by: actor) {
        case .replaced(let account, _): changed = account
        case .missing: return .missing
        case .conflict: continue
        case .taken(let member): return .taken(member)
        case .lastAdministrator: return .lastAdministrator
        }
      }
      if !changed.profile.isActive { try await close(ClosingDue(), of: id, by: actor) }
      return .done(changed)
    }
    return .missing
  }

  private func replace(
    _ profile: AccountProfile, of current: Account, by actor: Actor
  ) async throws(StoreError) -> AccountReplaceOutcome {
    let (store, now) = (store, clock.now())
    return try await cache.write(current.id) {
      () async throws(StoreError) -> (AccountReplaceOutcome, AccountCache.WriteEffect) in
      let outcome = try await store.replace(
        profile, of: current.id, revision: current.revision, by: actor, now: now)
      switch outcome {
      case .replaced(let account, _): return (outcome, .stored(account))
      case .missing: return (outcome, .removed)
      case .conflict: return (outcome, .unknown)
      case .taken, .lastAdministrator: return (outcome, .unchanged)
      }
    }
  }

  /// Removes an account, once it is not active and its sessions are closed.
  ///
  /// Interrupted, it leaves an account that is not active, and can be repeated.
  ///
  /// - Parameters:
  ///   - id: which account.
  ///   - expected: the revision that it must be at when it begins; by default any.
  ///   - actor: who asked.
  /// - Returns: the account as it was at last, or why it stays.
  /// - Throws: if the store fails.
  public func remove(
    _ id: AccountID, ifRevision expected: Int64? = nil, by actor: Actor
  ) async throws(StoreError) -> AccountVerdict {
    switch try await change(id, ifRevision: expected, by: actor, { $0.isActive = false }) {
    case .done: break
    case let verdict: return verdict
    }
    let (store, now) = (store, clock.now())
    let outcome = try await cache.write(id) {
      () async throws(StoreError) -> (AccountRemoveOutcome, AccountCache.WriteEffect) in
      let outcome = try await store.remove(id, by: actor, now: now)
      if case .lastAdministrator = outcome { return (outcome, .unchanged) }
      return (outcome, .removed)
    }
    switch outcome {
    case .removed(let account):
      // Another caller may have activated it, and its user logged in, since its sessions were closed.
      _ = try await sessions.closeAll(of: id.userID, reason: .account, by: actor)
      return .done(account)
    case .missing: return .missing
    case .lastAdministrator: return .lastAdministrator
    }
  }
}
