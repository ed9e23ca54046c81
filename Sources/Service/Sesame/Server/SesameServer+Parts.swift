import Cerberus
import Configuration
import DialectKit
import Gateway
import Gateway
import Glibc
import HTTPMessages
import HTTPRouting
import HTTPServer
import JSON
import Log
import Memento
import MemoryStore
import Metrics
import SesameAPI
import SessionCore
import SessionService
import SessionModel
import SessionsV1

#if SQLite
  import SQLiteStore
#endif

extension SesameServer {
  /// Opens the store that the settings name.
  static func openStore(
    _ settings: Settings, migrates: Bool, metrics: Metrics, log: Log
  ) async throws(StartError) -> any WholeStore {
    let address: StoreAddress
    do throws(StoreAddress.Failure) {
      address = try StoreAddress(settings.server.store, data: settings.server.data)
    } catch {
      throw StartError(error.description)
    }
    switch address {
    case .memory:
      log.warning("store.memory", ["note": "sessions are lost when this process ends"])
      return MemoryStore()
    case .sqlite(let path):
      return try await openSQLite(path, migrates: migrates, metrics: metrics)
    }
  }

  private static func openSQLite(
    _ path: String, migrates: Bool, metrics: Metrics
  ) async throws(StartError) -> any WholeStore {
    #if SQLite
      let sizes = metrics.histogram(
        "sesame_store_commit_jobs", help: "Writes that shared one commit.", unit: .count,
        bounds: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512])
      let times = metrics.histogram(
        "sesame_store_commit_seconds", help: "Time from a commit's begin to its end on disk.")
      var configuration = SQLiteStoreConfiguration()
      configuration.migrates = migrates
      configuration.onCommit = { jobs, duration in
        sizes.observe(UInt64(jobs))
        times.observe(duration)
      }
      do throws(StoreError) {
        return try await SQLiteStore(path: path, configuration: configuration)
      } catch {
        throw StartError("The store at \(path) can't be opened: \(error.description)", underlying: error)
      }
    #else
      throw StartError("This build has no SQLite; build it with the trait SQLite, or give --store memory.")
    #endif
  }

  /// Every interface, behind one router.
  static func router(
    _ services: Services, settings: Settings, drain: HealthRoutes.Drain, metrics: Metrics, log: Log
  ) -> Router {
    var trust = TrustPolicy()
    trust.networks = settings.server.trustedNetworks
    trust.proxies = settings.server.trustedProxies
    trust.hosts = settings.server.allowedHosts
    let gate = Gatekeeper(
      trust: trust, authorizer: KeyAuthorizer(services.keys, clock: services.sessions.clock),
      crossOrigin: CrossOriginPolicy(origins: settings.server.allowedOrigins) ?? .ownPages)
    let cookies = CookiePolicy(settings.cookie)
    let api = SesameAPI(
      services.sessions, accounts: services.accounts, logins: services.logins, keys: services.keys,
      events: services.feed, signed: services.signed, gate: gate, cookies: cookies)
    var groups = [HealthRoutes(store: services.store, metrics: metrics, drain: drain).group]
    groups += api.groups
    groups.append(
      Gateway(
        services.sessions, accounts: services.accounts, signedTokens: services.signed, gate: gate, cookies: cookies
      ).group)
    groups += SessionsV1(services.sessions, accounts: services.accounts, gate: gate).groups
    groups +=
      Memento(
        services.sessions, accounts: services.accounts, logins: services.logins, events: services.feed, gate: gate,
        zone: { LocalZone.minutesWest(at: $0) }
      ).groups
    groups += SessionService(services.sessions, gate: gate, lifetime: settings.sessionService.lifetime).groups
    groups += SessionModel(services.sessions, settings.sessionModel, gate: gate).groups
    groups +=
      Cerberus(
        services.sessions, accounts: services.accounts, logins: services.logins, store: services.store,
        signed: services.cerberusTokens, events: services.feed, gate: gate,
        settings: Cerberus.Settings(settings.cerberus)
      ).groups
    let title = OpenAPIDocument.Title(
      name: "Sesame", version: Version.text, summary: "Opens, verifies, renews, lists, closes and expires sessions.",
      cookie: settings.cookie.name)
    groups.append(DocumentRoutes.group(title, of: groups))
    let random = SystemRandom()
    var seeds: (UInt64, UInt64) = (0, 0)
    unsafe withUnsafeMutableBytes(of: &seeds) { unsafe random.fill($0) }
    var limits = JSONLimits()
    limits.maximumBytes = settings.limits.bodyBytes
    return Router(
      groups, requestIDs: RequestIDSource(seed: seeds.0, start: seeds.1), clock: { monotonicNanoseconds() },
      observer: RequestRecorder(
        Router.labels(of: groups), log: log, logsRequests: settings.log.requests, metrics: metrics),
      limits: limits)
  }

  /// What the server and the cache count themselves.
  static func register(_ server: HTTPServer, _ sessions: Sessions, in metrics: Metrics) {
    metrics.gauge("sesame_http_connections", help: "Connections open.") { Double(server.connectionCount) }
    for refusal in HTTPRefusal.allCases {
      metrics.counter(
        "sesame_http_refused_total", help: "Requests refused, and connections cut, before any route saw them.",
        labels: ["reason": refusal.rawValue]
      ) { server.count(of: refusal) }
    }
    metrics.counter("sesame_cache_hits_total", help: "Look-ups that found their session in the cache.") {
      UInt64(sessions.cacheStatistics.hits)
    }
    metrics.counter("sesame_cache_misses_total", help: "Look-ups that did not.") {
      UInt64(sessions.cacheStatistics.misses)
    }
    metrics.counter("sesame_cache_evictions_total", help: "Sessions given up for room.") {
      UInt64(sessions.cacheStatistics.evictions)
    }
    metrics.gauge("sesame_cache_sessions", help: "Sessions in the cache.") {
      Double(sessions.cacheStatistics.sessions)
    }
    metrics.gauge("sesame_cache_bytes", help: "Their estimated size.") { Double(sessions.cacheStatistics.bytes) }
  }

  private static func monotonicNanoseconds() -> UInt64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}
