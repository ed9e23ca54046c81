import DialectKit
import HTTPMessages
import HTTPRouting
import JSON
import SessionCore

extension SessionService {
  func getSession(_ request: RoutedRequest) async throws(Problem) -> HTTPResponse {
    guard let userID = request.query["user_id"] else { throw .invalid("user_id", "is missing") }
    var filter = SessionFilter()
    filter.userID = ExactText(userID)
    filter.isAlive = true
    let query = SessionQuery(filter, limit: 1, includesContents: true)
    let page = try await Problem.storing { () async throws(StoreError) in try await sessions.sessions(matching: query) }
    guard let session = page.sessions.first, session.isAlive(at: sessions.clock.now()) else {
      return ServiceAnswer.failure(saying: "The user has no active session.")
    }
    return ServiceAnswer.success { kept(session).write(into: &$0) }
  }

  private func kept(_ session: Session) -> KeptSession {
    KeptSession(session, sealed: sessions.carriedText(of: session), derived: sessions.token(for: session))
  }

  func verify(_ request: RoutedRequest) async throws(Problem) -> HTTPResponse {
    let (userID, token) = Self.credentials(request)
    let times = SessionTimes(request.body?.root)
    if !times.errors.isEmpty { throw .invalid(times.errors) }
    let found = try await Problem.storing { () async throws(StoreError) in try await session(of: userID, token) }
    let isRight = found.map { times.match(kept($0)) } ?? false
    return ServiceAnswer.success { $0.string(isRight ? "true" : "false") }
  }

  /// The live session whose token it is: one that this service made, or one that a caller brought along.
  private func session(of userID: ExactText, _ token: [UInt8]) async throws(StoreError) -> Session? {
    switch try await sessions.verify(token, touching: false) {
    case .active(let session):
      // Only now is it known to be a request of that session.
      return session.userID == userID ? try await sessions.session(session.id, touching: true) : nil
    case .refused(.malformed, _, _), .refused(.forged, _, _): break
    case .refused: return nil
    }
    guard case .active(let session) = try await sessions.verifyCarried(token, of: userID) else { return nil }
    return session
  }

  func create(_ request: RoutedRequest) async throws(Problem) -> HTTPResponse {
    let (userID, token) = Self.credentials(request)
    var times = SessionTimes(request.body?.root)
    if !times.errors.isEmpty { throw .invalid(times.errors) }
    let (begin, lifetime) = times.life(
      now: sessions.clock.now(), standard: self.lifetime, ceiling: sessions.policy.lifetimeCeiling)
    if !times.errors.isEmpty { throw .invalid(times.errors) }
    let draft = CarriedDraft(
      userID: userID, token: token,
      text: KeptSession.sealed(request.body?.root["token"]?.text ?? .null, times), openTime: begin, lifetime: lifetime)
    let verdict = try await Problem.storing { () async throws(StoreError) in
      try await sessions.open(draft, by: request.service)
    }
    switch verdict {
    case .opened(let session, evicted: _): return ServiceAnswer.success { kept(session).write(into: &$0) }
    case .refused(.invalid(let member, let reason)): throw .invalid(member, reason)
    case .refused(.limitReached(let maximum)):
      return ServiceAnswer.failure(
        saying: "The user has \(maximum) live sessions already, as many as the policy allows.")
    }
  }

  private static func credentials(_ request: RoutedRequest) -> (userID: ExactText, token: [UInt8]) {
    let body = request.body?.root
    return (ExactText(body?["user_id"]?.string ?? ""), body?["token"]?.utf8String ?? [])
  }
}
