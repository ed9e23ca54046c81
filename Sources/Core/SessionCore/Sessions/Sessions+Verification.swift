/// What became of a verification.
public enum Verification: Sendable {
  /// The token is valid and its session alive.
  case active(Session)
  /// Not to be let in; why, and for an ended session why it ended and how it stands.
  case refused(RefusalReason, CloseReason?, Session?)
}

extension Sessions {
  /// Verifies a token by arithmetic and the cache alone; counts as a request of its session.
  ///
  /// Never waits and allocates nothing. ``CachedVerification/miss`` means that ``verify(_:fresh:touching:)`` must
  /// decide.
  public func verifyAtOnce(_ token: UnsafeRawBufferPointer, now: Timestamp) -> CachedVerification {
    switch unsafe tokens.read(token, now: now) {
    case .malformed: policy.acceptsImportedTokens ? .miss : .refused(.malformed, nil)
    case .forged: .refused(.forged, nil)
    case .genuine(let claims):
      trust.holds(claims.id, at: now)
        ? cache.verify(claims.id, generation: claims.generation, now: now, touching: true) : .miss
    }
  }

  /// Begins to read the session of a token into the cache, for ``verifyAtOnce(_:now:)`` to find it there.
  ///
  /// - Parameters:
  ///   - token: the token's bytes, of which none is kept.
  ///   - now: the time.
  ///   - then: called once, on any thread, when the read is over, whatever became of it. Who then still finds a miss
  ///     asks ``verify(_:fresh:touching:)``, which is told of a read that failed rather than making another.
  /// - Returns: whether it has begun, and `then` will be called. Not if the session is in the cache or being read, if
  ///   there can be none, or if the store reads by tasks alone.
  public func fetch(
    _ token: UnsafeRawBufferPointer, now: Timestamp, then: @escaping @Sendable () -> Void
  ) -> Bool {
    guard let promptStore, case .genuine(let claims) = unsafe tokens.read(token, now: now),
      trust.holds(claims.id, at: now)
    else { return false }
    return cache.fetch(claims.id, from: promptStore, then: then)
  }

  /// Looks a session up by its public id in the cache alone, for services that name sessions so.
  ///
  /// - Parameters:
  ///   - id: the public id.
  ///   - now: the time.
  ///   - touching: whether it counts as a request of the session.
  /// - Returns: as for a token; ``CachedVerification/miss`` if it is not in the cache.
  public func sessionAtOnce(_ id: SessionID, now: Timestamp, touching: Bool) -> CachedVerification {
    trust.holds(id, at: now) ? cache.verify(id, generation: nil, now: now, touching: touching) : .miss
  }

  /// Verifies a token.
  ///
  /// A forged one is refused without a read of the store; a cached session costs none either, unless `fresh`.
  ///
  /// - Parameters:
  ///   - token: the token's text.
  ///   - fresh: whether the store is read whatever the cache holds.
  ///   - touching: whether it counts as a request of the session.
  /// - Returns: the session, or why it is refused.
  /// - Throws: only if the store was needed and failed; nothing is known then.
  public func verify(
    _ token: [UInt8], fresh: Bool = false, touching: Bool = true
  ) async throws(StoreError) -> Verification {
    let now = clock.now()
    let claims: TokenClaims
    switch unsafe token.withUnsafeBytes({ unsafe tokens.read($0, now: now) }) {
    case .malformed:
      guard let imported = try await importedClaims(token) else { return .refused(.malformed, nil, nil) }
      claims = imported
    case .forged: return .refused(.forged, nil, nil)
    case .genuine(let genuine): claims = genuine
    }
    let found = try await load(claims.id, fresh: fresh) { session in
      let life = session.life
      if life.reasonClosed(requestTime: session.requestTime, now: clock.now()) != nil {
        return life.isOverForGood(for: claims.generation)
      }
      return claims.generation <= session.generation
    }
    guard let session = found else { return .refused(.unknown, nil, nil) }
    // The read may have taken a while; life is judged by the time of the answer.
    return try await judge(session, generation: claims.generation, touching: touching)
  }

  func judge(
    _ session: Session, generation: UInt32, touching: Bool
  ) async throws(StoreError) -> Verification {
    let now = clock.now()
    if let reason = session.life.reasonClosed(requestTime: session.requestTime, now: now) {
      return .refused(.closed, reason, session.settled(at: now))
    }
    if let refusal = session.life.refusal(of: generation, now: now, grace: policy.renewalGrace) {
      return .refused(refusal, nil, session)
    }
    return .active(touching ? try await touched(session, at: now) : session)
  }

  /// Counts a request of a session that was found alive at `now`, and answers it with its new request time.
  func touched(_ session: Session, at now: Timestamp) async throws(StoreError) -> Session {
    var session = session
    if cache.touch(session.id, at: now) { try await saveTouch(of: session.id) }
    session.requestTime = max(session.requestTime, now)
    return session
  }

  /// The session from the cache or the store; from the store alone if `fresh`.
  ///
  /// Where other nodes write to the store, what the cache says in a session's favour is true enough: it was, a lease
  /// ago at most. What it says against one may be wrong, and nobody may be turned away for that: another node may have
  /// renewed or opened it, or heard its last request. So the store is read for this caller alone unless `suffices`.
  ///
  /// - Parameters:
  ///   - id: which session.
  ///   - fresh: whether the store is read whatever the cache holds.
  ///   - suffices: whether the session as cached is enough to go by.
  /// - Returns: the session as stored, with the latest request time known; `nil` if there is none.
  /// - Throws: if the store was needed and failed.
  func load(
    _ id: SessionID, fresh: Bool, ifCached suffices: (Session) -> Bool
  ) async throws(StoreError) -> Session? {
    let store = store
    let read = { () async throws(StoreError) -> Session? in try await store.session(id) }
    let now = clock.now()
    guard !fresh, trust.holds(id, at: now) else { return try await cache.reload(id, read: read) }
    let loaded = try await cache.load(id, read: read)
    if !trust.isShared || loaded.isOwnRead { return loaded.session }
    if let session = loaded.session, suffices(session) { return session }
    return try await cache.reload(id, read: read)
  }

  /// As ``load(_:fresh:ifCached:)``; what is cached suffices if it is alive.
  func load(_ id: SessionID, fresh: Bool) async throws(StoreError) -> Session? {
    try await load(id, fresh: fresh) { $0.isAlive(at: clock.now()) }
  }

  /// The session of that id, settled; `nil` if there is none.
  ///
  /// - Parameters:
  ///   - id: the public id.
  ///   - fresh: whether the store is read whatever the cache holds.
  ///   - touching: whether it counts as a request of the session, if it lives.
  /// - Returns: the session as it stands now.
  /// - Throws: if the store fails.
  public func session(
    _ id: SessionID, fresh: Bool = false, touching: Bool = false
  ) async throws(StoreError) -> Session? {
    guard let session = try await load(id, fresh: fresh) else { return nil }
    let now = clock.now()
    return touching && session.isAlive(at: now) ? try await touched(session, at: now) : session.settled(at: now)
  }
}
