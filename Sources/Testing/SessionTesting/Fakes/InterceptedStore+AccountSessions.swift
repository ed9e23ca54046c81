public import Accounts
public import SessionCore

extension InterceptedStore: AccountSessionStore {
  /// Passes on; a store that keeps no accounts can't be asked.
  public func accountSessions(
    _ query: AccountSessionQuery, now: Timestamp
  ) async throws(StoreError) -> AccountSessionPage {
    try await around(.accountSessions) { () async throws(StoreError) in
      guard let lists = store as? any AccountSessionStore else {
        throw StoreError(.unavailable, "The store inside lists no sessions with accounts.")
      }
      return try await lists.accountSessions(query, now: now)
    }
  }
}
