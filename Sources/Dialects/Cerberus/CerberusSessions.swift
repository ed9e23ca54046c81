import Accounts
import DialectKit
import HTTPRouting
import IdentityTokens
public import SessionCore

/// The functions of the original, under its names.
///
/// A call that fails throws the reply that says why. Over HTTP the same functions answer the same replies.
public struct CerberusSessions: Sendable {
  /// The most rows that a list has, and how many it has unless it is asked for fewer.
  public static let rowLimit = 10_000

  let core: Sessions
  let accounts: Accounts
  let logins: Logins
  let store: any AccountSessionStore
  let signed: SignedTokens
  let events: EventFeed?
  let settings: Cerberus.Settings

  /// Logs a user in and makes a token.
  ///
  /// Each wrong password counts against the account, and against `ip` (all that give none count together).
  ///
  /// - Parameters:
  ///   - email: the account's address.
  ///   - password: the password, exactly as received.
  ///   - ip: the client's address, for the list of sessions and the counting of tries.
  /// - Returns: 201 and the token.
  /// - Throws: 403 for a malformed address; 401 if they don't match; 429 after too many tries; 409 if the user has too
  ///   many sessions; 503 if it can't be told now.
  public func create(email: String, password: String, ip: String = "") async throws(CerberusReply) -> CerberusReply {
    let actor = Actor(.user, address: ip.isEmpty ? nil : ip)
    return try await replying { () async throws(Problem) in
      try await created(email: email, password: password, LoginContext(actor: actor, address: ip))
    }
  }

  /// Makes the next token of a user's session.
  ///
  /// The former one is good for the policy's grace time; a stateless one until its end. Calls at the same time make one
  /// step and get equal tokens.
  ///
  /// - Parameter user: what `get` answered; without a session's id, the user's newest live session is renewed.
  /// - Returns: 201 and the token.
  /// - Throws: 403 if no such session is alive.
  public func renew(_ user: CerberusUser) async throws(CerberusReply) -> CerberusReply {
    try await replying { () async throws(Problem) in
      try await renewed(user.id, session: user.session, by: Actor(.service))
    }
  }

  /// Ends every session of a user; one that has none is no error.
  ///
  /// - Returns: 200.
  /// - Throws: 403 where tokens are stateless: other interfaces still end the sessions, and with them the tokens.
  public func revoke(_ userID: Int64) async throws(CerberusReply) -> CerberusReply {
    try await revoke(ExactText(String(userID)))
  }

  /// Ends every session of a user whose id need not be a number.
  ///
  /// - Returns: 200.
  /// - Throws: 403 where tokens are stateless.
  public func revoke(_ userID: ExactText) async throws(CerberusReply) -> CerberusReply {
    try await replying { () async throws(Problem) in try await revoked(userID, by: Actor(.service)) }
  }

  /// Finds the user of a token, in the cache if it is there; counts as a request of the session.
  ///
  /// - Returns: 200 and the user.
  /// - Throws: 404 for an empty token; 401 for what is no token; 403 if its session is gone.
  public func get(_ token: String) async throws(CerberusReply) -> CerberusReply {
    try await replying { () async throws(Problem) in try await found(token, fresh: false) }
  }

  /// Reads the session and the user of a token from the store, and refreshes what is cached of them; counts as a
  /// request of the session.
  ///
  /// - Returns: 200 and the user.
  /// - Throws: as `get`.
  public func getUpdated(_ token: String) async throws(CerberusReply) -> CerberusReply {
    try await replying { () async throws(Problem) in try await found(token, fresh: true) }
  }

  /// Lists the live sessions, the newest first, at most ``rowLimit``.
  public func listAll() async throws(CerberusReply) -> [CerberusRow] {
    try await listSome(where: [:])
  }

  /// Lists the live sessions that meet conditions, the newest first.
  ///
  /// - Parameters:
  ///   - conditions: which.
  ///   - limit: how many at most, 1 to ``rowLimit``; what lies outside is moved there.
  /// - Returns: the rows.
  /// - Throws: 400 for conditions that are not understood.
  public func listSome(
    where conditions: CerberusWhere, limit: Int = rowLimit
  ) async throws(CerberusReply) -> [CerberusRow] {
    try await replying { () async throws(Problem) in try await rows(conditions, limit: limit).rows }
  }

  private func replying<Answer: Sendable>(
    _ body: () async throws(Problem) -> Answer
  ) async throws(CerberusReply) -> Answer {
    do { return try await body() } catch { throw CerberusReply(error) }
  }
}
