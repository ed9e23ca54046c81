import Accounts
import DialectKit
import HTTPMessages
import HTTPRouting
import SessionCore

extension SesameAPI {
  /// The session of the token that the request carries; counts as a request of it.
  func ownSession(
    _ request: RoutedRequest, fresh: Bool = false, touching: Bool = true
  ) async throws(Problem) -> (session: Session, isByCookie: Bool) {
    let credential = Credential(of: request.request, cookies: cookies)
    guard let token = credential.token else { throw .unauthorizedUser }
    let verification = try await Problem.storing { () async throws(StoreError) in
      try await sessions.verify(token, fresh: fresh, touching: touching)
    }
    guard case .active(let session) = verification, try await holder(of: session)?.profile.isActive != false else {
      throw refusal(of: credential)
    }
    return (session, credential.isCookie)
  }

  /// The account of a session's user; `nil` for a user who has none here.
  ///
  /// One that is not active opens nothing, whatever becomes of its sessions.
  func holder(of session: Session) async throws(Problem) -> Account? {
    try await Problem.storing { () async throws(StoreError) in try await accounts.account(ofUser: session.userID) }
  }

  /// The same for a request that changes something: a token that came by cookie needs proof that no other site sent it.
  func ownSessionForChange(
    _ request: RoutedRequest
  ) async throws(Problem) -> (session: Session, isByCookie: Bool) {
    let own = try await ownSession(request, touching: false)
    if own.isByCookie {
      try CrossSiteGuard.check(
        request.request, isSecure: request.caller.isSecure, session: own.session.id, sessions,
        crossOrigin: gate.crossOrigin)
    }
    return own
  }

  /// Proof for a renewal.
  ///
  /// A token that was renewed already names its session too: presenting it again may close the session, so that a
  /// foreign page must not be able to do it.
  func checkCrossSite(_ request: RoutedRequest, _ token: [UInt8]) async throws(Problem) {
    let verification = try await Problem.storing { () async throws(StoreError) in
      try await sessions.verify(token, touching: false)
    }
    switch verification {
    case .active(let session), .refused(_, _, let session?):
      try CrossSiteGuard.check(
        request.request, isSecure: request.caller.isSecure, session: session.id, sessions,
        crossOrigin: gate.crossOrigin)
    case .refused: throw refusal(of: .cookie(token))
    }
  }

  /// 401; a cookie that is good for nothing is taken away.
  func refusal(of credential: Credential) -> Problem {
    var problem = Problem.unauthorizedUser
    if credential.isCookie { problem.fields.append(cookies.clearing) }
    return problem
  }
}

extension Credential {
  /// The token, if there is one that can be verified.
  var token: [UInt8]? {
    switch self {
    case .bearer(let token), .cookie(let token): token
    case .none, .malformed: nil
    }
  }

  var isCookie: Bool {
    if case .cookie = self { true } else { false }
  }
}
