extension Sessions {
  /// How many sessions one write of many closes or removes.
  static let batch = 500

  /// Closes a session.
  ///
  /// Closed already, it stays as it is: the answer tells. One whose time was up is written down as ended by that, which
  /// a request time that another node writes late does not undo. From the return on, no node's verification that begins
  /// later than the coherence bound lets it in, and this node's none at all.
  ///
  /// - Returns: whether this call closed it, and the session as it stands; `nil` if there is none.
  public func close(_ id: SessionID, reason: CloseReason, by actor: Actor) async throws(StoreError) -> CloseOutcome? {
    // The store must know the last request before the end: it keeps it, and would else take a busy session for an
    // expired one.
    let touch = cache.unsavedTouch(of: id)
    let now = clock.now()
    let closed = try await close(id, lastRequest: touch?.requestTime, reason: reason, by: actor, at: now)
    guard var outcome = closed else { return nil }
    if let touch { cache.confirm([touch]) }
    outcome.session = outcome.session.settled(at: now)
    if outcome.isClosedNow || outcome.isEndedNow {
      tell(closing: [outcome.session], for: reason, at: now, by: actor)
    }
    return outcome
  }

  private func close(
    _ id: SessionID, lastRequest: Timestamp?, reason: CloseReason, by actor: Actor, at now: Timestamp
  ) async throws(StoreError) -> CloseOutcome? {
    let store = store
    return try await cache.write(id) { () async throws(StoreError) -> (CloseOutcome?, SessionCache.WriteEffect) in
      let outcome = try await store.close(id, lastRequest: lastRequest, reason: reason, by: actor, now: now)
      guard let outcome else { return (nil, .removed) }
      return (outcome, .stored(outcome.session))
    }
  }

  /// Closes every live session that matches, in batches.
  ///
  /// Those that match and whose time was up are written down as ended, as ``close(_:reason:by:)`` does one, and don't
  /// count.
  ///
  /// From the return on, this node lets none in that matched and lived when it was called, whoever has closed it; other
  /// nodes let none in beyond the coherence bound. Where nodes share the store, the cache is gone through for that, and
  /// forgets the user's sessions, or all if the filter names no user.
  ///
  /// - Parameters:
  ///   - filter: which.
  ///   - except: one to leave alone.
  ///   - reason: why.
  ///   - actor: who asked.
  /// - Returns: how many were closed by this call.
  /// - Throws: if the store fails.
  public func close(
    matching filter: SessionFilter, except: SessionID? = nil, reason: CloseReason, by actor: Actor
  ) async throws(StoreError) -> Int {
    try await flushTouches()
    let now = clock.now()
    var count = 0
    while true {
      let closed: [Session]
      do throws(StoreError) {
        closed = try await store.close(
          matching: filter, excluding: except, reason: reason, by: actor, now: now, limit: Self.batch)
      } catch {
        // Which ones were closed all the same nobody knows, nor does the store say so if it is asked again.
        if error.code == .unknownOutcome { cache.forgetAll() }
        throw error
      }
      cache.refresh(closed)
      tell(closing: closed, for: reason, at: now, by: actor)
      count += closed.count { !$0.isClosedAsExpired }
      guard closed.count == Self.batch else { break }
    }
    // What another node has closed before this one could, the store did not bring, and the note of it may be late.
    if trust.isShared { await cache.forget(of: filter.userID) }
    return count
  }

  /// Closes every live session of a user.
  ///
  /// - Parameters:
  ///   - userID: whose.
  ///   - except: one to leave alone.
  ///   - reason: why.
  ///   - actor: who asked.
  /// - Returns: how many were closed by this call.
  /// - Throws: if the store fails.
  public func closeAll(
    of userID: ExactText, except: SessionID? = nil, reason: CloseReason, by actor: Actor
  ) async throws(StoreError) -> Int {
    var filter = SessionFilter()
    filter.userID = userID
    return try await close(matching: filter, except: except, reason: reason, by: actor)
  }

  /// Tells of sessions that were closed: of those that lived by the actor, of the others by the reaper.
  func tell(closing sessions: [Session], for reason: CloseReason, at now: Timestamp, by actor: Actor) {
    for session in sessions {
      if session.isClosedAsExpired {
        tell(.closed(session.closeReason ?? .idle), of: session, at: session.deadline, by: Actor(.reaper))
      } else {
        tell(.closed(reason), of: session, at: now, by: actor)
      }
    }
  }

  /// Removes a session and all that is known of it, open or closed.
  ///
  /// - Returns: the session as it was, settled; `nil` if there was none.
  public func remove(_ id: SessionID, by actor: Actor) async throws(StoreError) -> Session? {
    // As for a closing: the store tells how the session ended, and must know its last request for that.
    try await saveTouch(of: id)
    let now = clock.now()
    let store = store
    let removed = try await cache.write(id) { () async throws(StoreError) -> (Session?, SessionCache.WriteEffect) in
      (try await store.remove(id, by: actor, now: now), .removed)
    }
    guard let removed else { return nil }
    let session = removed.settled(at: now)
    if removed.isAlive(at: now) { tell(.closed(.revoked), of: session, at: now, by: actor) }
    tell(.removed, of: session, at: now, by: actor)
    return session
  }
}
