public import Accounts
public import SessionCore

extension MemoryStore: AccountSessionStore {
  /// Live sessions with their accounts, walked in order; those of one user by the user's index.
  public func accountSessions(
    _ query: AccountSessionQuery, now: Timestamp
  ) async throws(StoreError) -> AccountSessionPage {
    try withState { state in
      var page = AccountSessionPage(rows: [], next: nil)
      var filter = SessionFilter()
      filter.isAlive = true
      switch state.accounts.user(of: query.condition) {
      case .nobody: return page
      case .one(let userID): filter.userID = userID
      case .anybody: break
      }
      let limit = max(1, query.limit)
      state.sessions.forEachMatch(filter, order: .newest, after: query.after, now: now, wanted: limit) { session in
        let row = state.accounts.row(of: session)
        guard query.condition.holds(for: row) else { return true }
        guard page.rows.count < limit else {
          page.next = page.rows.last?.place
          return false
        }
        page.rows.append(row)
        return true
      }
      return page
    }
  }
}

extension AccountTable {
  /// Whose sessions alone can meet a condition.
  enum ConditionUser {
    case anybody
    case one(ExactText)
    case nobody
  }

  /// The one user that a condition leads to.
  func user(of condition: AccountSessionCondition) -> ConditionUser {
    if let userID = condition.required(.userID) { return .one(userID) }
    if let username = condition.required(.username) { return user(of: usernames[username]) }
    if let email = condition.required(.email) {
      // What is no address as it is compared is nobody's.
      guard let address = EmailAddress(email.string), address.key == email else { return .nobody }
      return user(of: emails[address])
    }
    return .anybody
  }

  private func user(of id: AccountID?) -> ConditionUser { id.map { .one($0.userID) } ?? .nobody }

  /// The session with the account that it is of.
  func row(of session: Session) -> AccountSession {
    let account = AccountID(session.userID).flatMap { entries[$0]?.account }
    return AccountSession(session, account: account.map { SessionHolder($0) })
  }
}
