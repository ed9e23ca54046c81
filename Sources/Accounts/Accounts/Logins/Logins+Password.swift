public import SessionCore

extension Logins {
  /// The most bytes of a password that is looked at.
  static let passwordLimit = 1024
  /// When to come back where too many log-ins are under way.
  private static let pause = TimeSpan.seconds(1)
  /// An id that no account has, so that an unknown user costs the same reads.
  private static let nobody = AccountID(.max)

  /// Logs a user in by e-mail address and password.
  ///
  /// Each try is counted before the password is looked at; a right one is taken back. What is not an e-mail address, or
  /// is longer than any password, is invalid and not counted.
  ///
  /// - Parameters:
  ///   - email: the address, as received.
  ///   - password: the password, exactly as received.
  ///   - context: where the log-in comes from.
  /// - Returns: the new session, or why there is none.
  /// - Throws: if the store fails; no session of this log-in can be used then.
  public func logIn(
    email: String, password: String, as context: LoginContext
  ) async throws(StoreError) -> LoginVerdict {
    if let refusal = refusal(of: context) { return refusal }
    guard let email = EmailAddress(email) else {
      return .invalid(member: "email", reason: "must be an e-mail address")
    }
    guard password.utf8.count <= Self.passwordLimit else {
      return .invalid(member: "password", reason: "must be at most \(Self.passwordLimit) bytes")
    }
    // Counting and taking back are writes, which a flood would pay for with everybody's disk.
    if let retryAfter = hasher.wait { return .busy(retryAfter: retryAfter) }
    let keys = AttemptKeys(email: email.key, address: context.address)
    switch places.take(keys.address) {
    case .taken: break
    case .full: return .busy(retryAfter: Self.pause)
    case .tooManyOfOne:
      try await tellThrottling(of: email, keys, by: context.actor)
      return .wait(retryAfter: Self.pause)
    }
    defer { places.giveBack(keys.address) }
    if case .refused(let retryAfter) = try await store.countAttempt(keys.rules(policy), now: clock.now()) {
      try await tellThrottling(of: email, keys, by: context.actor)
      return .wait(retryAfter: retryAfter)
    }
    let account = try await accounts.store.account(email: email)
    let hash = try await accounts.store.passwordHash(of: account?.id ?? Self.nobody)
    // Nothing is judged before this, so that every refusal takes as long.
    switch await hasher.verify(password, against: hash) {
    case .busy(let retryAfter):
      try await store.returnAttempts(keys.all)
      return .busy(retryAfter: retryAfter)
    case .wrong:
      return try await refuse(cause(account, hash) ?? "wrong_password", account, by: context.actor)
    case .right(let upgrade):
      guard let account, let hash, account.profile.isActive else {
        return try await refuse(cause(account, hash) ?? "wrong_password", account, by: context.actor)
      }
      let verdict = try await open(account, method: "password", as: context) { () async throws(StoreError) in
        try await self.standing(of: account.id, password, verified: hash)
      }
      try await settle(verdict, keys, account, verified: hash, upgrade: upgrade, by: context.actor)
      return verdict
    }
  }

  /// Why whoever knows the password is not let in all the same; `nil` if nothing stands against it.
  private func cause(_ account: Account?, _ hash: PasswordHash?) -> String? {
    guard let account else { return "unknown_account" }
    guard account.profile.isActive else { return "inactive" }
    return hash == nil ? "no_password" : nil
  }

  private func standing(
    of id: AccountID, _ password: String, verified hash: PasswordHash
  ) async throws(StoreError) -> Standing {
    guard let account = try await accounts.account(id, fresh: true) else { return .changed(cause: "unknown_account") }
    guard account.profile.isActive else { return .changed(cause: "inactive") }
    guard let current = try await accounts.store.passwordHash(of: id) else { return .changed(cause: "no_password") }
    guard current != hash else { return .unchanged(account) }
    // Another hash need not be another password: a log-in of the same time may have upgraded it.
    switch await hasher.verify(password, against: current) {
    case .right: return .unchanged(account)
    case .wrong: return .changed(cause: "password_changed")
    case .busy(let retryAfter): return .busy(retryAfter: retryAfter)
    }
  }

  /// Takes the try back, and keeps the stronger hash.
  private func settle(
    _ verdict: LoginVerdict, _ keys: AttemptKeys, _ account: Account, verified hash: PasswordHash,
    upgrade: PasswordHash?, by actor: Actor
  ) async throws(StoreError) {
    switch verdict {
    case .opened:
      // The user is in: what fails here is made up for by the next log-in, or by the end of the window.
      if let upgrade {
        _ = try? await accounts.setPassword(upgrade, replacing: hash, closing: nil, of: account.id, by: actor)
      }
      try? await store.forgetAttempts([keys.pair])
      try? await store.returnAttempts([keys.address, keys.account])
    case .limitReached, .busy, .invalid: try await store.returnAttempts(keys.all)
    case .refused, .wait: break
    }
  }

  /// Adds an event for the first of a flood, and nothing for the rest.
  private func tellThrottling(
    of email: EmailAddress, _ keys: AttemptKeys, by actor: Actor
  ) async throws(StoreError) {
    guard throttled.isFirst(keys.address, now: clock.now()) else { return }
    let account = try await accounts.store.account(email: email)
    _ = try await refuse("throttled", account, by: actor)
  }
}
