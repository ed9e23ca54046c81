import Accounts
import Configuration
import DialectKit
import IdentityTokens
import Log
import Metrics
import PasswordHashing
import SesameAPI
import SessionCore

/// A store that has everything a whole Sesame keeps.
typealias WholeStore = AccountStore & EventStore & LoginStore & ServiceKeyStore & SessionStore

/// What the interfaces serve, put together from the settings.
struct Services: Sendable {
  let store: any WholeStore
  let sessions: Sessions
  let accounts: Accounts
  let logins: Logins
  let keys: ServiceKeys
  let feed: EventFeed
  let signed: SignedTokens?
  let issuers: IssuerDirectory
  let passwords: PasswordPool

  init(
    _ settings: Settings, store: any WholeStore, keys ring: KeyRing, events: any SessionEventSink,
    clock: any SessionClock, log: Log
  ) throws(StartError) {
    let feed = EventFeed(store: store)
    let sessions = Sessions(
      store: store, policy: SessionPolicy(settings.session), keys: ring, clock: clock, random: SystemRandom(),
      cacheBytes: settings.cache.bytes, events: SessionEventSinks(events, feed), render: SessionJSON.render)
    let passwords = try PasswordPool(settings.password)
    let hasher = PooledHasher(pool: passwords)
    let accounts = Accounts(store: store, sessions: sessions, hasher: hasher, clock: clock)
    issuers = IssuerDirectory(
      issuers: settings.issuers.map { TrustedIssuer($0) }, source: IssuerDocuments(), clock: clock
    ) { report in
      switch report.outcome {
      case .keys(let count):
        log.info("issuer.keys_read", ["issuer": .string(report.issuer), "keys": .integer(count)])
      case .failure(let reason):
        log.warning("issuer.keys_not_read", ["issuer": .string(report.issuer), "error": .string(reason)])
      }
    }
    logins = Logins(
      accounts: accounts, sessions: sessions, store: store, events: store, hasher: hasher,
      identities: settings.issuers.isEmpty ? nil : DirectoryVerifier(directory: issuers),
      policy: LoginPolicy(settings.login))
    signed = settings.jwt.isEnabled ? SignedTokens(settings.jwt, keys: ring) : nil
    keys = ServiceKeys(store: store, clock: clock, random: SystemRandom())
    self.store = store
    self.sessions = sessions
    self.accounts = accounts
    self.passwords = passwords
    self.feed = feed
  }

  /// Makes and reads tokens of every sort under other keys from now on.
  func replaceKeys(_ ring: KeyRing) {
    sessions.replaceKeys(ring)
    signed?.replaceKeys(ring)
  }

  /// Whether anybody could come with a service key.
  func hasKey() async throws(StartError) -> Bool {
    do throws(StoreError) {
      return try await keys.hasAny()
    } catch {
      throw StartError(error.description, underlying: error)
    }
  }

  /// Finishes what was accepted and lets go of threads and files.
  func shutdown() async {
    await passwords.stop()
    await store.shutdown()
  }
}

extension LoginPolicy {
  /// The policy that the settings describe.
  init(_ settings: Settings.Login) {
    self.init()
    attempts = settings.attempts
    attemptsPerAddress = settings.attemptsPerAddress
    attemptsPerAccount = settings.attemptsPerAccount
    window = settings.window
    delayAfter = settings.delayAfter
    switch settings.enrolment {
    case .off: enrolment = .off
    case .on: enrolment = .on(settings.enrolmentLevel)
    case .domains:
      enrolment = .domains(
        Dictionary(settings.enrolmentDomains.map { ($0.domain, $0.level) }, uniquingKeysWith: { first, _ in first }))
    }
  }
}

extension SignedTokens {
  /// Signed tokens as the settings describe them.
  convenience init(_ settings: Settings.SignedToken, keys: KeyRing) {
    let algorithm: SignedTokenAlgorithm =
      switch settings.algorithm {
      case .es256: .es256
      case .hs256: .hs256
      }
    self.init(keys: keys, algorithm: algorithm, issuer: settings.issuer, lifetime: settings.lifetime)
  }
}
