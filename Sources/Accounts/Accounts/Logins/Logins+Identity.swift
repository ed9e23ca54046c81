public import SessionCore

extension Logins {
  /// Logs a user in by an id token of an OpenID provider.
  ///
  /// An account is found by the token's issuer and subject, never by its e-mail address. One token opens at most one
  /// session. It is used up only when a session is about to be opened: after an answer that it was too busy, or a store
  /// that failed before, the same token may be shown again.
  ///
  /// - Parameters:
  ///   - idToken: the token, as received.
  ///   - nonce: what the token must hold, if the caller asked the provider for it.
  ///   - context: where the log-in comes from.
  /// - Returns: the new session, or why there is none.
  /// - Throws: if the store fails; no session of this log-in can be used then.
  public func logIn(
    idToken: [UInt8], nonce: String?, as context: LoginContext
  ) async throws(StoreError) -> LoginVerdict {
    if let refusal = refusal(of: context) { return refusal }
    guard let identities else { return .invalid(member: "id_token", reason: "is not taken: no issuer is known here") }
    let identity: Identity
    switch await identities.verify(idToken, nonce: nonce) {
    case .unavailable(let retryAfter): return .busy(retryAfter: retryAfter)
    case .refused(let cause): return try await refuseToken("id_token_" + cause, nil, as: context)
    case .genuine(let genuine): identity = genuine
    }
    guard identity.isEmailVerified != false else {
      return try await refuseToken("email_not_verified", nil, as: context)
    }
    let account: Account
    switch try await find(identity, as: context) {
    case .account(let found): account = found
    case .refused(let cause): return try await refuseToken(cause, nil, as: context)
    }
    guard account.profile.isActive else { return try await refuseToken("inactive", account, as: context) }
    let now = clock.now()
    guard try await store.useOnce(AttemptKeys.use(of: idToken), until: identity.expires + Self.skew, now: now) else {
      return try await refuseToken("id_token_used", account, as: context)
    }
    let user = context.userContents?(identity)
    return try await open(account, method: "oidc", user: user, as: context) { () async throws(StoreError) in
      guard let current = try await self.accounts.account(account.id, fresh: true) else {
        return .changed(cause: "unknown_account")
      }
      guard current.profile.isActive else { return .changed(cause: "inactive") }
      guard current.profile.links.contains(identity.link) else { return .changed(cause: "link_removed") }
      return .unchanged(current)
    }
  }

  /// How long after its end a token may still be taken for genuine, for clocks that differ.
  private static let skew = TimeSpan.minutes(10)

  /// Tells of a refusal, but only of so many from one address and window: a flood must not fill the log.
  private func refuseToken(
    _ cause: String, _ account: Account?, as context: LoginContext
  ) async throws(StoreError) -> LoginVerdict {
    let key = AttemptKeys.telling(of: context.address)
    let rule = AttemptRule(key: key, limit: policy.toldPerAddress, window: policy.window)
    switch try await store.countAttempt([rule], now: clock.now()) {
    case .allowed: return try await refuse(cause, account, by: context.actor)
    case .refused:
      guard throttled.isFirst(key, now: clock.now()) else { return .refused }
      return try await refuse("throttled", account, by: context.actor)
    }
  }
}
