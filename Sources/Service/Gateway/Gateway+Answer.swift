import Accounts
import DialectKit
import HTTPMessages
import HTTPRouting
import SessionCore

extension Gateway {
  /// The answer when the cache did not suffice.
  ///
  /// A cookie that is good for nothing is not taken away: of a page's many requests a late one may carry the cookie
  /// from before a renewal, and must not cost the page the new one.
  func answer(_ request: RoutedRequest) async throws(Problem) -> HTTPResponse {
    let token: [UInt8]
    switch Credential(of: request.request, cookies: cookies) {
    case .bearer(let text), .cookie(let text): token = text
    case .none, .malformed: throw .unauthorizedUser
    }
    let found = try await Problem.storing { () async throws(StoreError) -> (Session, Standing)? in
      guard case .active(let session) = try await sessions.verify(token) else { return nil }
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

  private func standing(of userID: ExactText) async throws(StoreError) -> Standing {
    Standing(try await accounts?.account(ofUser: userID))
  }
}

extension Problem {
  /// 403, for an account below the level that the route asks for.
  static let levelRequired = Problem(
    .forbidden, .levelRequired, "This needs the session of an account of a higher level.")
}
