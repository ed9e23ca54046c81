import Accounts
import DialectKit
import HTTPMessages
import HTTPRouting
import JSON
import SessionCore

extension SesameAPI {
  func showOwn(_ request: RoutedRequest) async throws(Problem) -> HTTPResponse {
    let (session, isByCookie) = try await ownSession(request, fresh: request.query.isTrue("fresh"))
    return .json { json in
      json.beginObject()
      SessionJSON.writeMembers(of: session, into: &json)
      if isByCookie { json.member("csrf_token", utf8: sessions.csrfToken(for: session.id)) }
      json.endObject()
    }
  }

  func renewOwn(_ request: RoutedRequest) async throws(Problem) -> HTTPResponse {
    let credential = Credential(of: request.request, cookies: cookies)
    guard let token = credential.token else { throw .unauthorizedUser }
    if credential.isCookie { try await checkCrossSite(request, token) }
    let verdict = try await Problem.storing { () async throws(StoreError) in
      try await sessions.renew(token, by: request.user)
    }
    guard case .renewed(let session, let next) = verdict, try await holder(of: session)?.profile.isActive != false
    else {
      throw refusal(of: credential)
    }
    return handedOver(.ok, next, of: session, byCookie: credential.isCookie)
  }

  func logOut(_ request: RoutedRequest) async throws(Problem) -> HTTPResponse {
    let (session, isByCookie) = try await ownSessionForChange(request)
    _ = try await Problem.storing { () async throws(StoreError) in
      try await sessions.close(session.id, reason: .logout, by: request.user)
    }
    return HTTPResponse(status: .noContent, fields: isByCookie ? [cookies.clearing] : [])
  }

  func listOwn(_ request: RoutedRequest) async throws(Problem) -> HTTPResponse {
    let (own, _) = try await ownSession(request)
    var filter = SessionFilter()
    filter.userID = own.userID
    filter.isAlive = true
    return try await page(of: filter, .newest, request, []) { session, json in
      json.beginObject()
      SessionJSON.writeMembers(of: session, [], into: &json)
      json.member("current", session.id == own.id)
      json.endObject()
    }
  }

  func logOutElsewhere(_ request: RoutedRequest) async throws(Problem) -> HTTPResponse {
    let (own, _) = try await ownSessionForChange(request)
    let count = try await Problem.storing { () async throws(StoreError) in
      try await sessions.closeAll(of: own.userID, except: own.id, reason: .logout, by: request.user)
    }
    return .json { json in
      json.beginObject()
      json.member("count", Int64(count))
      json.endObject()
    }
  }

  func closeOwn(_ request: RoutedRequest) async throws(Problem) -> HTTPResponse {
    let (own, isByCookie) = try await ownSessionForChange(request)
    guard let id = SessionID(request.parameters[0]) else { throw .noSession }
    let isClosed = try await Problem.storing { () async throws(StoreError) in
      // Whether another user's session exists is nobody's business: it is missing all the same.
      guard let session = try await sessions.session(id), session.userID == own.userID else { return false }
      return try await sessions.close(id, reason: .logout, by: request.user)?.isClosedNow ?? false
    }
    guard isClosed else { throw .noSession }
    return HTTPResponse(status: .noContent, fields: isByCookie && id == own.id ? [cookies.clearing] : [])
  }
}
