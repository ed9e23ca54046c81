public import SessionCore

extension SessionModel {
  /// Opens a session.
  ///
  /// - Parameters:
  ///   - uniqueIdentifier: whose session: 1 to 255 bytes.
  ///   - userAgent: the User-Agent of the user's request, at most 2048 bytes.
  ///   - status: a status of the caller's own, at most 1024 bytes.
  ///   - type: what the session is for, such as "signup"; at most 1024 bytes.
  ///   - actor: who asks, for the log.
  /// - Returns: the session with its first cookie.
  /// - Throws: `badRequest` for a parameter out of bounds, `conflict` if the policy lets the user have no more
  ///   sessions, `internalServerError` if the store fails.
  public func create(
    uniqueIdentifier: String, userAgent: String, status: String? = nil, type: String? = nil,
    by actor: Actor = Actor(.service)
  ) async throws(SessionModelError) -> IssuedSession {
    var draft = SessionDraft(userID: ExactText(uniqueIdentifier))
    draft.userAgent = ExactText(userAgent)
    draft.status = status.map { ExactText($0) }
    draft.kind = type.map { ExactText($0) }
    draft.lifetime = min(lifetime, sessions.policy.lifetimeCeiling)
    // The original has no idle time: a session lives out its lifetime.
    draft.idleTimeout = min(lifetime, sessions.policy.idleTimeoutCeiling)
    let wanted = draft
    let verdict = try await storing { () async throws(StoreError) in try await sessions.open(wanted, by: actor) }
    switch verdict {
    case .opened(let session, let token, evicted: _):
      return IssuedSession(session, cookie: cookie(of: session, token: token.text))
    case .refused(.invalid(let member, let reason)): throw SessionModelError(invalid: member, reason)
    case .refused(.limitReached(let maximum)):
      throw SessionModelError(
        .conflict, "The user has \(maximum) live sessions already, as many as the policy allows.")
    }
  }

  /// Finds a live session by everything that is known of it; counts as a request of it.
  ///
  /// All texts are compared by their bytes.
  ///
  /// - Parameters:
  ///   - sid: the session's id.
  ///   - uniqueIdentifier: whose session it is.
  ///   - userAgent: the User-Agent that it was opened with.
  ///   - cookie: the `data` that was issued last.
  ///   - status: its status; `nil` matches only a session that has none.
  ///   - type: what it is for; `nil` matches only a session of no type.
  /// - Returns: the unique identifier of its user.
  /// - Throws: `unauthorized` if nothing matches, the same whatever does not; `internalServerError` if the store fails.
  public func find(
    sid: String, uniqueIdentifier: String, userAgent: String, cookie: String, status: String? = nil,
    type: String? = nil
  ) async throws(SessionModelError) -> String {
    guard let id = SessionID(sid), let found = try await session(id, touching: false),
      found.userID == ExactText(uniqueIdentifier), found.userAgent == ExactText(userAgent),
      found.status == status.map({ ExactText($0) }), found.kind == type.map({ ExactText($0) }),
      isCurrent(Array(cookie.utf8), of: found),
      // Only a session that is proved gets its request counted; it may have ended or changed by then.
      let counted = try await session(id, touching: true), counted.generation == found.generation
    else { throw .unauthorized }
    return counted.userID.string
  }

  /// Sets a session's status and issues its next cookie; the former one is not good any more, in any interface.
  ///
  /// Of parallel calls each issues a cookie, and only the last one's is good.
  ///
  /// - Parameters:
  ///   - sid: the session's id.
  ///   - uniqueIdentifier: whose session it is.
  ///   - status: the new status, at most 1024 bytes; `nil` leaves it with none.
  ///   - type: what it is for; `nil` matches only a session of no type.
  ///   - actor: who asks, for the log.
  /// - Returns: the session with its new cookie.
  /// - Throws: `unauthorized` if no live session matches, `badRequest` for a status out of bounds,
  ///   `internalServerError` if the store fails.
  public func update(
    sid: String, uniqueIdentifier: String, status: String? = nil, type: String? = nil,
    by actor: Actor = Actor(.service)
  ) async throws(SessionModelError) -> IssuedSession {
    guard let id = SessionID(sid) else { throw .unauthorized }
    let (userID, kind) = (ExactText(uniqueIdentifier), type.map { ExactText($0) })
    let verdict = try await storing { () async throws(StoreError) in
      try await sessions.reissue(id, by: actor, where: { $0.userID == userID && $0.kind == kind }) {
        $0.status = status.map { ExactText($0) }
      }
    }
    switch verdict {
    case .reissued(let session, let token):
      return IssuedSession(session, cookie: cookie(of: session, token: token.text))
    case .refused: throw .unauthorized
    case .invalid(let member, let reason): throw SessionModelError(invalid: member, reason)
    }
  }

  /// The session, if it lives.
  private func session(_ id: SessionID, touching: Bool) async throws(SessionModelError) -> Session? {
    let session = try await storing { () async throws(StoreError) in
      try await sessions.session(id, touching: touching)
    }
    return session?.closeTime == nil ? session : nil
  }

  /// Whether a text is the session's last cookie, and its time is not over.
  private func isCurrent(_ text: [UInt8], of session: Session) -> Bool {
    // The token that is shown, not one that is made: its key may have been rotated out of signing since.
    guard let token = IssuedCookie.token(in: text), sessions.isCurrentToken(token, of: session) else { return false }
    let cookie = cookie(of: session, token: token)
    return cookie.isEqual(text) && sessions.clock.now() < cookie.expires
  }

  private func cookie(of session: Session, token: [UInt8]) -> IssuedCookie {
    IssuedCookie(of: session, token: token, maxAge: cookieLifetime, isSecure: isSecure)
  }

  private func storing<Answer: Sendable>(
    _ body: () async throws(StoreError) -> Answer
  ) async throws(SessionModelError) -> Answer {
    do { return try await body() } catch { throw SessionModelError(error) }
  }
}
