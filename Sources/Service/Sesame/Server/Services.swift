import Accounts
import Configuration
import DialectKit
import HTTPClient
import IdentityTokens
import Log
import Metrics
import PasswordHashing
import SesameAPI
import SessionCore
import Webhooks

/// A store that has everything a whole Sesame keeps.
typealias WholeStore = AccountSessionStore & AccountStore & EventStore & LoginStore & ServiceKeyStore & SessionStore

/// What the interfaces serve, put together from the settings.
struct Services: Sendable {
  let store: any WholeStore
  /// What the other nodes change is heard of by this; `nil` if the store is this node's alone.
  let coherence: Coherence?
  let sessions: Sessions
  let accounts: Accounts
  let logins: Logins
  let keys: ServiceKeys
  let signed: SignedTokens
  let cerberusTokens: SignedTokens
  let feed: EventFeed
  let issuers: IssuerDirectory
  let providers: IssuerLogins
  let passwords: PasswordPool
  let client: HTTPClient
  let webhooks: Webhooks
  /// A name for this node that no other has, nor this one after a restart.
  let holder: String
  /// The event log as log-ins add to it.
  let logEvents: CountedEvents

  init(
    _ settings: Settings, store: any WholeStore, keys ring: KeyRing, events: any SessionEventSink,
    clock: any SessionClock, metrics: Metrics, log: Log
  ) throws(StartError) {
    let feed = EventFeed(store: store)
    let coherence = (store as? any SharedStore).map { store in
      Coherence(
        store: store, clock: clock, random: SystemRandom(), lease: settings.nodes.lease,
        reports: CoherenceReports(metrics: metrics, log: log))
    }
    coherence?.add(feed)
    let sessions = Sessions(
      store: store, policy: SessionPolicy(settings.session), keys: ring, clock: clock, random: SystemRandom(),
      cacheBytes: settings.cache.bytes, coherence: coherence, events: SessionEventSinks(events, feed),
      render: SessionJSON.render)
    let passwords = try PasswordPool(settings.password)
    let hasher = PooledHasher(pool: passwords)
    logEvents = CountedEvents(store, metrics: metrics)
    let accounts = Accounts(store: store, sessions: sessions, hasher: hasher, clock: clock)
    let client: HTTPClient
    do throws(HTTPClientError) { client = try HTTPClient() } catch {
      throw StartError("The client for other servers can't start. \(error)", underlying: error)
    }
    issuers = IssuerDirectory(
      issuers: settings.issuers.map { TrustedIssuer($0) }, source: IssuerDocuments(client: client), clock: clock
    ) { report in
      switch report.outcome {
      case .keys(let count):
        log.info("issuer.keys_read", ["issuer": .string(report.issuer), "keys": .integer(count)])
      case .failure(let reason):
        log.warning("issuer.keys_not_read", ["issuer": .string(report.issuer), "error": .string(reason)])
      }
    }
    providers = IssuerLogins(settings.issuers, client: client, clock: clock, log: log)
    logins = Logins(
      accounts: accounts, sessions: sessions, store: store, events: logEvents, hasher: hasher,
      identities: settings.issuers.isEmpty ? nil : DirectoryVerifier(directory: issuers),
      policy: LoginPolicy(settings.login, hashing: passwords.places))
    keys = ServiceKeys(store: store, clock: clock, random: SystemRandom(), coherence: coherence)
    signed = SignedTokens(
      keys: ring, algorithm: SignedTokenAlgorithm(settings.jwt.algorithm), issuer: settings.jwt.issuer,
      lifetime: settings.jwt.lifetime)
    cerberusTokens = SignedTokens(
      keys: ring, algorithm: SignedTokenAlgorithm(settings.jwt.algorithm), issuer: settings.jwt.issuer,
      lifetime: settings.cerberus.expiration ?? settings.session.lifetime)
    webhooks = Webhooks(
      settings.webhooks.map { Webhook($0) }, store: store, sender: WebhookClient(client: client), clock: clock,
      news: { number, longest in _ = await feed.wait(after: number, upTo: longest) },
      pause: { try? await Task.sleep(for: $0) }, log: log, metrics: metrics)
    var node: (UInt64, UInt64) = (0, 0)
    unsafe withUnsafeMutableBytes(of: &node) { unsafe SystemRandom().fill($0) }
    holder = SessionID(high: node.0, low: node.1).description
    self.store = store
    self.coherence = coherence
    self.sessions = sessions
    self.accounts = accounts
    self.passwords = passwords
    self.client = client
    self.feed = feed
  }

  /// Goes on with another key ring.
  func replaceKeys(_ ring: KeyRing) {
    sessions.replaceKeys(ring)
    signed.replaceKeys(ring)
    cerberusTokens.replaceKeys(ring)
  }

  /// Work that one node at a time does.
  func task(_ name: String) -> ExclusiveTask {
    ExclusiveTask(name, of: store, as: holder, clock: sessions.clock)
  }

  /// Does what must be done before the first request.
  ///
  /// - Throws: ``StartError``, also if this node's keys are not those of the others on the store.
  func begin(keys ring: KeyRing, rotation: TimeSpan) async throws(StartError) {
    if coherence != nil {
      guard rotation == .zero else {
        throw StartError(
          """
          keys.rotation can't be used with a store that nodes share: each node would make a key of its own, and take \
          the others' tokens for forged. Remove it, and change the ring on all nodes by hand, as \
          docs/running-several-nodes.md says.
          """)
      }
      try await SharedKeyRing(store: store).agree(on: ring)
    }
    do throws(StoreError) {
      try await webhooks.begin()
    } catch {
      throw StartError(error.description, underlying: error)
    }
  }

  /// Whether anybody could come with a service key.
  func hasKey() async throws(StartError) -> Bool {
    do throws(StoreError) {
      return try await keys.hasAny()
    } catch {
      throw StartError(error.description, underlying: error)
    }
  }

  /// The nodes that share the store, which hear of this one what `sign` says; `nil` if it is this node's alone.
  func neighbourhood(_ sign: @escaping @Sendable () -> NodeSign) -> Neighbourhood? {
    guard let coherence, let store = store as? any SharedStore else { return nil }
    let neighbourhood = Neighbourhood(store: store, clock: sessions.clock, own: sign)
    coherence.add(neighbourhood, lane: coherence.directoryLane)
    return neighbourhood
  }

  /// Finishes what was accepted and lets go of threads and files.
  func shutdown() async {
    await client.stop()
    await passwords.stop()
    await store.shutdown()
  }
}

extension LoginPolicy {
  /// The policy that the settings describe, where so many passwords can be hashed or wait for it.
  init(_ settings: Settings.Login, hashing places: Int) {
    self.init()
    // Twice as many: those whose tries are just being counted must not take the places of those who are let in.
    underWay = 2 * places
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

extension SignedTokenAlgorithm {
  /// The algorithm that the settings name.
  init(_ algorithm: Settings.SignedToken.Algorithm) {
    self =
      switch algorithm {
      case .es256: .es256
      case .hs256: .hs256
      }
  }
}
