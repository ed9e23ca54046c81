import HTTPMessages
import HTTPRouting
import SessionCore

extension Settings {
  /// Every setting there is, in the order of `sesame.example.toml`.
  public static let declarations: [SettingDeclaration] =
    serverDeclarations + limitDeclarations + sessionDeclarations + otherDeclarations + storeDeclarations
    + keyDeclarations + accountDeclarations
    + dialectDeclarations + sessionModelDeclarations + logDeclarations

  private static let networks = SettingKind.list(
    "a list of networks such as [\"10.0.0.0/8\", \"::1\"], with no bits set behind the prefix"
  ) { IPNetwork($0) }

  private static let path = SettingKind<String>.text("a path")

  private static let optionalPath = SettingKind<String>.text("a path, or empty", mayBeEmpty: true)

  private static let serverDeclarations: [SettingDeclaration] = [
    SettingDeclaration(
      "server.listen",
      .list("a list of addresses such as [\"127.0.0.1:8080\", \"[::1]:8080\"]") { ListenAddress($0) },
      default: "127.0.0.1:8080", flag: "--listen", \.server.listen, "Where to listen, as host:port."),
    SettingDeclaration(
      "server.data", path, default: "./sesame-data", flag: "--data", \.server.data,
      "The folder for the database, the keys and the administration socket."),
    SettingDeclaration(
      "server.store", .text("a store such as \"sqlite\", \"memory\" or \"postgres://host/database\""),
      default: "sqlite", flag: "--store",
      \.server.store, "Where sessions are kept."),
    SettingDeclaration(
      "server.threads", .integer(0...1024), default: "0", flag: "--threads", \.server.threads,
      "How many event loops serve requests; 0 means one per core."),
    SettingDeclaration(
      "server.trusted_networks", networks, default: "", \.server.trustedNetworks,
      "Networks whose callers are trusted, besides this machine."),
    SettingDeclaration(
      "server.trusted_proxies", networks, default: "", \.server.trustedProxies,
      "Proxies whose word counts for where a request came from."),
    SettingDeclaration(
      "server.allowed_hosts",
      .list("a list of host names such as [\"sessions.example.com\"]") { HostName.isValid($0) ? $0 : nil },
      default: "", \.server.allowedHosts, "Host names by which trusted callers may reach the service endpoints."),
    SettingDeclaration(
      "server.allowed_origins",
      .list("a list of origins such as [\"https://www.example.com\", \"http://localhost:3000\"]") {
        CrossOriginPolicy.isOrigin($0) ? $0.lowercased() : nil
      },
      default: "", \.server.allowedOrigins, "Origins of other pages that may use the endpoints for users."),
    SettingDeclaration(
      "server.socket", optionalPath, default: "", \.server.socket,
      "The administration socket; empty means sesame.sock in the data folder."),
    SettingDeclaration(
      "server.certificate", optionalPath, default: "", \.server.certificate,
      "The certificate chain (PEM) for HTTPS; empty means plain HTTP."),
    SettingDeclaration(
      "server.key", optionalPath, default: "", \.server.key, "The private key (PEM) of the certificate."),
    SettingDeclaration(
      "server.core_dumps", .boolean, default: "false", \.server.coreDumps,
      "Whether a crash may leave a core dump, and debuggers may look into the memory."),
  ]

  private static let limitDeclarations: [SettingDeclaration] = [
    SettingDeclaration(
      "limits.request_line", .size(256...65_536), default: "8KiB", \.limits.requestLine,
      "The longest request line."),
    SettingDeclaration(
      "limits.header_bytes", .size(1024...1_048_576), default: "32KiB", \.limits.headerBytes,
      "The most bytes of all header fields together."),
    SettingDeclaration(
      "limits.header_fields", .integer(8...1000), default: "100", \.limits.headerFields, "The most header fields."),
    SettingDeclaration(
      "limits.body_bytes", .size(1024...67_108_864), default: "64KiB", \.limits.bodyBytes, "The longest body."),
    SettingDeclaration(
      "limits.header_time", .duration("100ms", "10m"), default: "10s", \.limits.headerTime,
      "How long a client may take to send the head of a request."),
    SettingDeclaration(
      "limits.body_time", .duration("100ms", "10m"), default: "30s", \.limits.bodyTime,
      "How long a client may take to send the body of a request."),
    SettingDeclaration(
      "limits.idle_time", .duration("100ms", "1d"), default: "60s", \.limits.idleTime,
      "How long a connection may wait for its next request."),
    SettingDeclaration(
      "limits.connections", .integer(1...1_000_000), default: "10000", \.limits.connections,
      "The most connections at once."),
    SettingDeclaration(
      "limits.drain_time", .duration("0s", "10m"), default: "0s", \.limits.drainTime,
      "How long a stop goes on serving first, while /readyz says 503, so that load balancers turn elsewhere."),
    SettingDeclaration(
      "limits.stop_time", .duration("0s", "10m"), default: "8s", \.limits.stopTime,
      "How long a stop waits for requests that are under way."),
  ]

