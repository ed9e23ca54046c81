/// What became of an opening with a caller's own token.
public enum CarriedOpenVerdict: Sendable {
  /// It is open; the sessions closed to make room for it.
  case opened(Session, evicted: [Session])
  /// It was not opened, and why.
  case refused(OpenRefusal)
}

extension Sessions {
  /// Opens a session to which a token of the caller's own making is the credential.
  ///
  /// The same user and token are the same session: while it lives it gets the times of the new draft, by one write that
  /// no other can be lost in; one that has ended makes room for a new one. However many do so at once, one session is
  /// left. A token of this service's own is refused: it is another session's credential.
  public func open(_ draft: CarriedDraft, by actor: Actor) async throws(StoreError) -> CarriedOpenVerdict {
    if let refusal = policy.refusal(of: draft) { return .refused(refusal) }
    let places = places(of: draft.token, user: draft.userID)
    guard !isOwn(draft.token), let place = places.first else {
      return .refused(.invalid(member: "token", reason: "must not be a token of this service's own"))
    }
    if policy.liveLimit != nil { try await flushTouches() }
    // After a rotation of the keys the same token may have opened a session under a former one.
    var former: [SessionID] = []
    for place in places.dropFirst() {
      guard let session = try await load(place.id, fresh: true), place.isKept(by: session),
        session.isAlive(at: clock.now())
      else { continue }
      former.append(session.id)
    }
    var verdict = try await open(draft, at: place, by: actor)
    for id in former { _ = try await close(id, reason: .revoked, by: actor) }
    if case .refused(.limitReached) = verdict, !former.isEmpty {
      verdict = try await open(draft, at: place, by: actor)
    }
    return verdict
  }

  private func open(
    _ draft: CarriedDraft, at place: CarriedTokenCodec.Place, by actor: Actor
  ) async throws(StoreError) -> CarriedOpenVerdict {
    var found: Session?
    while true {
      let now = clock.now()
      if let current = found, current.isAlive(at: now) {
        guard place.isKept(by: current) else {
          throw StoreError(.corrupt, "The place of a session with a caller's token is another's.")
        }
        let next = replacement(of: current, by: draft, at: place, now: now)
        if try await replace(current, with: next, as: .updated, by: actor, at: now) {
          return .opened(next, evicted: [])
        }
      } else {
        let session = newSession(from: draft, at: place, after: found, now: now)
        switch try await insert(session, by: actor, at: now) {
        case .inserted(let closed):
          cache.refresh(closed)
          if let found, found.closeTime == nil {
            tell(.closed(found.deadlineReason), of: found, at: found.deadline, by: Actor(.reaper))
          }
          tell(.opened, of: session, at: now, by: actor)
          tell(closing: closed, for: .evicted, at: now, by: Actor(.policy))
          return .opened(session, evicted: closed.filter { !$0.isClosedAsExpired })
        case .limitReached:
          return .refused(.limitReached(maximum: policy.liveLimit?.maximum ?? 0))
        case .duplicate: break
        }
      }
      // Somebody was there first; what is there now decides.
      found = try await load(place.id, fresh: true)
    }
  }

  /// A session at a place where one may have been before.
  ///
  /// Its generation and revision begin beyond all of an earlier life, whether or not anything is left of that: a token
  /// derived for the earlier one is none of this one, and no cache takes the earlier one for the newer.
  private func newSession(
    from draft: CarriedDraft, at place: CarriedTokenCodec.Place, after earlier: Session?, now: Timestamp
  ) -> Session {
    var session = Session(
      id: place.id, userID: draft.userID, openTime: draft.openTime, idleTimeout: draft.lifetime,
      lifetime: draft.lifetime)
    session.requestTime = max(now, draft.openTime)
    session.generation = UInt32(clamping: now.milliseconds / 1000)
    session.revision = max(1, now.milliseconds)
    if let earlier {
      session.generation = UInt32(clamping: max(Int64(session.generation), Int64(earlier.generation) + 2))
      session.revision = max(session.revision, earlier.revision < .max ? earlier.revision + 1 : .max)
    }
    session.carried = carried(draft, at: place, generation: session.generation)
    return session
  }

  private func replacement(
    of session: Session, by draft: CarriedDraft, at place: CarriedTokenCodec.Place, now: Timestamp
  ) -> Session {
    var next = session
    next.openTime = draft.openTime
    next.requestTime = max(session.requestTime, now, draft.openTime)
    next.idleTimeout = draft.lifetime
    next.lifetime = draft.lifetime
    next.carried = carried(draft, at: place, generation: session.generation)
    next.revision += next.revision < .max ? 1 : 0
    return next
  }

  private func carried(
    _ draft: CarriedDraft, at place: CarriedTokenCodec.Place, generation: UInt32
  ) -> CarriedToken {
    carriedTokens.carried(draft.text, at: place, generation: generation, nonce: random.nonce())
  }
}
