import Accounts
import DialectKit
import HTTPMessages
import HTTPRouting
import JSON
import SessionCore

extension SessionsV1 {
  private static let pageLimit = 100
  /// Beyond this many no list has an end; what is asked for further on is the same empty page.
  private static let greatestSkip: Int64 = 1 << 40

  private func actor(_ request: RoutedRequest) -> Actor {
    var actor = request.service
    actor.requestID = CorrelationID.of(request.request, requestID: request.requestID)
    return actor
  }

  private func id(_ request: RoutedRequest) -> SessionID? {
    // Sessions that were imported are named as they were: by a UUID, which is 128 bits as well.
    (request.body?.root["session_id"]?.utf8String).flatMap { SessionID($0) ?? SessionID(uuid: $0) }
  }

  private func answer(_ session: Session?) -> HTTPResponse {
    guard let session else { return HTTPResponse(status: .noContent) }
    return .json { json in SessionV1.write(session, into: &json) }
  }

  func getSessions(_ request: RoutedRequest) async throws(Problem) -> HTTPResponse {
    var conditions = LooseValue(request.body?.root["filter"], "filter")
    var filter = SessionFilter()
    let id = conditions.text("id")
    filter.userID = conditions.text("user_id")
    filter.isAlive = conditions.boolean("active")
    filter.requestedFrom = conditions.time("from_time")
    filter.requestedBefore = conditions.time("to_time")
    var paging = LooseValue(request.body?.root["paging"], "paging")
    let skip = min(max(paging.integer("skip") ?? 0, 0), Self.greatestSkip)
    let take = Int(min(max(paging.integer("take") ?? Int64(Self.pageLimit), 0), Int64(Self.pageLimit)))
    let counts = paging.boolean("total") ?? false
    let errors = conditions.errors + paging.errors
    if !errors.isEmpty { throw .invalid(errors) }
    if let id {
      guard let id = SessionID(id.string) ?? SessionID(uuid: id.string.utf8) else {
        return page([], total: counts ? 0 : nil)
      }
      filter.id = id
    }
    let query = SessionQuery(
      filter, order: SessionOrder(.requested, isDescending: true), skip: Int(skip), limit: max(take, 1), counts: counts)
    let found = try await Problem.storing { () async throws(StoreError) in
      try await sessions.sessions(matching: query)
    }
    return page(take == 0 ? [] : found.sessions, total: found.count)
  }

  private func page(_ rows: [Session], total: Int?) -> HTTPResponse {
    .json { json in
      json.beginObject()
      json.name("data")
      json.beginArray()
      for session in rows { SessionV1.write(session, withContents: false, into: &json) }
      json.endArray()
      json.name("total")
      if let total { json.integer(Int64(total)) } else { json.null() }
      json.endObject()
    }
  }

  func getSession(_ request: RoutedRequest) async throws(Problem) -> HTTPResponse {
    guard let id = id(request) else { return answer(nil) }
    return answer(try await Problem.storing { () async throws(StoreError) in try await sessions.session(id) })
  }

  func openSession(_ request: RoutedRequest) async throws(Problem) -> HTTPResponse {
    let body = request.body?.root
    var draft = SessionDraft(userID: ExactText(body?["user_id"]?.string ?? ""))
    draft.userName = body?["user_name"]?.exactText
    draft.address = body?["address"]?.exactText
    draft.client = body?["client"]?.exactText
    draft.user = body?["user"]?.contents
    draft.data = body?["data"]?.contents
    let wanted = draft
    let verdict = try await Problem.storing { () async throws(StoreError) -> ServiceOpenVerdict in
      guard let accounts else { return .decided(try await sessions.open(wanted, by: actor(request))) }
      return try await accounts.open(wanted, by: actor(request))
    }
    switch verdict {
    case .inactive: throw .accountInactive
    case .decided(.opened(let session, _, evicted: _)): return answer(session)
    case .decided(.refused(.invalid(let member, let reason))): throw .invalid(member, reason)
    case .decided(.refused(.limitReached(let maximum))):
      throw Problem(
        .conflict, .sessionLimit, "The user has \(maximum) live sessions already, as many as the policy allows.")
    }
  }

  func storeData(_ request: RoutedRequest) async throws(Problem) -> HTTPResponse {
    let data = request.body?.root["data"]?.contents
    return try await update(request) { $0.data = data }
  }

  func updateUser(_ request: RoutedRequest) async throws(Problem) -> HTTPResponse {
    let user = request.body?.root["user"]?.contents
    return try await update(request) { $0.user = user }
  }

  private func update(
    _ request: RoutedRequest, _ change: @Sendable (inout SessionContents) -> Void
  ) async throws(Problem) -> HTTPResponse {
    guard let id = id(request) else { return answer(nil) }
    let verdict = try await Problem.storing { () async throws(StoreError) in
      try await sessions.update(id, touching: true, by: actor(request), change)
    }
    switch verdict {
    case .updated(let session): return answer(session)
    case .missing: return answer(nil)
    case .notAlive, .revisionMismatch: throw .sessionClosed
    case .invalid(let member, let reason): throw .invalid(member, reason)
    }
  }

  func closeSession(_ request: RoutedRequest) async throws(Problem) -> HTTPResponse {
    guard let id = id(request) else { return answer(nil) }
    let outcome = try await Problem.storing { () async throws(StoreError) in
      try await sessions.close(id, reason: .revoked, by: actor(request))
    }
    return answer(outcome?.session)
  }

  func closeExpired(_: RoutedRequest) async throws(Problem) -> HTTPResponse {
    _ = try await Problem.storing { () async throws(StoreError) in try await sessions.reap() }
    return HTTPResponse(status: .noContent)
  }

  func deleteSession(_ request: RoutedRequest) async throws(Problem) -> HTTPResponse {
    guard let id = id(request) else { return answer(nil) }
    return answer(
      try await Problem.storing { () async throws(StoreError) in try await sessions.remove(id, by: actor(request)) })
  }
}
