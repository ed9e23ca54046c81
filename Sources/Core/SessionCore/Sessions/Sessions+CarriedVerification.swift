extension Sessions {
  /// Verifies a caller's own token by arithmetic and the cache alone; counts as a request of its session.
  ///
  /// Never waits. ``CachedVerification/miss`` means that ``verifyCarried(_:of:)`` must decide.
  ///
  /// - Parameters:
  ///   - token: the token's bytes.
  ///   - user: the bytes of the user's id, whose token it must be.
  ///   - now: the time.
  /// - Returns: active, or a miss; a refusal is never certain here.
  public func verifyCarriedAtOnce(
    _ token: UnsafeRawBufferPointer, of user: UnsafeRawBufferPointer, now: Timestamp
  ) -> CachedVerification {
    for place in unsafe carriedTokens.places(of: token, user: user, now: now) {
      guard trust.holds(place.id, at: now),
        case .active(let entry, let deadline) = cache.verify(place.id, generation: nil, now: now, touching: false),
        let carried = entry.session.carried, place.isKept(by: entry.session),
        entry.session.life.refusal(of: carried.generation, now: now, grace: policy.renewalGrace) == nil
      else { continue }
      return cache.touch(place.id, at: now) ? .miss : .active(entry, deadline: deadline)
    }
    return .miss
  }

  /// Verifies a token that a caller brought along when it opened the session; counts as a request of it.
  ///
  /// Costs a read of the store for each accepted key of the ring, unless the session is in the cache.
  ///
  /// - Parameters:
  ///   - token: the token's bytes.
  ///   - user: whose token it must be.
  /// - Returns: the session, or why it is refused.
  /// - Throws: only if the store was needed and failed; nothing is known then.
  public func verifyCarried(_ token: [UInt8], of user: ExactText) async throws(StoreError) -> Verification {
    var verdict = Verification.refused(.unknown, nil, nil)
    for place in places(of: token, user: user) {
      let found = try await load(place.id, fresh: false) { session in
        guard let carried = session.carried, place.isKept(by: session) else { return false }
        let now = clock.now()
        return session.isAlive(at: now)
          && session.life.refusal(of: carried.generation, now: now, grace: policy.renewalGrace) == nil
      }
      guard let session = found, let carried = session.carried, place.isKept(by: session) else { continue }
      verdict = try await judge(session, generation: carried.generation, touching: true)
      if case .active = verdict { return verdict }
    }
    return verdict
  }

  /// What was sealed for a live session when its caller opened it with a token.
  ///
  /// - Returns: the text; `nil` if the session carries no token, if a renewal has replaced that, or if the key under
  ///   which it was sealed is accepted no more: then ``token(for:)`` is what opens the session.
  public func carriedText(of session: Session) -> [UInt8]? {
    guard session.carried?.generation == session.generation else { return nil }
    return carriedTokens.text(of: session, now: clock.now())
  }

  func places(of token: [UInt8], user: ExactText) -> [CarriedTokenCodec.Place] {
    unsafe token.withUnsafeBytes { token in
      unsafe Array(user.string.utf8).withUnsafeBytes { user in
        unsafe carriedTokens.places(of: token, user: user, now: clock.now())
      }
    }
  }

  /// Whether this service made a token itself, of whatever session.
  func isOwn(_ token: [UInt8]) -> Bool {
    if case .genuine = unsafe token.withUnsafeBytes({ unsafe tokens.read($0, now: clock.now()) }) { return true }
    return false
  }
}
