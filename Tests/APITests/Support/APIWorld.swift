import Accounts
import Cerberus
import Cryptography
import DialectKit
import HTTPMessages
import HTTPRouting
import HTTPTesting
import IdentityTokens
import JSON
import Memento
import SesameAPI
import SessionCore
import SessionService
import SessionTesting
import SessionsV1
import Synchronization
import Testing

/// A whole service but for its sockets: the routes of all interfaces on one store, with a clock turned by hand.
struct APIWorld: Sendable {
  let clock = ManualClock(Timestamp(milliseconds: 1_800_000_000_123))
  let failure = StoreFailure()
  let calls: CountingStore
  private let owned: OwnedStore
  let sessions: Sessions
  let hasher = FakeHasher()
  let accounts: Accounts
  let keys: ServiceKeys
  let events: EventFeed
  let logins: Logins
  let cerberus: Cerberus
  var router: Router

  /// A world; without a `gate`, keys and this machine open the services' routes.
  init(
    _ kind: StoreKind = .memory, gate: Gatekeeper? = nil, logins policy: LoginPolicy = LoginPolicy(),
    cerberus settings: Cerberus.Settings = Cerberus.Settings(),
    _ adjust: (inout SessionPolicy) -> Void = { _ in }
  ) async throws {
    var sessionPolicy = SessionPolicy()
    adjust(&sessionPolicy)
    owned = try await kind.make()
    let store = owned.store
    events = EventFeed(store: store)
    calls = CountingStore(InterceptedStore(store, failure))
    sessions = Sessions(
      store: calls, policy: sessionPolicy,
      keys: KeyRing(signing: RingKey(id: 1, secret: SecretBytes([UInt8](repeating: 7, count: 32)))), clock: clock,
      random: SeededRandom(seed: 3), cacheBytes: 8 << 20, events: events, render: SessionJSON.render)
    // The only node of its store: it may answer from what it keeps, as `sessions` may, whose store is wrapped, too.
    let own = CountingStore(store)
    accounts = Accounts(store: own, sessions: sessions, hasher: hasher, clock: clock)
    keys = ServiceKeys(store: own, clock: clock, random: SeededRandom(seed: 4))
    logins = Logins(
      accounts: accounts, sessions: sessions, store: store, events: store, hasher: hasher,
      identities: FakeIdentities(clock: clock), policy: policy)
    let signed = SignedTokens(
      keys: sessions.keys, algorithm: .es256, issuer: "https://id.example.org", lifetime: .minutes(5))
    let gate = gate ?? Gatekeeper(authorizer: KeyAuthorizer(keys, clock: clock))
    cerberus = Cerberus(
      sessions, accounts: accounts, logins: logins, store: calls, events: events, gate: gate, settings: settings)
    var groups = SesameAPI(
      sessions, accounts: accounts, logins: logins, keys: keys, events: events, signed: signed, gate: gate
    ).groups
    groups += SessionsV1(sessions, accounts: accounts, gate: gate).groups
    groups += SessionService(sessions, gate: gate).groups
    groups += cerberus.groups
    groups +=
      Memento(sessions, accounts: accounts, logins: logins, events: events, gate: gate, zone: { _ in -60 }).groups
    router = Router(
      groups, requestIDs: RequestIDSource(seed: 5, start: 6), clock: { 0 })
  }

  static let host = HTTPField("Host", "127.0.0.1:8080")
  static let json = HTTPField("Content-Type", "application/json")

  /// Sends a request as a server does: to the fast path first.
  func send(
    _ method: HTTPMethod, _ target: String, _ body: String? = nil, bearer: String? = nil, fields: [HTTPField] = [],
    host: HTTPField? = host, peer: HTTPPeer = .network(address: "127.0.0.1", port: 9), isSecure: Bool = false,
    isSlow: Bool = false
  ) async -> Answer {
    var all = fields
    if let host { all.append(host) }
    if body != nil, !fields.contains(where: { $0.isNamed("content-type") }) { all.append(Self.json) }
    if let bearer { all.append(HTTPField("Authorization", "Bearer \(bearer)")) }
    let request = HTTPRequest(
      method: method, target: target, fields: all, body: Array((body ?? "").utf8), peer: peer, isSecure: isSecure)
    if !isSlow {
      var buffer = HTTPResponseBuffer()
      if request.withView({ router.respondAtOnce(to: $0, into: &buffer) }) { return Answer(sent: buffer.bytes) }
    }
    return Answer(await router.respond(to: request), wasAtOnce: false)
  }

