public import Accounts
public import DialectKit
public import HTTPRouting
public import IdentityTokens
public import SessionCore

/// The sessions module of the Cerberus library, for Swift and over HTTP.
///
/// A session that any interface has opened is found, listed and ended here, and the other way round. What a user id
/// without an account can't tell is `null`.
public struct Cerberus: Sendable {
  /// What a token is.
  public enum Kind: String, Sendable, CaseIterable {
    /// The name of a stored session.
    case stateful
    /// A signed JWT that carries the user; worth no more than its session, which is stored all the same.
    case stateless
  }

  /// The settings of the original.
  public struct Settings: Sendable, Equatable {
    /// What a token is: stateful.
    public var kind: Kind
    /// How long a session lives, used or not; `nil` leaves it to the policy of all sessions.
    public var expiration: TimeSpan?

    /// Settings from their parts.
    public init(kind: Kind = .stateful, expiration: TimeSpan? = nil) {
      self.kind = kind
      self.expiration = expiration
    }
  }

  /// The functions, under the names of the original.
  public let sessions: CerberusSessions
  let gate: Gatekeeper

  /// The module on sessions and accounts.
  ///
  /// - Parameters:
  ///   - sessions: what it serves.
  ///   - accounts: whose sessions they are.
  ///   - logins: what checks passwords.
  ///   - store: what lists sessions with their accounts.
  ///   - signed: makes and reads stateless tokens; its lifetime should be the settings' expiration. By default HS256
  ///     under the keys that `sessions` has now.
  ///   - events: who is woken by log-ins, if anybody.
  ///   - gate: who may call over HTTP.
  ///   - settings: those of the original.
  public init(
    _ sessions: Sessions, accounts: Accounts, logins: Logins, store: any AccountSessionStore,
    signed: SignedTokens? = nil, events: EventFeed? = nil, gate: Gatekeeper = Gatekeeper(),
    settings: Settings = Settings()
  ) {
    let signed =
      signed
      ?? SignedTokens(
        keys: sessions.keys, algorithm: .hs256, issuer: "sesame",
        lifetime: settings.expiration ?? sessions.policy.lifetime)
    self.sessions = CerberusSessions(
      core: sessions, accounts: accounts, logins: logins, store: store, signed: signed, events: events,
      settings: settings)
    self.gate = gate
  }

  /// The routes, for the router.
  public var groups: [RouteGroup] {
    [
      RouteGroup(
        "Cerberus", prefixes: ["/cerberus"], routes: routes, ignoresUnknownQuery: true, admission: gate.admission,
        problemShape: { problem, _, _ in CerberusReply(problem).response(fields: problem.fields) },
        problemFormat: CerberusReply.format)
    ]
  }
}
