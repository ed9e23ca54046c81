/// What became of giving a session a new token.
public enum ReissueVerdict: Sendable {
  /// The session, and the only token that is valid from now on.
  case reissued(Session, SessionToken)
  /// There is no such session, it has ended, or it is not one that the caller means.
  case refused
  /// The change would break a bound: the member's name as in the HTTP interface, and a sentence for the caller.
  case invalid(member: String, reason: String)
}

extension Sessions {
  /// Changes a session and replaces its token, in one write.
  ///
  /// Other than with a renewal, who asks shows no token: whoever may ask gets one. The former token is superseded at
  /// once, without the policy's grace time. Of parallel calls each makes a step of its own, and only the last one's
  /// token is valid. It counts as a request of the session. In the log it is a renewal, whatever `change` changes.
  ///
  /// - Parameters:
  ///   - id: which session.
  ///   - actor: who asked.
  ///   - isAuthenticated: whether the user has just proven who they are: the session's ``Session/authTime`` is now, and
  ///     what was made of it before counts no more.
  ///   - isMeant: tells of the session as it stands whether it is the one that the caller means; it is, by default.
  ///   - change: what to change, by default nothing; as for an update it may run several times.
  /// - Returns: the session and its token, or why there is none.
  /// - Throws: if the store fails.
  public func reissue(
    _ id: SessionID, by actor: Actor, isAuthenticated: Bool = false,
    where isMeant: @Sendable (Session) -> Bool = { _ in true },
    _ change: @Sendable (inout SessionContents) -> Void = { _ in }
  ) async throws(StoreError) -> ReissueVerdict {
    while let current = try await load(
      id, fresh: false, ifCached: { $0.isAlive(at: self.clock.now()) && isMeant($0) })
    {
      let now = clock.now()
      guard current.isAlive(at: now), isMeant(current) else { return .refused }
      var contents = SessionContents(current)
      change(&contents)
      if case .invalid(let member, let reason)? = policy.refusal(of: contents) {
        return .invalid(member: member, reason: reason)
      }
      var next = contents.applied(to: current)
      // Two steps: the grace time is for the generation before the present one, and nobody ever has its token. In two
      // writes, whoever holds the old token could renew it in between and hold the one that comes next.
      let (generation, overflow) = current.generation.addingReportingOverflow(2)
      guard !overflow else { return .refused }
      next.generation = generation
      if isAuthenticated { next.authTime = now }
      next.renewTime = now
      next.requestTime = max(current.requestTime, now)
      next.revision += 1
      if try await replace(current, with: next, as: .renewed, by: actor, at: now) {
        return .reissued(next, token(for: next))
      }
    }
    return .refused
  }

  /// Whether `text` is a genuine token of the session's present generation, under any key that is accepted now.
  ///
  /// A token of a former generation is none, whatever the grace time. The session itself is not judged, and no store
  /// is read.
  public func isCurrentToken(_ text: [UInt8], of session: Session) -> Bool {
    let reading = unsafe text.withUnsafeBytes { unsafe tokens.read($0, now: clock.now()) }
    return reading == .genuine(TokenClaims(id: session.id, generation: session.generation))
  }
}
