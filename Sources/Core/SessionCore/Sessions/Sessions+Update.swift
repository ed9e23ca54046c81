/// What became of a change.
public enum UpdateVerdict: Sendable {
  /// The session as it stands now.
  case updated(Session)
  /// There is no such session.
  case missing
  /// It has ended, and ended sessions do not change.
  case notAlive(Session)
  /// Its revision is not one that the caller expected.
  case revisionMismatch(Session)
  /// The change would break a bound: the member's name as in the HTTP interface, and a sentence for the caller.
  case invalid(member: String, reason: String)
}

extension Sessions {
  /// Changes a session's user, data, user name, status or kind.
  ///
  /// `change` gets the contents as they stand and may run several times: whenever another writer came first, it is run
  /// again on what that one left, so that no change is lost. It should therefore do nothing but change what it is
  /// given.
  ///
  /// - Parameters:
  ///   - id: which session.
  ///   - isExpected: tells whether a revision is one that the caller means; by default any.
  ///   - touching: whether it counts as a request of the session.
  ///   - actor: who asked.
  ///   - change: what to change.
  /// - Returns: the session as changed, or why it was not.
  /// - Throws: if the store fails.
  public func update(
    _ id: SessionID, expecting isExpected: (@Sendable (Int64) -> Bool)? = nil, touching: Bool = false, by actor: Actor,
    _ change: @Sendable (inout SessionContents) -> Void
  ) async throws(StoreError) -> UpdateVerdict {
    while let current = try await load(id, fresh: isExpected != nil) {
      let now = clock.now()
      guard current.isAlive(at: now) else { return .notAlive(current.settled(at: now)) }
      if let isExpected, !isExpected(current.revision) { return .revisionMismatch(current) }
      var contents = SessionContents(current)
      change(&contents)
      if case .invalid(let member, let reason)? = policy.refusal(of: contents) {
        return .invalid(member: member, reason: reason)
      }
      var next = contents.applied(to: current)
      if touching { next.requestTime = max(current.requestTime, now) }
      next.revision += 1
      if try await replace(current, with: next, as: .updated, by: actor, at: now) { return .updated(next) }
      // Another write came first, and the failed one took the session out of the cache: the next round reads what it
      // left.
    }
    return .missing
  }
}
