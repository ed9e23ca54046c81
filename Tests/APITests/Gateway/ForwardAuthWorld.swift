import Accounts
import Cryptography
import DialectKit
import Gateway
import HTTPMessages
import HTTPRouting
import HTTPTesting
import IdentityTokens
import MemoryStore
import SessionCore
import SessionTesting
import Testing

/// The gateway on a store in memory, with accounts and a clock turned by hand.
struct ForwardAuthWorld: Sendable {
  let clock = ManualClock(Timestamp(milliseconds: 1_800_000_000_123))
  let failure = StoreFailure()
  let sessions: Sessions
  let accounts: Accounts
  let signedTokens: SignedTokens
  let router: Router

  /// A gateway that takes signed tokens, if it `takesSigned`.
  init(takesSigned: Bool = false) async throws {
    let store = MemoryStore()
    let keys = KeyRing(signing: RingKey(id: 1, secret: SecretBytes([UInt8](repeating: 7, count: 32))))
    signedTokens = SignedTokens(keys: keys, algorithm: .es256, issuer: "sesame", lifetime: .minutes(10))
    sessions = Sessions(
      store: InterceptedStore(store, failure), policy: SessionPolicy(),
      keys: keys, clock: clock,
      random: SeededRandom(seed: 3))
    accounts = Accounts(store: store, sessions: sessions, hasher: NoPasswords(), clock: clock)
    router = Router(
      [
        Gateway(
          sessions, accounts: accounts, signedTokens: takesSigned ? signedTokens : nil, gate: Gatekeeper()
        ).group
      ],
      requestIDs: RequestIDSource(seed: 5, start: 6), clock: { 0 })
    // The first account is an administrator's, whatever it asks for.
    _ = try await account(.administrator)
  }

  /// An account of a level; each has a name of its own.
  func account(_ level: AccountLevel) async throws -> AccountID {
    clock.advance(by: .seconds(1))
    var profile = AccountProfile(level: level)
    profile.username = ExactText("\(level.rawValue)\(clock.now().milliseconds)")
    let verdict = try await accounts.create(profile, password: nil, by: Actor(.service))
    guard case .done(let account) = verdict else {
      Issue.record("no account: \(verdict)")
      return AccountID(1)
    }
    return account.id
  }

  /// Opens a session, and answers it with its token.
  func open(_ userID: ExactText, lifetime: TimeSpan? = nil) async throws -> (session: Session, token: String) {
    var draft = SessionDraft(userID: userID)
    draft.lifetime = lifetime
    let verdict = try await sessions.open(draft, by: Actor(.service))
    guard case .opened(let session, let token, _) = verdict else { throw Refused() }
    return (session, String(decoding: token.text, as: UTF8.self))
  }

  struct Refused: Error {}

  /// Asks as a server does: the fast path first, unless it `isSlow`.
  func ask(
    _ query: String = "", bearer: String? = nil, fields: [HTTPField] = [], method: HTTPMethod = .get,
    isSlow: Bool = false
  ) async -> Answer {
    let all = fields + (bearer.map { [HTTPField("Authorization", "Bearer \($0)")] } ?? [])
    let request = HTTPRequest(
      method: method, target: "/v2/forward-auth\(query)", fields: all + [HTTPField("Host", "sesame")],
      body: method == .get ? [] : Array("not JSON".utf8))
    if !isSlow {
      var buffer = HTTPResponseBuffer()
      if request.withView({ router.respondAtOnce(to: $0, into: &buffer) }) { return Answer(sent: buffer.bytes) }
    }
    return Answer(await router.respond(to: request), wasAtOnce: false)
  }
}

/// Nobody has a password here.
private struct NoPasswords: PasswordHasher {
  func refusal(ofNew password: String, context: [String]) -> String? { nil }
  func hash(_ password: String) async -> HashingOutcome { .busy(retryAfter: .seconds(1)) }
  func verify(_ password: String, against hash: PasswordHash?) async -> PasswordVerdict { .wrong }
}
