public import SessionCore

extension Accounts {
  /// How many debts are read at once.
  private static let batch = 100

  /// Closes the sessions that must end with a change of their account, where that was not done when it was made.
  ///
  /// A process that stops between the two leaves such debts. Run at the start, before anything is served, and from time
  /// to time.
  public func settleClosings() async throws(StoreError) {
    while true {
      let dues = try await store.closingsDue(limit: Self.batch)
      for (id, due) in dues { try await close(due, of: id, by: Actor(.policy)) }
      if dues.count < Self.batch { return }
    }
  }

  /// Closes the sessions of an account but for the one that may go on, and takes the debt away.
  func close(_ due: ClosingDue, of id: AccountID, by actor: Actor) async throws(StoreError) {
    _ = try await sessions.closeAll(of: id.userID, except: due.except, reason: .account, by: actor)
    try await store.settleClosing(of: id, due: due)
  }
}
