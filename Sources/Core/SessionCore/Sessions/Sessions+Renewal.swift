/// What became of a renewal.
public enum RenewVerdict: Sendable {
  /// The session, and the token that is valid from now on.
  case renewed(Session, SessionToken)
  /// Not renewed; why, and for an ended session why it ended.
  case refused(RefusalReason, CloseReason?)
}

extension Sessions {
  /// Renews a session: the next generation of its token becomes the valid one.
  ///
  /// Parallel renewals of one token make one step and get equal answers, and a lost answer can be fetched again within
  /// the policy's grace time. After that, and for any older token, the session is closed with reason `reuse`: two
  /// parties hold it.
  public func renew(_ token: [UInt8], by actor: Actor) async throws(StoreError) -> RenewVerdict {
    let now = clock.now()
    let claims: TokenClaims
    switch unsafe token.withUnsafeBytes({ unsafe tokens.read($0, now: now) }) {
    case .malformed:
      guard let imported = try await importedClaims(token) else { return .refused(.malformed, nil) }
      claims = imported
    case .forged: return .refused(.forged, nil)
    case .genuine(let genuine): claims = genuine
    }
    let suffices = { (session: Session) -> Bool in self.isRenewable(session, by: claims.generation) }
    var session = try await load(claims.id, fresh: false, ifCached: suffices)
    while let current = session {
      let now = clock.now()
      let life = current.life
      if let reason = life.reasonClosed(requestTime: current.requestTime, now: now) { return .refused(.closed, reason) }
      if claims.generation > current.generation { return .refused(.unknown, nil) }
      if claims.generation < current.generation {
        if life.isWithinGrace(claims.generation, now: now, grace: policy.renewalGrace) {
          return .renewed(try await touched(current, at: now), self.token(for: current))
        }
        return try await closeReused(current, by: actor)
      }
      guard current.generation < .max else { return .refused(.superseded, nil) }
      if let renewed = try await step(current, by: actor, at: now) {
        return .renewed(renewed, self.token(for: renewed))
      }
      // Another write came first, and the failed one took the session out of the cache: this reads what it left.
      session = try await load(claims.id, fresh: false, ifCached: suffices)
    }
    return .refused(.unknown, nil)
  }

  private func isRenewable(_ session: Session, by generation: UInt32) -> Bool {
    let now = clock.now()
    return session.isAlive(at: now)
      && session.life.refusal(of: generation, now: now, grace: policy.renewalGrace) == nil
  }

  /// Renews a session that a service names by its public id, whichever token is its valid one.
  ///
  /// Parallel renewals make one step and get equal answers; no token is shown, so that none can be found reused.
  public func renew(session id: SessionID, by actor: Actor) async throws(StoreError) -> RenewVerdict {
    var began: UInt32?
    while let current = try await load(id, fresh: false) {
      let now = clock.now()
      if let reason = current.life.reasonClosed(requestTime: current.requestTime, now: now) {
        return .refused(.closed, reason)
      }
      if let began, current.generation != began {
        return .renewed(try await touched(current, at: now), token(for: current))
      }
      began = current.generation
      guard current.generation < .max else { return .refused(.superseded, nil) }
      if let renewed = try await step(current, by: actor, at: now) { return .renewed(renewed, token(for: renewed)) }
    }
    return .refused(.unknown, nil)
  }

  private func step(
    _ current: Session, by actor: Actor, at now: Timestamp
  ) async throws(StoreError) -> Session? {
    var next = current
    next.generation += 1
    next.renewTime = now
    next.requestTime = max(current.requestTime, now)
    next.revision += 1
    return try await replace(current, with: next, as: .renewed, by: actor, at: now) ? next : nil
  }

  private func closeReused(_ session: Session, by actor: Actor) async throws(StoreError) -> RenewVerdict {
    let outcome = try await close(
      session.id, reason: .reuse, by: Actor(.policy, address: actor.address, requestID: actor.requestID))
    return .refused(.superseded, outcome?.session.closeReason ?? .reuse)
  }

  /// Replaces `current` by `next` if the store still has it, tells it as `change`, and keeps the cache true.
  ///
  /// - Returns: `false` if another write came first; what it left must be read anew.
  func replace(
    _ current: Session, with next: Session, as change: SessionEvent.Change, by actor: Actor, at now: Timestamp
  ) async throws(StoreError) -> Bool {
    let store = store
    let isReplaced = try await cache.write(current.id) {
      () async throws(StoreError) -> (Bool, SessionCache.WriteEffect) in
      let isReplaced = try await store.replace(
        next, revision: current.revision, as: change, by: actor, now: now)
      return (isReplaced, isReplaced ? .stored(next) : .unknown)
    }
    if isReplaced {
      tell(change, of: next, at: now, by: actor)
    } else {
      try await saveTouch(of: current.id)
    }
    return isReplaced
  }
}
