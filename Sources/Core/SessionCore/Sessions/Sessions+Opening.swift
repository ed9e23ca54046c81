/// What became of an opening.
public enum OpenVerdict: Sendable {
  /// It is open; its token, which is shown this once; the sessions closed to make room for it.
  case opened(Session, SessionToken, evicted: [Session])
  /// It was not opened, and why.
  case refused(OpenRefusal)
}

extension Sessions {
  /// Opens a session.
  ///
  /// One write; the session is stored before this returns. Where a user's live sessions are limited, request times that
  /// had not reached the store are written first, so that it counts, chooses and ends by them.
  public func open(_ draft: SessionDraft, by actor: Actor) async throws(StoreError) -> OpenVerdict {
    if let refusal = policy.refusal(of: draft) { return .refused(refusal) }
    if policy.liveLimit != nil { try await flushTouches() }
    let now = clock.now()
    var session = newSession(from: draft, at: now)
    for _ in 0..<3 {
      switch try await insert(session, by: actor, at: now) {
      case .inserted(let closed):
        cache.refresh(closed)
        tell(.opened, of: session, at: now, by: actor)
        tell(closing: closed, for: .evicted, at: now, by: Actor(.policy))
        return .opened(session, token(for: session), evicted: closed.filter { !$0.isClosedAsExpired })
      case .limitReached:
        return .refused(.limitReached(maximum: policy.liveLimit?.maximum ?? 0))
      case .duplicate:
        session.id = random.sessionID()
      }
    }
    throw StoreError(.corrupt, "Three new session ids in a row were taken.")
  }

  /// Adds a session to the store and, unless another opening has evicted it by then, to the cache.
  func insert(
    _ session: Session, by actor: Actor, at now: Timestamp
  ) async throws(StoreError) -> InsertOutcome {
    let store = store
    let limit = policy.liveLimit
    return try await cache.write(session.id) {
      () async throws(StoreError) -> (InsertOutcome, SessionCache.WriteEffect) in
      let outcome = try await store.insert(session, limit: limit, by: actor, now: now)
      guard case .inserted = outcome else { return (outcome, .unknown) }
      return (outcome, .stored(session))
    }
  }

  private func newSession(from draft: SessionDraft, at now: Timestamp) -> Session {
    let limits = policy.limits(of: draft)
    var session = Session(
      id: random.sessionID(), userID: draft.userID, openTime: now, idleTimeout: limits.idleTimeout,
      lifetime: limits.lifetime)
    session.userName = draft.userName
    session.address = draft.address
    session.client = draft.client
    session.userAgent = draft.userAgent
    session.kind = draft.kind
    session.status = draft.status
    session.isRemembered = draft.isRemembered
    session.loginMethod = draft.loginMethod
    session.authTime = draft.authTime
    session.user = draft.user
    session.data = draft.data
    return session
  }
}
