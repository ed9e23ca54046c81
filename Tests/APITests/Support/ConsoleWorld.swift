import Accounts
import Configuration
import Console
import Cryptography
import DialectKit
import HTTPMessages
import HTTPRouting
import HTTPTesting
import IdentityTokens
import JSON
import SesameAPI
import SessionCore
import SessionTesting
import Testing

/// A whole service with its console, an administrator (account 1) and a user (account 2).
struct ConsoleWorld: Sendable {
  let world: APIWorld
  let history = History(bounds: [1000])

  static let password = "a walk by the sea"
  static let ownPage = HTTPField("Sec-Fetch-Site", "same-origin")

  /// What a browser keeps of a log-in.
  struct Visitor: Sendable {
    var cookie: String
    var csrf: String
    var id: String
  }

  init(
    _ kind: StoreKind = .memory, settings: [EffectiveSetting] = [], neighbourhood: Neighbourhood? = nil,
    providers: any IdentityProviders = NoProviders()
  ) async throws {
    var world = try await APIWorld(kind)
    let clock = world.clock
    let node = ConsoleNode(
      "node-1", host: "machine", version: "1.2.3", store: "memory", coherence: nil, tasks: [], started: clock.now())
    node.addresses = ["http://127.0.0.1:8080"]
    let signed = SignedTokens(
      keys: world.sessions.keys, algorithm: .es256, issuer: "https://id.example.org", lifetime: .minutes(5))
    let (sessions, accounts, logins) = (world.sessions, world.accounts, world.logins)
    let (keys, events) = (world.keys, world.events)
    let console = Console(
      sessions, accounts: accounts, events: events, history: history, node: node,
      neighbourhood: neighbourhood, providers: providers, settings: settings, random: SeededRandom(seed: 9),
      trust: TrustPolicy(),
      cookies: CookiePolicy()
    ) { gate in
      SesameAPI(
        sessions, accounts: accounts, logins: logins, keys: keys, events: events, signed: signed, gate: gate)
    }
    world.router = Router(
      world.router.groups + console.groups, requestIDs: RequestIDSource(seed: 5, start: 6), clock: { 0 })
    self.world = world
    let password = #""password":"\#(Self.password)""#
    try await world.account(#""email":"root@example.org","level":"A",\#(password)"#)
    try await world.account(#""email":"ann@example.org","level":"U",\#(password)"#)
    // Another one, so that the first may be lowered.
    try await world.account(#""email":"second@example.org","level":"A",\#(password)"#)
  }

  /// Tries to log in at the console.
  func tryLogIn(
    _ email: String = "root@example.org", _ password: String = ConsoleWorld.password,
    fields: [HTTPField] = [ownPage]
  ) async -> Answer {
    await world.send(
      .post, "/console/api/login", #"{"email":"\#(email)","password":"\#(password)"}"#, fields: fields)
  }

  /// Logs in at the console, which must let the visitor in.
  func logIn(_ email: String = "root@example.org") async throws -> Visitor {
    try visitor(await tryLogIn(email))
  }

  /// What a browser keeps of an answer that lets it in.
  func visitor(_ answer: Answer) throws -> Visitor {
    try #require(answer.status == 201, "\(answer.text)")
    return Visitor(
      cookie: try #require(answer.cookie), csrf: try #require(answer["csrf_token"]?.string),
      id: try #require(answer["session"]?["id"]?.string))
  }

  /// Sends a request as the page of a visitor does.
  func send(
    _ visitor: Visitor, _ method: HTTPMethod, _ path: String, _ body: String? = nil, fields: [HTTPField] = []
  ) async -> Answer {
    let own = [HTTPField("Cookie", visitor.cookie), HTTPField("X-CSRF-Token", visitor.csrf), Self.ownPage]
    return await world.send(method, "/console/api\(path)", body, fields: own + fields)
  }
}

/// No provider at all.
struct NoProviders: IdentityProviders {
  var names: [String] { [] }
  func entrance(of name: String) async throws(ProviderFailure) -> ProviderEntrance? { nil }
  func redeem(_ code: ProviderCode, at name: String) async throws(ProviderFailure) -> [UInt8]? { nil }
}
