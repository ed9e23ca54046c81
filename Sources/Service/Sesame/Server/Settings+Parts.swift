import Cerberus
import Configuration
import DialectKit
import HTTPMessages
import HTTPServer
import Log
import SessionCore
import SessionModel

extension SessionPolicy {
  /// The policy that the settings describe.
  init(_ settings: Settings.Session) {
    self.init()
    idleTimeout = settings.idleTimeout
    lifetime = settings.lifetime
    idleTimeoutCeiling = settings.idleTimeoutCeiling
    lifetimeCeiling = settings.lifetimeCeiling
    rememberedIdleTimeout = settings.rememberedIdleTimeout
    rememberedLifetime = settings.rememberedLifetime
    liveLimit = settings.liveSessionLimit
    renewalGrace = settings.renewalGrace
    acceptsImportedTokens = settings.acceptsImportedTokens
    touchInterval = settings.touchInterval
    sweepInterval = settings.sweepInterval
    retention = settings.retention
    payloadLimit = settings.payloadBytes
  }
}

extension Log.Level {
  /// The level that the settings name.
  init(_ level: Settings.Log.Level) {
    self =
      switch level {
      case .debug: .debug
      case .info: .info
      case .notice: .notice
      case .warning: .warning
      case .error: .error
      }
  }
}

extension CookiePolicy {
  /// The cookie that the settings describe.
  init(_ cookie: Settings.Cookie) {
    let sameSite: SameSite =
      switch cookie.sameSite {
      case .strict: .strict
      case .lax: .lax
      case .none: .none
      }
    self.init(name: cookie.name, isSecure: cookie.isSecure, sameSite: sameSite)
  }
}

extension SessionModel {
  /// The protocol as the settings describe it.
  init(_ sessions: Sessions, _ settings: Settings.SessionModel, gate: Gatekeeper) {
    self.init(
      sessions, lifetime: settings.lifetime, cookieLifetime: settings.cookieLifetime, isSecure: settings.isSecure,
      gate: gate)
  }
}

extension Cerberus.Settings {
  /// The settings of the protocol's own group.
  init(_ settings: Settings.Cerberus) {
    let kind: Cerberus.Kind =
      switch settings.session {
      case .stateful: .stateful
      case .stateless: .stateless
      }
    self.init(kind: kind, expiration: settings.expiration)
  }
}

extension HTTPServer.Configuration {
  /// The server that the settings describe: its TCP addresses, and the administration socket beside them.
  ///
  /// - Parameters:
  ///   - settings: everything that can be set.
  ///   - openFiles: how many files the process may have open; the store and the log need some of them.
  init(_ settings: Settings, openFiles: Int) {
    let server = settings.server
    self.init(
      addresses: server.listen.map { .tcp(host: $0.host, port: Int($0.port)) }
        + [.unix(path: server.socket, mode: 0o600)],
      tls: server.certificate.isEmpty
        ? nil : HTTPServerTLS(certificateChainPath: server.certificate, privateKeyPath: server.key),
      threads: server.threads == 0 ? ProcessLimits.cores : server.threads,
      limits: HTTPLimits(settings.limits, openFiles: openFiles), standingFields: Self.standingFields,
      stopGrace: .milliseconds(settings.limits.stopTime.milliseconds))
  }

  /// What every answer says to browsers: keep no copy, guess no type, tell nobody, embed nowhere.
  private static let standingFields = [
    HTTPField("Cache-Control", "no-store"),
    HTTPField("X-Content-Type-Options", "nosniff"),
    HTTPField("Referrer-Policy", "no-referrer"),
    HTTPField("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    HTTPField("Cross-Origin-Resource-Policy", "same-origin"),
  ]
}

extension HTTPLimits {
  fileprivate init(_ settings: Settings.Limits, openFiles: Int) {
    self.init()
    requestLine = settings.requestLine
    fieldsSize = settings.headerBytes
    fieldCount = settings.headerFields
    bodySize = settings.bodyBytes
    headTime = .milliseconds(settings.headerTime.milliseconds)
    bodyTime = .milliseconds(settings.bodyTime.milliseconds)
    idleTime = .milliseconds(settings.idleTime.milliseconds)
    connections = max(1, min(settings.connections, openFiles - 64))
  }
}
