import DialectTesting
import HTTPMessages
import HTTPRouting
import HTTPTesting
import JSON
import SessionCore
import SessionModel
import Synchronization
import Testing

extension DialectWorld {
  /// A whole service with every dialect.
  static func api(_ kind: StoreKind) async throws -> DialectWorld {
    var api = try await APIWorld(kind)
    let model = SessionModel(api.sessions)
    api.router = Router(
      api.router.groups + model.groups, requestIDs: RequestIDSource(seed: 5, start: 6), clock: { 0 })
    let world = api
    // The first account becomes an administrator, and must be none of those that are tried.
    try await api.account(#""username":"root""#)
    let users = DialectUsers(world)
    return DialectWorld(
      client: DialectClient { request in await world.respond(request) }, sessions: api.sessions, clock: api.clock,
      dialects: [
        .sesame(world, users), .cerberus(world, users), .sessionModel(world), .sessionService(world),
        .sessionsV1(world), .memento(world, users),
      ],
      makeUser: { try await users.make() }, setFailing: { world.failure.set($0 ? .unavailable : nil) },
      innerText: "secret inner text")
  }
}

/// Users whom every dialect can open sessions for: accounts with an address, a password and a link.
final class DialectUsers: Sendable {
  private struct State {
    var subjects: [String: String] = [:]
    var tokens = 0
  }

  private let api: APIWorld
  private let state = Mutex(State())

  init(_ api: APIWorld) { self.api = api }

  /// Makes an account; its id.
  func make() async throws -> String {
    let number = state.withLock { state in
      state.tokens += 1
      return state.tokens
    }
    let subject = "s\(number)"
    let account = try await api.account(
      #""email":"\#(subject)@example.org","name":"\#(subject)","password":"long enough","#
        + #""links":[{"issuer":"https://issuer.example","subject":"\#(subject)"}]"#)
    let id = "\(try #require(account["id"]?.integer))"
    state.withLock { $0.subjects[id] = subject }
    return id
  }

  /// An id token of a user that was not used before.
  func idToken(of userID: String) -> String {
    state.withLock { state in
      state.tokens += 1
      return "good:\(state.subjects[userID] ?? "nobody"):\(state.tokens)@example.org"
    }
  }

  /// The address of another client each time: wrong passwords count against each.
  func address() -> String {
    state.withLock { state in
      state.tokens += 1
      return "10.0.\(state.tokens / 250 % 250).\(state.tokens % 250)"
    }
  }

  /// The address of a user.
  func email(of userID: String) -> String {
    state.withLock { "\($0.subjects[userID] ?? "nobody")@example.org" }
  }
}

extension APIWorld {
  /// Answers as a server does: on the fast path if that will do, a stream read to its end.
  func respond(_ request: HTTPRequest) async -> HTTPResponse {
    var buffer = HTTPResponseBuffer()
    if request.withView({ router.respondAtOnce(to: $0, into: &buffer) }) {
      // How it was answered is nobody's business: the date of the engine is the only field it could differ in.
      return Answer(sent: buffer.bytes).response
    }
    return await router.respond(to: request)
  }
}