  private static let sessionDeclarations: [SettingDeclaration] = [
    SettingDeclaration(
      "session.idle_timeout", .duration("1s", "3650d"), default: "24h", \.session.idleTimeout,
      "How long a session lives without a request, when its opener asks for nothing else."),
    SettingDeclaration(
      "session.lifetime", .duration("1s", "3650d"), default: "30d", \.session.lifetime,
      "How long a session lives at all, when its opener asks for nothing else."),
    SettingDeclaration(
      "session.idle_timeout_ceiling", .duration("1s", "3650d"), default: "30d", \.session.idleTimeoutCeiling,
      "The longest idle time that an opener can ask for."),
    SettingDeclaration(
      "session.lifetime_ceiling", .duration("1s", "3650d"), default: "365d", \.session.lifetimeCeiling,
      "The longest lifetime that an opener can ask for."),
    SettingDeclaration(
      "session.remembered_idle_timeout", .duration("1s", "3650d"), default: "30d", \.session.rememberedIdleTimeout,
      "The idle time of sessions that are to be remembered."),
    SettingDeclaration(
      "session.remembered_lifetime", .duration("1s", "3650d"), default: "365d", \.session.rememberedLifetime,
      "The lifetime of sessions that are to be remembered."),
    SettingDeclaration(
      "session.live_limit", .integer(0...1_000_000), default: "0", \.session.liveLimit,
      "How many sessions of one user may live at once; 0 means as many as they like."),
    SettingDeclaration(
      "session.live_overflow", .choice(), default: "evict-oldest", \.session.liveOverflow,
      "What happens when one more is opened."),
    SettingDeclaration(
      "session.renewal_grace", .duration("0s", "5m"), default: "10s", \.session.renewalGrace,
      "How long the token from before a renewal is still good."),
    SettingDeclaration(
      "session.imported_tokens", .boolean, default: "false", \.session.acceptsImportedTokens,
      "Whether sessions that were imported from another program open with its tokens and cookies."),
    SettingDeclaration(
      "session.touch_interval", .duration("100ms", "5m"), default: "5s", \.session.touchInterval,
      "How often the times of last requests are written to the store."),
    SettingDeclaration(
      "session.sweep_interval", .duration("1s", "1d"), default: "1m", \.session.sweepInterval,
      "How often expired sessions are closed and old ones deleted."),
    SettingDeclaration(
      "session.retention", .duration("0s", "3650d"), default: "30d", \.session.retention,
      "How long closed sessions can still be listed before they are deleted."),
    SettingDeclaration(
      "session.payload_bytes", .size(0...16_777_216), default: "64KiB", \.session.payloadBytes,
      "The most bytes of a session's user and of its data, each."),
  ]

  private static let otherDeclarations: [SettingDeclaration] = [
    SettingDeclaration(
      "cookie.name",
      SettingKind(
        expectation: "a cookie name: letters, digits and any of !#$%&'*+-.^_`|~", literal: { "\"\($0)\"" },
        read: { CookieName.read($0.text) }),
      default: "__Host-sesame", \.cookie.name, "The name of the session cookie."),
    SettingDeclaration(
      "cookie.secure", .boolean, default: "true", \.cookie.isSecure, "Whether browsers send the cookie over HTTPS only."
    ),
    SettingDeclaration(
      "cookie.same_site", .choice(), default: "lax", \.cookie.sameSite,
      "Whether requests from other sites carry the cookie."),
    SettingDeclaration(
      "cache.bytes", .size(0...(1 << 40)), default: "256MiB", \.cache.bytes,
      "How much memory the cache of sessions may take."),
  ]

  private static let keyDeclarations: [SettingDeclaration] = [
    SettingDeclaration(
      "keys.file", optionalPath, default: "", \.keys.file,
      "The file of the keys that make tokens; empty means keys in the data folder."),
    SettingDeclaration(
      "keys.rotation", .duration("0s", "3650d"), default: "0s", \.keys.rotation,
      "How often a new key is made by itself; 0 means never."),
  ]

  private static let logDeclarations: [SettingDeclaration] = [
    SettingDeclaration(
      "log.level", .choice(), default: "info", \.log.level, "The least grave that is logged."),
    SettingDeclaration(
      "log.requests", .boolean, default: "false", \.log.requests, "Whether every request is logged."),
  ]
}

/// The grammar of cookie names: a token (RFC 6265 section 4.1.1).
private enum CookieName {
  static func read(_ text: String?) -> String? {
    guard let text, (1...100).contains(text.utf8.count) else { return nil }
    let marks = Array("!#$%&'*+-.^_`|~".utf8)
    let isToken = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: marks.contains(byte)
      }
    }
    return isToken ? text : nil
  }
}
