public import Accounts
public import DialectKit
public import HTTPRouting
public import IdentityTokens
public import SessionCore

/// The answer to a reverse proxy that asks, for each request, whether it may pass: `/v2/forward-auth`.
///
/// The proxy sends the request's own `Authorization` and `Cookie`. Whoever holds a live session gets 200 and the
/// identity headers, which the proxy hands to what is behind it; everyone else gets 401, or 403 for an account below
/// the level that was asked for. Any other answer must be taken as a refusal too.
///
/// Any method is taken, for some proxies send the original one, and bodies are passed over. Nothing changes but the
/// session's request time, so that a cookie needs no proof of its page here: what is behind the proxy has to guard its
/// own changes.
public struct Gateway: Sendable {
  let sessions: Sessions
  let accounts: Accounts?
  let signedTokens: SignedTokens?
  let gate: Gatekeeper
  let cookies: CookiePolicy
  let unauthorized = ReadyProblem(.unauthorizedUser)

  /// The gateway to `sessions`.
  ///
  /// - Parameters:
  ///   - sessions: which are verified.
  ///   - accounts: which have the levels; without them no session has one.
  ///   - signedTokens: reads the signed tokens of our own that are taken as bearer tokens, too; without it none is.
  ///   - gate: who finds out where requests come from.
  ///   - cookies: the session cookie.
  public init(
    _ sessions: Sessions, accounts: Accounts? = nil, signedTokens: SignedTokens? = nil, gate: Gatekeeper,
    cookies: CookiePolicy = CookiePolicy()
  ) {
    self.sessions = sessions
    self.accounts = accounts
    self.signedTokens = signedTokens
    self.gate = gate
    self.cookies = cookies
  }

  /// The routes, for the router.
  public var group: RouteGroup {
    RouteGroup("Gateway", prefixes: ["/v2"], routes: routes, admission: gate.admission)
  }
}
