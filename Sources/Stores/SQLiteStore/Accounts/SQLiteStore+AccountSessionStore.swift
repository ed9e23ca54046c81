public import Accounts
internal import SQLiteDriver
public import SessionCore

extension SQLiteStore: AccountSessionStore {
  /// Live sessions with their accounts, on a reading thread and in one snapshot.
  public func accountSessions(
    _ query: AccountSessionQuery, now: Timestamp
  ) async throws(StoreError) -> AccountSessionPage {
    try await read { (connection) throws(StoreError) in
      try AccountSessionSearch.page(query, now: now, on: connection)
    }
  }
}
