import Accounts
import DialectKit
import HTTPRouting
import JSON
import SessionCore

extension Memento {
  /// The session that a call carries, and its user's account; counts as a request of the session.
  ///
  /// The account is looked at anew with every call, so that a change of level counts from the next one on.
  ///
  /// - Parameters:
  ///   - request: the call.
  ///   - fresh: whether the account is read from the store whatever the cache holds.
  /// - Returns: the session, alive, and the account; none for a user who has none here.
  /// - Throws: one problem for every session that is not alive, and for an account that is not active.
  func caller(
    _ request: RoutedRequest, fresh: Bool = false
  ) async throws(Problem) -> (session: Session, account: Account?) {
    guard let token = try SessionParameter.token(in: request.body?.root) else {
      throw .invalid("sesionid", "is missing")
    }
    let verification = try await Problem.storing { () async throws(StoreError) in try await sessions.verify(token) }
    guard case .active(let session) = verification else { throw .refusedSession }
    return (session, try await activeAccount(of: session, fresh: fresh))
  }

  /// The account of a session's user; `nil` for a user who has none here.
  ///
  /// - Throws: the problem of a dead session for an account that is not active, whose sessions are about to end.
  func activeAccount(of session: Session, fresh: Bool = false) async throws(Problem) -> Account? {
    guard let id = AccountID(session.userID) else { return nil }
    let account = try await Problem.storing { () async throws(StoreError) in
      try await accounts.account(id, fresh: fresh)
    }
    guard account?.profile.isActive != false else { throw .refusedSession }
    return account
  }

  /// The administrator who calls, as the event log names them.
  ///
  /// - Throws: what stands against the session or the level.
  func administrator(_ request: RoutedRequest) async throws(Problem) -> Actor {
    let (_, account) = try await caller(request, fresh: true)
    guard let account, account.profile.level >= .administrator else { throw .needsAdministrator }
    return Actor(
      .user, name: account.id.description, address: request.caller.address, requestID: request.requestID)
  }
}
