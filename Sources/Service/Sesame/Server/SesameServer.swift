import HTTPClient
import IdentityTokens
import Accounts
public import Configuration
import Console
import DialectKit
import HTTPClient
import HTTPMessages
import HTTPRouting
import HTTPServer
import Log
import Metrics
import SesameAPI
import SessionCore
import SessionsV1
import Webhooks

/// A whole Sesame: the store, the sessions, every interface, and the server in front.
///
/// It listens from its making on, and serves while ``run()`` runs.
public final class SesameServer: Sendable {
  private let services: Services
  private let server: HTTPServer
  private let upkeep: Upkeep
  private let sampler: Sampler
  private let neighbourhood: Neighbourhood?
  private let sweeping: ExclusiveTask
  private let posting: ExclusiveTask
  private let keeper: KeyRingKeeper
  private let drain = HealthRoutes.Drain()
  private let drainTime: TimeSpan
  private let log: Log
  private let isSecure: Bool

  /// Opens the store and listens, or says in a sentence what stands in the way.
  ///
  /// - Parameters:
  ///   - settings: everything that can be set.
  ///   - keyRing: the key ring as text, instead of the file that the settings name.
  /// - Throws: ``StartError``; nothing listens then, and the store is closed.
  public init(_ settings: Settings, keyRing: String? = nil) async throws(StartError) {
    let clock = SystemClock()
    let log = Log(level: Log.Level(settings.log.level), now: { clock.now() })
    for setting in settings.exposedSecrets { log.warning("setting.exposed", ["setting": .string(setting)]) }
    let metrics = Metrics()
    let files = ProcessLimits.raiseOpenFiles()
    try Self.refuseStrangers(settings.server, hasKey: try Self.isThere(settings.server))
    try Self.inWords { () throws(FileSystem.Failure) in try FileSystem.makeFolder(settings.server.data) }
    let policy = SessionPolicy(settings.session)
    keeper = try KeyRingKeeper(settings.keys, text: keyRing, policy: policy, clock: clock, log: log)
    let store = try await Self.openStore(
      settings, migrates: settings.store.migrates, metrics: metrics, log: log)
    let recorder = EventRecorder(log: log, metrics: metrics)
    do throws(StartError) {
      services = try Services(
        settings, store: store, keys: keeper.ring, events: recorder, clock: clock,
        metrics: metrics, log: log)
    } catch {
      await store.shutdown()
      throw error
    }
    do throws(StartError) {
      try Self.refuseStrangers(settings.server, hasKey: try await services.hasKey())
      try await services.begin(keys: keeper.ring, rotation: settings.keys.rotation)
    } catch {
      await services.shutdown()
      throw error
    }
    (sweeping, posting) = (services.task("upkeep"), services.task("webhooks"))
    let history = History(bounds: Histogram.latencyBounds)
    let node = ConsoleNode(
      services.holder, host: MachineName.text, version: Version.text, store: Self.shown(settings.server),
      coherence: services.coherence,
      tasks: [("upkeep", sweeping), ("webhooks", posting)], started: clock.now())
    let neighbourhood = services.neighbourhood { node.sign }
    let (router, requests) = Self.router(
      services, settings: settings, drain: drain, console: (history, node, neighbourhood), metrics: metrics, log: log)
    var configuration = HTTPServer.Configuration(settings, openFiles: files)
    configuration.refusalID = { router.requestIDs.text() }
    do throws(HTTPServerError) {
      server = try HTTPServer(configuration: configuration, handler: router)
    } catch {
      await services.shutdown()
      throw StartError(error.description, underlying: error)
    }
    self.log = log
    self.neighbourhood = neighbourhood
    drainTime = settings.limits.drainTime
    isSecure = !settings.server.certificate.isEmpty
    sampler = Sampler(services: services, recorder: recorder, requests: requests, history: history)
    upkeep = Upkeep(services, retention: settings.events.retention, recorder: recorder, log: log, metrics: metrics)
    Self.register(server, services.sessions, in: metrics)
    if let coherence = services.coherence { Self.register(coherence, in: metrics) }
    if let neighbourhood { Self.register(neighbourhood, in: metrics) }
    node.addresses = addresses
  }

