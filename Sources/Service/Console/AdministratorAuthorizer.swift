import Accounts
import DialectKit
import HTTPMessages
import HTTPRouting
import SessionCore

/// Lets the session of an administrator do what services may, for the console's own pages.
///
/// What counts is the session cookie alone. The session must be alive and have been opened by the console's own log-in,
/// its account active and of the administrators' level, now: both are looked up for each request, so that a change of
/// either counts for the next one. A request that changes something needs the proofs of ``DialectKit/CrossSiteGuard``.
/// Nobody is let in for the network they are in.
struct AdministratorAuthorizer: ServiceAuthorizer {
  /// The purpose of the sessions that count, which begins their log-in method.
  ///
  /// Their kind would not do: whoever has a key that may write sessions can open one of any kind, for any user.
  static let purpose = "console"

  let sessions: Sessions
  let accounts: Accounts
  let trust: TrustPolicy
  let cookies: CookiePolicy

  /// Who the request is from, as the name of its actor; never `notPresented`.
  func authorize(_ request: HTTPRequest, scope: String) async -> ServiceAuthorization {
    do throws(Problem) {
      let (_, account) = try await administrator(of: request)
      return .allowed(name: Self.name(of: account))
    } catch {
      return .refused(error)
    }
  }

  /// What an administrator is called in the log and in events.
  static func name(of account: Account) -> String { "administrator \(account.id)" }

  /// The administrator whose session the request carries.
  ///
  /// - Throws: 401 without such a session, 403 for an account that may not, and for a change without proof.
  func administrator(of request: HTTPRequest) async throws(Problem) -> (session: Session, account: Account) {
    guard case .cookie(let token) = Credential(of: request, cookies: cookies) else { throw .noConsoleSession }
    // What a page asks for by itself must not keep a session alive that nobody uses.
    let isByHand = request.field("x-background") == nil && !Self.follows(request)
    let verification = try await Problem.storing { () async throws(StoreError) in
      try await sessions.verify(token, touching: isByHand)
    }
    guard case .active(let session) = verification, Self.isForConsole(session) else { throw .noConsoleSession }
    let account = try await Problem.storing { () async throws(StoreError) in
      try await accounts.account(ofUser: session.userID)
    }
    guard let account, account.profile.isActive, account.profile.level >= .administrator else {
      throw .noAdministrator
    }
    switch request.method {
    case .get, .head, .options: break
    default:
      try CrossSiteGuard.check(
        request, isSecure: trust.origin(of: request).isSecure, session: session.id, sessions)
    }
    return (session, account)
  }

  private static func isForConsole(_ session: Session) -> Bool {
    session.loginMethod?.string.utf8.starts(with: "\(purpose).".utf8) ?? false
  }

  /// Whether a request is for events as they happen: it is asked again with each of them.
  private static func follows(_ request: HTTPRequest) -> Bool {
    request.fields.contains { $0.isNamed("accept") && $0.text.hasPrefix("text/event-stream") }
  }
}

extension Problem {
  /// 401, for a request of the console without a session of its kind.
  static let noConsoleSession = Problem(
    .unauthorized, .unauthorized, "Log in to the console first.", fields: [HTTPField("WWW-Authenticate", "Cookie")])

  /// 403, for a session whose account is no administrator's any more.
  static let noAdministrator = Problem(
    .forbidden, .levelRequired, "The console is for active accounts of level A, administrators.")
}
