import Accounts
import DialectKit
import HTTPRouting
import IdentityTokens
import JSON
import SessionCore

/// What makes and ends tokens.
extension CerberusSessions {
  func created(email: String, password: String, _ context: LoginContext) async throws(Problem) -> CerberusReply {
    defer { events?.wake() }
    var timed = context
    timed.lifetime = settings.expiration
    // The original knew no idle time: a session lives for its expiration whether or not it is used, as far as the
    // policy lets it.
    timed.idleTimeout = settings.expiration.map { min($0, core.policy.idleTimeoutCeiling) }
    let wanted = timed
    let verdict = try await Problem.storing { () async throws(StoreError) in
      try await logins.logIn(email: email, password: password, as: wanted)
    }
    switch verdict {
    case .opened(let session, let token, let account): return .created(shown(token, for: session, account))
    case .refused, .invalid(member: "password", _): throw .noMatch
    case .invalid(member: "email", _): throw .invalidEmail
    case .invalid(let member, let reason): throw .invalid(member == "address" ? "ip" : member, reason)
    case .wait(let wait): throw .guessed(retryAfter: wait)
    case .busy(let wait): throw .overloaded(retryAfter: wait)
    case .limitReached(let maximum): throw .tooManySessions(maximum)
    }
  }

  func renewed(_ userID: ExactText, session id: String?, by actor: Actor) async throws(Problem) -> CerberusReply {
    let session = try await liveSession(of: userID, id: id)
    let account = try await account(of: session, fresh: false)
    guard case .stateful = settings.kind else {
      return .created(shown(core.token(for: session), for: session, account))
    }
    let verdict = try await Problem.storing { () async throws(StoreError) in
      try await core.renew(session: session.id, by: actor)
    }
    guard case .renewed(_, let token) = verdict else { throw .sessionGone }
    return .created(token.text)
  }

  func revoked(_ userID: ExactText, by actor: Actor) async throws(Problem) -> CerberusReply {
    guard case .stateful = settings.kind else { throw .notRevocable }
    _ = try await Problem.storing { () async throws(StoreError) in
      try await core.closeAll(of: userID, reason: .revoked, by: actor)
    }
    return .revoked
  }

  /// The session that `renew` means, which must be that user's and alive; counts as a request of it.
  private func liveSession(of userID: ExactText, id: String?) async throws(Problem) -> Session {
    let found = try await Problem.storing { () async throws(StoreError) -> Session? in
      if let id {
        guard let id = SessionID(id) else { return nil }
        return try await core.session(id)
      }
      var filter = SessionFilter()
      filter.userID = userID
      filter.isAlive = true
      return try await core.sessions(matching: SessionQuery(filter, limit: 1)).sessions.first
    }
    guard let found, found.userID == userID, found.closeTime == nil else { throw .sessionGone }
    return found
  }

  /// The token as the settings want it.
  private func shown(_ token: SessionToken, for session: Session, _ account: Account?) -> [UInt8] {
    guard case .stateless = settings.kind else { return token.text }
    var json = JSONWriter()
    CerberusUser(account, of: session).write(into: &json)
    return signed.token(
      for: session, level: account?.profile.level.rawValue, user: JSONText(uncheckedMinified: json.bytes),
      now: core.clock.now())
  }
}
