import Accounts
import DialectKit
import HTTPMessages
import HTTPRouting
import HTTPTesting
import IdentityTokens
import SesameAPI
import SessionCore
import Synchronization
import Workload

/// Requests through the router of `/v2`, without sockets; on a store in memory.
let routingBenchmarks: [Benchmark] = [
  Benchmark(name: "route.verify.at-once", summary: "GET /v2/session on the fast path, answer written") { scale in
    let world = try await RoutedWorld(scale)
    return Prepared { count in
      var buffer = HTTPResponseBuffer()
      let isRefused = world.verification.withView { request in
        for _ in 0..<count {
          buffer.removeAll()
          guard world.router.respondAtOnce(to: request, into: &buffer) else { return true }
        }
        return false
      }
      if isRefused { throw Unexpected("the fast path did not answer") }
    }
  },
  Benchmark(name: "route.copy", summary: "a request copied for the slow path") { scale in
    let request = try await RoutedWorld(scale).verification
    return Prepared { count in
      let bytes = request.withView { view in
        var bytes = 0
        for _ in 0..<count { bytes += view.copy().path.count }
        return bytes
      }
      if bytes == 0 { throw Unexpected("a copy has no path") }
    }
  },
  Benchmark(name: "route.verify", summary: "GET /v2/session on the slow path, answer written") { scale in
    let world = try await RoutedWorld(scale)
    return Prepared { count in try await world.send(count, .ok) { _ in world.verification } }
  },
  Benchmark(name: "route.open", summary: "POST /v2/sessions, answer written") { scale in
    let world = try await RoutedWorld(scale)
    let request = RoutedWorld.request(.post, "/v2/sessions", body: #"{"user_id":"load-000001"}"#)
    return Prepared(limit: 50_000) { count in try await world.send(count, .created) { _ in request } }
  },
  Benchmark(name: "route.renew", summary: "POST /v2/session/renew, answer written") { scale in
    let world = try await RoutedWorld(scale)
    let opened = Mutex(world.world.opened)
    let requests = Mutex<[HTTPRequest]>([])
    return Prepared(
      limit: 50_000,
      refill: { count in
        // Tokens are computed: a request can be made before the one that it follows is answered.
        let next = opened.withLock { opened in
          (0..<count).map { number in
            let index = number % opened.count
            let token = world.world.sessions.token(for: opened[index]).text
            opened[index].generation += 1
            return RoutedWorld.request(.post, "/v2/session/renew", bearer: token)
          }
        }
        requests.withLock { $0 = next }
      },
      perform: { count in
        let requests = requests.withLock { $0 }
        try await world.send(count, .ok) { requests[$0] }
      })
  },
  Benchmark(name: "route.close", summary: "POST /v2/sessions/{id}/close, answer written") { scale in
    let world = try await RoutedWorld(scale)
    let requests = Mutex<[HTTPRequest]>([])
    return Prepared(
      limit: 20_000,
      refill: { count in
        let next = try await world.world.sessions.openTypical(count).map {
          RoutedWorld.request(.post, "/v2/sessions/\($0.id)/close", body: "{}")
        }
        requests.withLock { $0 = next }
      },
      perform: { count in
        let requests = requests.withLock { $0 }
        try await world.send(count, .ok) { requests[$0] }
      })
  },
]

/// A router of `/v2`, as a server puts it together.
private struct RoutedWorld: Sendable {
  let world: World
  let router: Router
  /// A request that verifies a session.
  let verification: HTTPRequest

  init(_ scale: Scale) async throws {
    let world = try await World(.memory, scale)
    let (store, sessions) = (world.store, world.sessions)
    let accounts = Accounts(store: store, sessions: sessions, hasher: NoHasher(), clock: sessions.clock)
    let keys = ServiceKeys(store: store, clock: sessions.clock, random: SystemRandom())
    let logins = Logins(
      accounts: accounts, sessions: sessions, store: store, events: store, hasher: NoHasher(), identities: nil,
      policy: LoginPolicy())
    let api = SesameAPI(
      sessions, accounts: accounts, logins: logins, keys: keys, events: world.events,
      signed: SignedTokens(
        keys: sessions.keys, algorithm: .es256, issuer: "https://id.example.org", lifetime: .minutes(5)),
      gate: Gatekeeper(authorizer: KeyAuthorizer(keys, clock: sessions.clock)))
    router = Router(api.groups, requestIDs: RequestIDSource(seed: 1, start: 2), clock: { 0 })
    verification = Self.request(.get, "/v2/session", bearer: sessions.token(for: world.opened[0]).text)
    self.world = world
  }

  /// A request with the fields that clients send.
  static func request(
    _ method: HTTPMethod, _ target: String, bearer token: [UInt8]? = nil, body: String? = nil
  ) -> HTTPRequest {
    var fields = [
      HTTPField("Host", "127.0.0.1:8080"), HTTPField("User-Agent", "benchmark"), HTTPField("Accept", "*/*"),
    ]
    if let token { fields.append(HTTPField(name: Array("Authorization".utf8), value: Array("Bearer ".utf8) + token)) }
    if let body {
      fields.append(HTTPField("Content-Type", "application/json"))
      fields.append(HTTPField("Content-Length", String(body.utf8.count)))
    }
    return HTTPRequest(method: method, target: target, fields: fields, body: Array((body ?? "").utf8))
  }

  /// Has `count` requests answered on the slow path, and the answers written as they would be sent.
  func send(_ count: Int, _ status: HTTPStatus, _ request: @escaping @Sendable (Int) -> HTTPRequest) async throws {
    try await share(count, among: 1) { _, count in
      var buffer = HTTPResponseBuffer()
      for number in 0..<count {
        let response = await router.respond(to: request(number))
        guard response.status == status else { throw Unexpected("an answer has the status \(response.status.code)") }
        buffer.removeAll()
        buffer.write(response)
      }
    }
  }
}

/// Hashes nothing: nobody logs in here.
private struct NoHasher: PasswordHasher {
  func refusal(ofNew password: String, context: [String]) -> String? { nil }
  func hash(_ password: String) async -> HashingOutcome { .busy(retryAfter: .seconds(1)) }
  func verify(_ password: String, against hash: PasswordHash?) async -> PasswordVerdict { .wrong }
}
