import Cryptography
import DialectKit
import HTTPMessages
import HTTPRouting
import JSON
import SessionCore
import SessionModel
import Testing

/// How a caller reaches the protocol; both ways must do the same.
enum SessionModelWay: String, CaseIterable, Sendable {
  case http
  case swift
}

/// The parameters of `find`.
struct FoundBy: Sendable {
  var sid: String
  var uid = "u1"
  var userAgent = "agent/1"
  var cookie: String
  var status: String?
  var type: String?
}

/// What a session was issued, however it was called.
struct Issued: Sendable {
  var sid: String
  var uid: String
  var data: String
  var type: String?

  var cookie: JSONValue? { try? JSONDocument(parsing: Array(data.utf8)).root }
  var token: String? { cookie?["token"]?.string }
  var found: FoundBy { FoundBy(sid: sid, uid: uid, cookie: data, type: type) }
}

/// The protocol on a whole service, called over HTTP or in Swift, with one kind of failure for both.
struct SessionModelWorld: Sendable {
  /// Why a call failed: the status, which in Swift is that of the code.
  struct Failure: Error, Equatable {
    var status: Int
    init(_ status: Int) { self.status = status }
  }

  let api: APIWorld
  let model: SessionModel
  let way: SessionModelWay

  init(
    _ kind: StoreKind = .memory, _ way: SessionModelWay = .http, lifetime: TimeSpan = .hours(10),
    cookieLifetime: TimeSpan = .hours(2),
    _ adjust: (inout SessionPolicy) -> Void = { _ in }
  ) async throws {
    var api = try await APIWorld(kind, adjust)
    model = SessionModel(
      api.sessions, lifetime: lifetime, cookieLifetime: cookieLifetime,
      gate: Gatekeeper(authorizer: KeyAuthorizer(api.keys, clock: api.clock)))
    api.router = Router(
      api.router.groups + model.groups, requestIDs: RequestIDSource(seed: 5, start: 6), clock: { 0 })
    self.api = api
    self.way = way
  }

  func post(_ operation: String, _ members: [(String, String?)]) async -> Answer {
    var json = JSONWriter()
    json.beginObject()
    for (name, value) in members {
      json.name(name)
      if let value { json.string(value) } else { json.null() }
    }
    json.endObject()
    return await api.send(.post, "/session_model/\(operation)", String(decoding: json.bytes, as: UTF8.self))
  }

  private func issued(_ answer: Answer) throws -> Issued {
    guard answer.status == 200 else { throw Failure(answer.status) }
    return Issued(
      sid: try #require(answer["sid"]?.string), uid: try #require(answer["uid"]?.string),
      data: try #require(answer["data"]?.string), type: answer["type"]?.string)
  }

  private func calling<Answer>(_ call: () async throws -> Answer) async throws -> Answer {
    do { return try await call() } catch let error as SessionModelError {
      switch error.code {
      case .unauthorized: throw Failure(401)
      case .conflict: throw Failure(409)
      case .internalServerError: throw Failure(500)
      case .badRequest: throw Failure(400)
      @unknown default: throw error
      }
    }
  }

  func create(
    _ uid: String = "u1", userAgent: String = "agent/1", status: String? = nil, type: String? = nil
  ) async throws -> Issued {
    switch way {
    case .http:
      return try issued(
        await post(
          "create", [("unique_identifier", uid), ("user_agent", userAgent), ("status", status), ("type", type)]))
    case .swift:
      return try await calling {
        Issued(
          try await model.create(uniqueIdentifier: uid, userAgent: userAgent, status: status, type: type))
      }
    }
  }

  func find(_ by: FoundBy) async throws -> String {
    switch way {
    case .http:
      let answer = await post(
        "find",
        [
          ("sid", by.sid), ("unique_identifier", by.uid), ("user_agent", by.userAgent), ("cookie", by.cookie),
          ("status", by.status), ("type", by.type),
        ])
      guard answer.status == 200 else { throw Failure(answer.status) }
      return try #require(answer.root?.string)
    case .swift:
      return try await calling {
        try await model.find(
          sid: by.sid, uniqueIdentifier: by.uid, userAgent: by.userAgent, cookie: by.cookie, status: by.status,
          type: by.type)
      }
    }
  }

  func update(_ sid: String, _ uid: String = "u1", status: String? = nil, type: String? = nil) async throws -> Issued {
    switch way {
    case .http:
      return try issued(
        await post("update", [("sid", sid), ("unique_identifier", uid), ("status", status), ("type", type)]))
    case .swift:
      return try await calling {
        Issued(try await model.update(sid: sid, uniqueIdentifier: uid, status: status, type: type))
      }
    }
  }

  /// How a call that must fail does.
  func failure<Answer>(of call: () async throws -> Answer) async -> Int? {
    do {
      _ = try await call()
      return nil
    } catch {
      return (error as? Failure)?.status
    }
  }
}

extension Issued {
  init(_ session: IssuedSession) {
    self.init(sid: session.sid, uid: session.uid, data: session.data, type: session.type)
  }
}
