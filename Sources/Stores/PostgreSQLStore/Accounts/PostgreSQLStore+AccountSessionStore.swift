public import Accounts
internal import PostgreSQLDriver
public import SessionCore

extension PostgreSQLStore: AccountSessionStore {
  /// Live sessions with their accounts, by one statement.
  public func accountSessions(
    _ query: AccountSessionQuery, now: Timestamp
  ) async throws(StoreError) -> AccountSessionPage {
    let search = AccountSessionSearch(query, now: now)
    return try await read { (connection) throws(StoreError) in
      try search.page(try connection.answer(search.statement))
    }
  }
}
