public import SessionCore

extension Logins {
  /// Logs in a user of whom this program vouches itself, such as one who was shown a link that opens once.
  ///
  /// No try is counted, as nothing is there to guess; an account that is missing, not active, or below the level that
  /// the context asks for is refused.
  ///
  /// - Parameters:
  ///   - id: whose session it will be.
  ///   - method: how the user proved who they are, for the session and the event log.
  ///   - context: where the log-in comes from.
  /// - Returns: the new session, or why there is none.
  /// - Throws: if the store fails; no session of this log-in can be used then.
  public func logIn(
    vouched id: AccountID, method: ExactText, as context: LoginContext
  ) async throws(StoreError) -> LoginVerdict {
    if let refusal = refusal(of: context) { return refusal }
    guard let account = try await accounts.account(id, fresh: true) else {
      return try await refuse("unknown_account", nil, by: context.actor)
    }
    guard account.profile.isActive else { return try await refuse("inactive", account, by: context.actor) }
    return try await open(account, method: method, as: context) { () async throws(StoreError) in
      guard let current = try await self.accounts.account(id, fresh: true) else {
        return .changed(cause: "unknown_account")
      }
      return current.profile.isActive ? .unchanged(current) : .changed(cause: "inactive")
    }
  }
}