  /// Creates an account through the interface; the answer's account.
  @discardableResult
  func account(_ members: String) async throws -> JSONValue {
    let answer = await send(.post, "/v2/accounts", "{\(members)}")
    try #require(answer.status == 201)
    return try #require(answer.root)
  }

  /// Makes a service key through the interface; its text.
  func key(_ scopes: ServiceScope..., more: String = "") async throws -> String {
    let names = scopes.map { "\"\($0.rawValue)\"" }.joined(separator: ",")
    let answer = await send(.post, "/v2/keys", #"{"name":"batch","scopes":[\#(names)]\#(more)}"#)
    try #require(answer.status == 201)
    return try #require(answer["secret"]?.string)
  }

  /// Opens a session through the interface, which must admit it.
  func open(_ userID: String = "u1", _ more: String = "") async throws -> (id: String, token: String) {
    let answer = await send(.post, "/v2/sessions", #"{"user_id":"\#(userID)"\#(more.isEmpty ? "" : "," + more)}"#)
    try #require(answer.status == 201)
    return (try #require(answer["session"]?["id"]?.string), try #require(answer["token"]?.string))
  }
}

/// An answer, its body read as JSON if it is JSON.
struct Answer: Sendable {
  let response: HTTPResponse
  let wasAtOnce: Bool
  let root: JSONValue?

  init(_ response: HTTPResponse, wasAtOnce: Bool) {
    self.response = response
    self.wasAtOnce = wasAtOnce
    root = try? JSONDocument(parsing: response.body, limits: .widest).root
  }

  /// Reads what the fast path wrote.
  init(sent bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    let head = text.utf8.split(separator: 13).map { String(Substring($0)) }
    let end = bytes.indices.first { bytes[$0...].starts(with: [13, 10, 13, 10]) } ?? 0
    let body = Array(bytes[(end + 4)...])
    var fields: [HTTPField] = []
    var length: String?
    for line in String(decoding: bytes[..<end], as: UTF8.self).utf8.split(separator: 10).dropFirst() {
      let line = line.last == 13 ? line.dropLast() : line
      guard let colon = line.firstIndex(of: 58) else { continue }
      let field = HTTPField(
        name: Array(line[..<colon]), value: Array(line[line.index(colon, offsetBy: 2)...]))
      if field.isNamed("content-length") { length = field.text } else { fields.append(field) }
    }
    precondition(length == "\(body.count)", "the announced length is that of the body")
    let code = Int(head[0].split(separator: " ")[1]) ?? 0
    self.init(HTTPResponse(status: HTTPStatus(code), fields: fields, body: body), wasAtOnce: true)
  }

  var status: Int { response.status.code }
  var code: String? { self["code"]?.string }
  subscript(_ name: StaticString) -> JSONValue? { root?[name] }
  func field(_ name: StaticString) -> String? { response.field(name) }
  var text: String { String(decoding: response.body, as: UTF8.self) }
  /// The first part of Set-Cookie: name and value.
  var cookie: String? { field("set-cookie")?.split(separator: ";").first.map(String.init) }
}

/// Makes a store fail with any code.
final class StoreFailure: StoreInterceptor {
  private let code = Mutex<StoreError.Code?>(nil)

  func set(_ code: StoreError.Code?) { self.code.withLock { $0 = code } }

  func before(_ verb: StoreVerb) throws(StoreError) {
    if let code = code.withLock({ $0 }) { throw StoreError(code, "secret inner text") }
  }

  func after(_ verb: StoreVerb) {}
}
