public import SessionCore

/// What became of opening a session in a service's name.
public enum ServiceOpenVerdict: Sendable {
  /// What the sessions made of it; the user has an account that is active, or none here.
  case decided(OpenVerdict)
  /// Not opened: the user's account is not active.
  case inactive
}

extension Accounts {
  /// Opens a session for a user of whom a service vouches, unless the user has an account here that is not active.
  ///
  /// Such a session would open nothing now, and everything once the account is active again.
  ///
  /// - Parameters:
  ///   - draft: the session; its user id need not be that of an account.
  ///   - actor: who asked.
  /// - Returns: what became of it.
  /// - Throws: if the store fails; nobody has the token of a session that was opened all the same.
  public func open(_ draft: SessionDraft, by actor: Actor) async throws(StoreError) -> ServiceOpenVerdict {
    let holder = AccountID(draft.userID)
    if let holder, try await account(holder)?.profile.isActive == false { return .inactive }
    let verdict = try await sessions.open(draft, by: actor)
    // A deactivation that came before the session was in the store did not close it; one that comes later does. If
    // another node made it, this one's cache may not know yet.
    if case .opened(let session, _, _) = verdict, let holder,
      try await account(holder, fresh: trust.isShared)?.profile.isActive == false
    {
      _ = try await sessions.close(session.id, reason: .account, by: Actor(.policy))
      return .inactive
    }
    return .decided(verdict)
  }
}