  /// Where it can be reached: "http://127.0.0.1:8080".
  public var addresses: [String] {
    server.boundAddresses.compactMap { address in
      guard case .tcp(let host, let port) = address else { return nil }
      let name = host.utf8.contains(0x3A) ? "[\(host)]" : host
      return "\(isSecure ? "https" : "http")://\(name):\(port)"
    }
  }

  /// Serves until ``stop()``; then finishes what is under way, writes the last request times and closes the store.
  public func run() async throws(StartError) {
    log.notice(
      "server.started", ["addresses": .string(addresses.joined(separator: " ")), "version": .string(Version.text)])
    let upkeep = upkeep
    let keeper = keeper
    let services = services
    let (sampler, sweeping, posting, neighbourhood) = (sampler, sweeping, posting, neighbourhood)
    await upkeep.begin()
    let failure = await withTaskGroup(of: Void.self) { group in
      group.addTask { await services.coherence?.run() }
      group.addTask { await neighbourhood?.run() }
      group.addTask { await upkeep.run() }
      group.addTask { await sampler.run() }
      group.addTask { await sweeping.run { await upkeep.sweep() } }
      group.addTask { await keeper.run(services.replaceKeys) }
      group.addTask { await services.issuers.run() }
      group.addTask { await posting.run { await services.webhooks.run() } }
      var failure: HTTPServerError?
      do throws(HTTPServerError) { try await server.run() } catch { failure = error }
      group.cancelAll()
      // A fetch that is under way would hold up the end for seconds.
      await services.client.stop()
      await group.waitForAll()
      return failure
    }
    await services.shutdown()
    log.notice("server.stopped")
    log.flush()
    if let failure { throw StartError(failure.description, underlying: failure) }
  }

  /// Serves on for the drain time, then stops accepting and lets ``run()`` finish; called again, does so at once.
  public func stop() {
    guard drain.begin(), drainTime > .zero else { return server.stop() }
    log.notice("server.draining")
    Task { [server, drainTime] in
      try? await Task.sleep(for: .milliseconds(drainTime.milliseconds))
      server.stop()
    }
  }

  /// Reads the certificate and the key ring again; what can't be read stays as it was, and the log says why.
  public func reload() {
    do throws(HTTPServerError) {
      try server.reloadCertificate()
    } catch {
      log.error("certificate.not_reloaded", ["error": .string(error.description)])
    }
    keeper.reload(services.replaceKeys)
    log.notice("server.reloaded")
  }

  /// Only this machine may be listened on unless somebody said whom to trust: whoever can connect could open sessions.
  static func refuseStrangers(_ server: Settings.Server, hasKey: Bool) throws(StartError) {
    guard server.trustedNetworks.isEmpty, !hasKey, let address = server.listen.first(where: { !$0.isLoopback }) else {
      return
    }
    throw StartError(
      """
      Listening on \(address) would let other machines in, and none of them is trusted. Make a service key first \
      (listen on 127.0.0.1 and POST /v2/keys), or name the networks of your services with server.trusted_networks (in \
      sesame.toml, or as SESAME_SERVER_TRUSTED_NETWORKS), or stay on 127.0.0.1 and put a proxy in front.
      """)
  }

  /// Whether there is a store already, which may have service keys; asked before anything is made.
  private static func isThere(_ server: Settings.Server) throws(StartError) -> Bool {
    do throws(StoreAddress.Failure) {
      return try StoreAddress(server.store, data: server.data).isThere
    } catch {
      throw StartError(error.description)
    }
  }

  /// The store's address for a person's eyes.
  private static func shown(_ server: Settings.Server) -> String {
    (try? StoreAddress(server.store, data: server.data))?.shown ?? ""
  }

  static func inWords<Answer>(_ body: () throws(FileSystem.Failure) -> Answer) throws(StartError) -> Answer {
    do throws(FileSystem.Failure) {
      return try body()
    } catch {
      throw StartError("Sesame \(error.description).", underlying: error)
    }
  }
}
