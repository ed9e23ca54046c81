import Accounts
import DialectKit
import HTTPMessages
import HTTPRouting
import JSON
import SessionCore

extension Memento {
  func logIn(_ request: RoutedRequest) async throws(Problem) -> HTTPResponse {
    defer { events.wake() }
    let body = request.body?.root
    guard let idToken = body?["idtoken"]?.utf8String else { throw .invalid("idtoken", "is missing") }
    var context = LoginContext(
      actor: request.user, address: request.caller.address, userAgent: Self.userAgent(of: request.request),
      presented: try await presented(body))
    context.userContents = { LoggedInUser($0).json }
    let wanted = context
    let nonce = body?["nonce"]?.string
    let verdict = try await Problem.storing { () async throws(StoreError) in
      try await logins.logIn(idToken: idToken, nonce: nonce, as: wanted)
    }
    switch verdict {
    case .opened(let session, let token, let account): return shown(session, token, account)
    case .refused: throw .refusedLogin
    case .wait(let wait):
      throw Problem(HTTPStatus(429), .tooManyAttempts, "There were too many attempts.", fields: [Self.retryAfter(wait)])
    case .busy(let wait):
      throw Problem(
        .serviceUnavailable, .busy, "The issuer's keys can't be had now.", fields: [Self.retryAfter(wait)])
    case .limitReached: throw Problem(.conflict, .sessionLimit, "The user has as many live sessions as may be.")
    case .invalid("id_token", let reason): throw .invalid("idtoken", reason)
    case .invalid(let member, let reason): throw .invalid(member, reason)
    }
  }

  /// The live session whose token came along: it ends once another takes its place, and is never taken over.
  private func presented(_ body: JSONValue?) async throws(Problem) -> SessionID? {
    guard let token = try SessionParameter.token(in: body) else { return nil }
    let verification = try await Problem.storing { () async throws(StoreError) in
      try await sessions.verify(token, touching: false)
    }
    guard case .active(let session) = verification else { return nil }
    return session.id
  }

  func renew(_ request: RoutedRequest) async throws(Problem) -> HTTPResponse {
    let body = request.body?.root
    guard let token = try SessionParameter.token(in: body) else { throw .invalid("sesionid", "is missing") }
    let verification = try await Problem.storing { () async throws(StoreError) in
      try await sessions.verify(token, touching: false)
    }
    let found: Session
    switch verification {
    // A token that was renewed before names its session, too: presenting it again may end the session.
    case .active(let session), .refused(_, _, let session?): found = session
    case .refused: throw .refusedSession
    }
    guard let time = body?["mmtCreacion"]?.utf8String.flatMap({ Timestamp(rfc3339: $0) }), time == found.openTime else {
      throw .refusedSession
    }
    let account = try await activeAccount(of: found)
    let verdict = try await Problem.storing { () async throws(StoreError) in
      try await sessions.renew(token, by: request.user)
    }
    guard case .renewed(let session, let next) = verdict else { throw .refusedSession }
    return shown(session, next, account)
  }

  /// What both functions answer.
  private func shown(_ session: Session, _ token: SessionToken, _ account: Account?) -> HTTPResponse {
    let user = LoggedInUser(of: session, account)
    return .json { json in
      json.beginObject()
      json.member("sesionid", utf8: token.text)
      user.writeMembers(into: &json)
      json.member("mmtCreacion", utf8: session.openTime.rfc3339)
      json.endObject()
    }
  }

  /// The User-Agent, as much of it as a session may keep; none if it is not text or not one.
  private static func userAgent(of request: HTTPRequest) -> ExactText? {
    guard let bytes = request.field("user-agent"), !bytes.isEmpty,
      let text = String(validating: bytes.prefix(SessionPolicy.userAgentLimit), as: UTF8.self)
    else { return nil }
    return ExactText(text)
  }

  /// The wait in whole seconds, at least one: who comes back a moment too soon is refused again.
  private static func retryAfter(_ wait: TimeSpan) -> HTTPField {
    let (seconds, rest) = wait.milliseconds.quotientAndRemainder(dividingBy: 1000)
    return HTTPField("Retry-After", "\(max(1, rest == 0 ? seconds : seconds + 1))")
  }
}
