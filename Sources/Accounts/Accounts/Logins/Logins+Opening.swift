import JSON
import SessionCore

extension Logins {
  /// How an account stands once the session is open.
  enum Standing {
    /// As it did when the user was let in; the account.
    case unchanged(Account)
    /// Not so any more, and why.
    case changed(cause: String)
    /// It can't be told now; come back after that long.
    case busy(retryAfter: TimeSpan)
  }

  /// What a session would be opened from.
  func draft(of account: Account?, method: ExactText, as context: LoginContext) -> SessionDraft {
    var draft = SessionDraft(userID: account?.id.userID ?? "0")
    if let profile = account?.profile { draft.userName = profile.name ?? profile.username ?? profile.email?.text }
    draft.address = context.address.isEmpty ? nil : ExactText(context.address)
    draft.client = context.client
    draft.userAgent = context.userAgent
    draft.kind = context.kind
    draft.isRemembered = context.isRemembered
    draft.idleTimeout = context.idleTimeout
    draft.lifetime = context.lifetime
    draft.loginMethod = context.purpose.map { ExactText("\($0).\(method.string)") } ?? method
    draft.authTime = clock.now()
    return draft
  }

  /// What of a context no session can be opened from, told before anything secret is looked at; `nil` if it is fine.
  func refusal(of context: LoginContext) -> LoginVerdict? {
    guard case .invalid(let member, let reason)? = sessions.policy.refusal(of: draft(of: nil, method: "", as: context))
    else { return nil }
    return .invalid(member: member, reason: reason)
  }

  /// Opens a session, and keeps it only if the account still stands as it did.
  ///
  /// A deactivation, a removal or a new password that came before the session was in the store did not close it; one
  /// that comes later does. So the account is looked at again in between, and the token is shown only then: a process
  /// that stops here leaves a session whose token nobody has.
  func open(
    _ account: Account, method: ExactText, user: JSONText? = nil, as context: LoginContext,
    standing: () async throws(StoreError) -> Standing
  ) async throws(StoreError) -> LoginVerdict {
    if isBelow(account, context) { return try await refuse("level", account, by: context.actor) }
    let session: Session
    let token: SessionToken
    var draft = draft(of: account, method: method, as: context)
    draft.user = user
    switch try await sessions.open(draft, by: context.actor) {
    case .refused(.invalid(let member, let reason)): return .invalid(member: member, reason: reason)
    case .refused(.limitReached(let maximum)):
      _ = try await refuse("session_limit", account, by: context.actor)
      return .limitReached(maximum: maximum)
    case .opened(let new, let shown, _): (session, token) = (new, shown)
    }
    do throws(StoreError) {
      switch try await standing() {
      case .unchanged(let account) where isBelow(account, context):
        try await drop(session, for: context.actor)
        return try await refuse("level", account, session: session.id, by: context.actor)
      case .unchanged(let account):
        if let presented = context.presented, presented != session.id {
          _ = try await sessions.close(presented, reason: .logout, by: context.actor)
        }
        var event = Event(.loginSucceeded, at: clock.now(), by: context.actor, reason: method.string)
        event.sessionID = session.id
        event.userID = session.userID
        try await events.append([event])
        return .opened(session, token, account)
      case .changed(let cause):
        try await drop(session, for: context.actor)
        return try await refuse(cause, account, session: session.id, by: context.actor)
      case .busy(let retryAfter):
        try await drop(session, for: context.actor)
        return .busy(retryAfter: retryAfter)
      }
    } catch {
      // Nobody will have its token; that it could not be closed either changes nothing for the caller.
      try? await drop(session, for: context.actor)
      throw error
    }
  }

  /// Whether an account is below the level that a log-in asks for.
  private func isBelow(_ account: Account, _ context: LoginContext) -> Bool {
    context.leastLevel.map { account.profile.level < $0 } ?? false
  }

  private func drop(_ session: Session, for actor: Actor) async throws(StoreError) {
    _ = try await sessions.close(
      session.id, reason: .account, by: Actor(.policy, address: actor.address, requestID: actor.requestID))
  }
}
