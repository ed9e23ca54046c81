import Accounts
import DialectKit
import HTTPMessages
import HTTPRouting
import IdentityTokens
import SessionCore

extension Gateway {
  /// The answer when the cache did not suffice.
  ///
  /// A cookie that is good for nothing is not taken away: of a page's many requests a late one may carry the cookie
  /// from before a renewal, and must not cost the page the new one.
  func answer(_ request: RoutedRequest) async throws(Problem) -> HTTPResponse {
    let credential = Credential(of: request.request, cookies: cookies)
    let found = try await Problem.storing { () async throws(StoreError) -> (Session, Standing)? in
      guard let session = try await session(of: credential) else { return nil }
      return (session, try await standing(of: session.userID))
    }
    guard let (session, standing) = found, standing != .inactive else { throw .unauthorizedUser }
    guard standing.reaches(request.query["level"].flatMap(AccountLevel.init)) else { throw .levelRequired }
    var fields = [
      HTTPField(name: Array("X-Sesame-User".utf8), value: HeaderText.encoded(session.userID.string)),
      HTTPField(name: Array("X-Sesame-Session".utf8), value: session.id.text),
    ]
    if let level = standing.level { fields.append(HTTPField("X-Sesame-Level", level.rawValue)) }
    return HTTPResponse(status: .ok, fields: fields)
  }

  private func session(of credential: Credential) async throws(StoreError) -> Session? {
    let token: [UInt8]
    switch credential {
    case .none, .malformed: return nil
    case .cookie(let text): token = text
    case .bearer(let text):
      if let signedTokens, !text.starts(with: "sst_".utf8) { return try await session(of: text, by: signedTokens) }
      token = text
    }
    guard case .active(let session) = try await sessions.verify(token) else { return nil }
    return session
  }

  /// The session that a signed token names: such a token ends with it, whatever its own time says.
  private func session(of token: [UInt8], by signedTokens: SignedTokens) async throws(StoreError) -> Session? {
    guard case .genuine(let claims) = signedTokens.read(token, now: sessions.clock.now()),
      let session = try await sessions.session(claims.sessionID, touching: true), claims.stands(for: session)
    else { return nil }
    return session
  }

  private func standing(of userID: ExactText) async throws(StoreError) -> Standing {
    Standing(try await accounts?.account(ofUser: userID))
  }
}

extension Problem {
  /// 403, for an account below the level that the route asks for.
  static let levelRequired = Problem(
    .forbidden, .levelRequired, "This needs the session of an account of a higher level.")
}
