public import SessionCore

extension Logins {
  /// Changes the password of a session's user, who knows the current one.
  ///
  /// Every other session of the account is closed when this returns, and the caller's own has a new token: the old one
  /// is refused at once, without a time of grace. Tries are counted as those of logging in, together with them.
  ///
  /// - Parameters:
  ///   - session: the session with which the user came, alive.
  ///   - current: the password as it is.
  ///   - new: the password that it shall be; both exactly as received.
  ///   - actor: who asked, with the address.
  /// - Returns: the session with its new token, or why nothing was changed.
  /// - Throws: if the store fails. The password may have been changed; the other sessions are then closed when
  ///   ``Accounts/settleClosings()`` runs.
  public func changePassword(
    of session: Session, current: String, new: String, by actor: Actor
  ) async throws(StoreError) -> PasswordChangeVerdict {
    guard let id = AccountID(session.userID), let account = try await accounts.account(id, fresh: true),
      account.profile.isActive, var hash = try await accounts.store.passwordHash(of: id)
    else { return .noPassword }
    guard current.utf8.count <= Self.passwordLimit else {
      return .invalid(member: "current", reason: "must be at most \(Self.passwordLimit) bytes")
    }
    if let reason = hasher.refusal(ofNew: new, context: account.profile.words) {
      return .invalid(member: "new", reason: reason)
    }
    let name = account.profile.email?.key ?? id.userID
    let keys = AttemptKeys(email: name, address: actor.address ?? "")
    if case .refused(let retryAfter) = try await store.countAttempt(keys.rules(policy), now: clock.now()) {
      if throttled.isFirst(keys.address, now: clock.now()) {
        _ = try await refuse("throttled", account, session: session.id, by: actor)
      }
      return .wait(retryAfter: retryAfter)
    }
    while true {
      switch await hasher.verify(current, against: hash) {
      case .right: break
      case .wrong:
        _ = try await refuse("wrong_password", account, session: session.id, by: actor)
        return .wrong
      case .busy(let retryAfter):
        try await store.returnAttempts(keys.all)
        return .busy(retryAfter: retryAfter)
      }
      switch await hasher.hash(new) {
      case .busy(let retryAfter):
        try await store.returnAttempts(keys.all)
        return .busy(retryAfter: retryAfter)
      case .hashed(let newHash):
        let due = ClosingDue(except: session.id)
        if try await accounts.setPassword(newHash, replacing: hash, closing: due, of: id, by: actor) {
          // First of all: whoever else holds the token must not keep it if the rest fails.
          let renewed = try await sessions.reissue(session.id, by: actor, isAuthenticated: true)
          try await accounts.close(due, of: id, by: actor)
          // The password is changed: what fails here must not cost the user the new token.
          try? await store.forgetAttempts([keys.pair])
          try? await store.returnAttempts([keys.address, keys.account])
          // A session that has ended since has a token that opens nothing.
          guard case .reissued(let own, let token) = renewed else {
            return .changed(session, sessions.token(for: session))
          }
          return .changed(own, token)
        }
      }
      // Another hash came first: an upgrade of the same password, or another password.
      guard let other = try await accounts.store.passwordHash(of: id) else { return .noPassword }
      hash = other
    }
  }
}
