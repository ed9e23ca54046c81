import Accounts
import DialectKit
import HTTPRouting
import IdentityTokens
import SessionCore

/// What finds users and lists sessions.
extension CerberusSessions {
  /// How many rows one read of the store brings.
  private static let batch = 1000

  func found(_ token: String?, fresh: Bool) async throws(Problem) -> CerberusReply {
    guard let token, !token.isEmpty else { throw .noToken }
    let session = try await session(of: Array(token.utf8), fresh: fresh)
    let account = try await account(of: session, fresh: fresh)
    return .found(CerberusUser(account, of: session), isUpdated: fresh)
  }

  /// The live session of a token of either kind, whichever of them is made here: other interfaces make the other.
  private func session(of token: [UInt8], fresh: Bool) async throws(Problem) -> Session {
    guard !token.starts(with: "sst_".utf8) else {
      let verification = try await Problem.storing { () async throws(StoreError) in
        try await core.verify(token, fresh: fresh)
      }
      switch verification {
      case .active(let session): return session
      case .refused(.malformed, _, _), .refused(.forged, _, _): throw .invalidToken
      case .refused: throw .sessionGone
      }
    }
    switch signed.read(token, now: core.clock.now()) {
    case .malformed, .forged: throw .invalidToken
    case .expired: throw .sessionGone
    case .genuine(let claims):
      let session = try await Problem.storing { () async throws(StoreError) in
        try await core.session(claims.sessionID, fresh: fresh, touching: true)
      }
      guard let session, claims.stands(for: session) else { throw .sessionGone }
      return session
    }
  }

  /// The account of a live session; `nil` if its user has none.
  ///
  /// The sessions of an account that is off end; until they have, they are gone all the same.
  func account(of session: Session, fresh: Bool) async throws(Problem) -> Account? {
    guard let id = AccountID(session.userID) else { return nil }
    let account = try await Problem.storing { () async throws(StoreError) in
      try await accounts.account(id, fresh: fresh)
    }
    guard account?.profile.isActive != false else { throw .sessionGone }
    return account
  }

  /// The rows that meet conditions, and whether there are more of them.
  func rows(_ conditions: CerberusWhere, limit: Int) async throws(Problem) -> (rows: [CerberusRow], hasMore: Bool) {
    let now = core.clock.now()
    var query = AccountSessionQuery(try conditions.condition(now: now))
    let limit = min(max(limit, 1), Self.rowLimit)
    // Without the latest request times the store would take a busy session for an expired one.
    try await Problem.storing { () async throws(StoreError) in try await core.flushTouches() }
    var rows: [CerberusRow] = []
    while true {
      query.limit = min(Self.batch, limit - rows.count)
      let wanted = query
      let page = try await Problem.storing { () async throws(StoreError) in
        try await store.accountSessions(wanted, now: now)
      }
      rows += page.rows.map { CerberusRow($0) }
      guard let next = page.next, rows.count < limit else { return (rows, page.next != nil) }
      query.after = next
    }
  }
}
