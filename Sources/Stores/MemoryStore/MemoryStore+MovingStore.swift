public import Accounts
public import SessionCore

extension MemoryStore: MovingStore {
  /// Adds sessions, whose ids are not taken, in one step.
  public func insertAll(_ sessions: [Session]) async throws(StoreError) -> Int {
    try withState { state in
      var count = 0
      for session in sessions where state.sessions[session.id] == nil {
        state.sessions.put(session)
        count += 1
      }
      return count
    }
  }

  /// Adds an account under its own number.
  public func move(_ moved: MovedAccount) async throws(StoreError) -> AccountMoveOutcome {
    try withState { state in
      let account = moved.account
      if let other = state.accounts.entries[account.id] { return moved.outcome(besideOneOf: other.account.created) }
      if let member = state.accounts.taken(by: account.profile, of: account.id) { return .taken(member) }
      state.accounts.noteGiven(account.id)
      state.accounts.put(AccountTable.Entry(account: account, password: moved.password, due: moved.due))
      return .added
    }
  }

  /// The digest, by one look-up.
  public func digest(ofKey id: Int64) async throws(StoreError) -> [UInt8]? {
    try withState { $0.keys.digest(of: id) }
  }
}
