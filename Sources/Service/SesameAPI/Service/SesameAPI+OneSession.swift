import DialectKit
import HTTPMessages
import HTTPRouting
import JSON
import SessionCore

extension SesameAPI {
  /// The session id in the path; what is not one names no session.
  private func id(_ request: RoutedRequest) throws(Problem) -> SessionID {
    guard let id = SessionID(request.parameters[0]) else { throw .noSession }
    return id
  }

  private func shown(_ session: Session) -> HTTPResponse {
    .json(fields: [EntityTag.field(session)]) { json in SessionJSON.write(session, of: sessions, into: &json) }
  }

  func show(_ request: RoutedRequest) async throws(Problem) -> HTTPResponse {
    let id = try id(request)
    let session = try await Problem.storing { () async throws(StoreError) in try await sessions.session(id) }
    guard let session else { throw .noSession }
    return shown(session)
  }

  func change(_ request: RoutedRequest) async throws(Problem) -> HTTPResponse {
    let id = try id(request)
    guard let patch = request.body?.root else { throw .invalid("", "must be an object") }
    var isExpected: (@Sendable (Int64) -> Bool)?
    if let condition = IfMatch(request.request) { isExpected = { revision in condition.isMet(by: revision) } }
    let isMeant = isExpected
    let verdict = try await Problem.storing { () async throws(StoreError) in
      try await sessions.update(id, expecting: isMeant, by: request.service) { contents in
        if let user = patch["user"] { contents.user = JSONMergePatch.apply(user, to: contents.user) }
        if let data = patch["data"] { contents.data = JSONMergePatch.apply(data, to: contents.data) }
        if let name = patch["user_name"] { contents.userName = name.exactText }
        if let status = patch["status"] { contents.status = status.exactText }
        if let kind = patch["kind"] { contents.kind = kind.exactText }
      }
    }
    switch verdict {
    case .updated(let session): return shown(session)
    case .missing: throw .noSession
    case .notAlive: throw .sessionClosed
    case .revisionMismatch(let session): throw Self.mismatch(session)
    case .invalid(let member, let reason): throw .invalid(member, reason)
    }
  }

  private static func mismatch(_ session: Session) -> Problem {
    Problem(
      .preconditionFailed, .revisionMismatch, "The session is at revision \(session.revision).",
      fields: [EntityTag.field(session)])
  }

  /// Throws unless If-Match, if there is one, names the session's revision.
  ///
  /// Looked at before the session ends, not in one step with it: ending is final, whoever else changes the session
  /// meanwhile.
  private func checkIfMatch(_ request: RoutedRequest, _ id: SessionID) async throws(Problem) {
    guard let condition = IfMatch(request.request) else { return }
    let session = try await Problem.storing { () async throws(StoreError) in try await sessions.session(id) }
    guard let session else { throw .noSession }
    if !condition.isMet(by: session.revision) { throw Self.mismatch(session) }
  }

  func remove(_ request: RoutedRequest) async throws(Problem) -> HTTPResponse {
    let id = try id(request)
    try await checkIfMatch(request, id)
    let removed = try await Problem.storing { () async throws(StoreError) in
      try await sessions.remove(id, by: request.service)
    }
    guard removed != nil else { throw .noSession }
    return HTTPResponse(status: .noContent)
  }

  func close(_ request: RoutedRequest) async throws(Problem) -> HTTPResponse {
    let id = try id(request)
    let reason = (request.body?.root["reason"]?.string).flatMap(CloseReason.init) ?? .revoked
    try await checkIfMatch(request, id)
    let outcome = try await Problem.storing { () async throws(StoreError) in
      try await sessions.close(id, reason: reason, by: request.service)
    }
    guard let outcome else { throw .noSession }
    return shown(outcome.session)
  }
}
