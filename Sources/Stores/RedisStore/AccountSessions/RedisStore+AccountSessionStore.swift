public import Accounts
internal import RedisDriver
public import SessionCore

/// Sessions with their accounts, which are in other partitions of the database.
///
/// The contract asks for one moment, which can't be had across partitions: a session may be listed with its account as
/// it was a moment later, or as it was a moment earlier than the next session. Of one account all that is shown is of
/// one moment.
extension RedisStore: AccountSessionStore {
  /// Live sessions with their accounts: sessions are walked in pieces, each joined by one step with the accounts that
  /// it names, and judged by ``AccountSessionCondition/holds(for:)``.
  public func accountSessions(
    _ query: AccountSessionQuery, now: Timestamp
  ) async throws(StoreError) -> AccountSessionPage {
    var filter = SessionFilter()
    filter.isAlive = true
    switch try await user(of: query.condition) {
    case .nobody: return AccountSessionPage(rows: [], next: nil)
    case .one(let user): filter.userID = user
    case .anybody: break
    }
    // What must be equal whatever else is asked narrows the walk.
    filter.address = query.condition.required(.address)
    var walk = LiveWalk(filter, after: query.after, limit: max(1, query.limit), now: now, store: self)
    var page = AccountSessionPage(rows: [], next: nil)
    while let sessions = try await walk.next() {
      let holders = try await holders(of: sessions)
      for session in sessions {
        let row = AccountSession(session, account: AccountID(session.userID).flatMap { holders[$0] })
        guard query.condition.holds(for: row) else { continue }
        if page.rows.count >= query.limit, !page.rows.isEmpty {
          page.next = page.rows.last?.place
          return page
        }
        page.rows.append(row)
      }
    }
    return page
  }

  /// Whose sessions alone can meet a condition.
  private enum ConditionUser {
    case anybody
    case one(ExactText)
    case nobody
  }

  private func user(of condition: AccountSessionCondition) async throws(StoreError) -> ConditionUser {
    if let userID = condition.required(.userID) { return .one(userID) }
    let index: (name: String, value: ExactText)
    if let username = condition.required(.username) {
      index = ("account_by_username", username)
    } else if let email = condition.required(.email) {
      index = ("account_by_email", email)
    } else {
      return .anybody
    }
    let reply = try await askDirectory("HGET", index.name, RedisArgument(index.value.string), by: deadline())
    if reply.isNull { return .nobody }
    guard let id = Self.accountID(reply) else { throw AccountHash.damaged }
    return .one(id.userID)
  }

  /// The accounts that these sessions are of, by one step.
  private func holders(of sessions: [Session]) async throws(StoreError) -> [AccountID: SessionHolder] {
    let ids = Array(Set(sessions.compactMap { AccountID($0.userID) }))
    guard !ids.isEmpty else { return [:] }
    let reply = try await askDirectory(
      scripts.accounts.holders, ids.map { RedisArgument($0.number) }, by: deadline())
    guard let rows = reply.asArray, rows.count == ids.count else { throw AccountHash.damaged }
    var holders: [AccountID: SessionHolder] = [:]
    for (id, row) in zip(ids, rows) {
      let fields = try HashFields(row, names: AccountHash.holderFields, orElse: AccountHash.damaged)
      if fields.count > 0 { holders[id] = try AccountHash.readHolder(id, fields) }
    }
    return holders
  }
}
