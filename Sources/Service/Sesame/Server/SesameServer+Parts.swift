import Cerberus
import Configuration
import Console
import DialectKit
import Gateway
import Glibc
import HTTPMessages
import HTTPRouting
import HTTPServer
import JSON
import Log
import Memento
import Metrics
import SesameAPI
import SessionCore
import SessionService
import SessionModel
import SessionsV1

extension SesameServer {
  /// Every interface, behind one router.
  static func router(
    _ services: Services, settings: Settings, drain: HealthRoutes.Drain,
    console: (history: History, node: ConsoleNode, neighbourhood: Neighbourhood?), metrics: Metrics, log: Log
  ) -> (Router, RequestRecorder) {
    var trust = TrustPolicy()
    trust.networks = settings.server.trustedNetworks
    trust.proxies = settings.server.trustedProxies
    trust.hosts = settings.server.allowedHosts
    let gate = Gatekeeper(
      trust: trust, authorizer: KeyAuthorizer(services.keys, clock: services.sessions.clock),
      crossOrigin: CrossOriginPolicy(origins: settings.server.allowedOrigins) ?? .ownPages)
    let cookies = CookiePolicy(settings.cookie)
    func api(behind gate: Gatekeeper) -> SesameAPI {
      SesameAPI(
        services.sessions, accounts: services.accounts, logins: services.logins, keys: services.keys,
        events: services.feed, signed: services.signed, gate: gate, cookies: cookies)
    }
    var groups = [
      HealthRoutes(store: services.store, coherence: services.coherence, metrics: metrics, drain: drain).group
    ]
    groups += api(behind: gate).groups
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
    if settings.console.isEnabled {
      groups += self.console(services, settings, console, trust: trust, cookies: cookies, api: api(behind:)).groups
    }
    let title = OpenAPIDocument.Title(
      name: "Sesame", version: Version.text, summary: "Opens, verifies, renews, lists, closes and expires sessions.",
      cookie: settings.cookie.name)
    groups.append(DocumentRoutes.group(title, of: groups))
    let random = SystemRandom()
    var seeds: (UInt64, UInt64) = (0, 0)
    unsafe withUnsafeMutableBytes(of: &seeds) { unsafe random.fill($0) }
    var limits = JSONLimits()
    limits.maximumBytes = settings.limits.bodyBytes
    let verifications = verifications(among: groups)
    let recorder = RequestRecorder(
      Router.labels(of: groups), verifies: { verifications.contains("\($0.method.rawValue) \($0.template)") }, log: log,
      logsRequests: settings.log.requests, metrics: metrics)
    let router = Router(
      groups, requestIDs: RequestIDSource(seed: seeds.0, start: seeds.1), clock: { monotonicNanoseconds() },
      observer: recorder, limits: limits)
    return (router, recorder)
  }

  private static func console(
    _ services: Services, _ settings: Settings,
    _ about: (history: History, node: ConsoleNode, neighbourhood: Neighbourhood?), trust: TrustPolicy,
    cookies: CookiePolicy, api: (Gatekeeper) -> SesameAPI
  ) -> Console {
    Console(
      services.sessions, accounts: services.accounts, events: services.feed, history: about.history, node: about.node,
      neighbourhood: about.neighbourhood, providers: services.providers, settings: settings.effective,
      random: SystemRandom(), trust: trust, cookies: cookies, api: api)
  }

  /// The operations that verify a session: those that may answer at once.
  private static func verifications(among groups: [RouteGroup]) -> Set<String> {
    Set(
      groups.flatMap { group in
        group.routes.filter { $0.atOnce != nil }.flatMap { route in
          group.prefixes.map { "\(route.method.rawValue) \($0 + route.path)" }
        }
      })
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
    metrics.counter("sesame_request_times_saved_total", help: "Times of sessions' last requests given to the store.") {
      UInt64(sessions.cacheStatistics.savedTimes)
    }
    metrics.gauge("sesame_cache_sessions", help: "Sessions in the cache.") {
      Double(sessions.cacheStatistics.sessions)
    }
    metrics.gauge("sesame_cache_bytes", help: "Their estimated size.") { Double(sessions.cacheStatistics.bytes) }
  }

  /// On how many of the paths of notes this node knows what the others change.
  static func register(_ coherence: Coherence, in metrics: Metrics) {
    metrics.gauge("sesame_nodes_lanes", help: "Paths on which other nodes' changes are heard of.") {
      Double(coherence.laneCount)
    }
    metrics.gauge("sesame_nodes_lanes_held", help: "Those on which the cache is trusted now.") {
      Double(coherence.heldCount)
    }
  }

  /// How many other nodes are there.
  static func register(_ neighbourhood: Neighbourhood, in metrics: Metrics) {
    for state in [Neighbourhood.State.live, .lost] {
      metrics.gauge(
        "sesame_nodes_seen", help: "Nodes on the store, this one among them, that were heard lately or are missed.",
        labels: ["state": state.rawValue]
      ) { Double(neighbourhood.nodes.count { $0.state == state }) }
    }
  }

  private static func monotonicNanoseconds() -> UInt64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}
