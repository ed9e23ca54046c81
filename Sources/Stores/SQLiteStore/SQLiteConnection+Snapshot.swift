internal import SQLiteDriver
internal import SessionCore

extension SQLiteConnection {
  /// Runs reading statements that all see the same database.
  func snapshot<Result>(_ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
    if isInTransaction { return try body() }
    do { try statement("BEGIN").run() } catch { throw StoreError(error) }
    // A read transaction has nothing to lose: to end it can't fail in a way that matters.
    defer { try? execute("COMMIT") }
    return try body()
  }

  /// Whether a statement has a row.
  func hasRow(_ sql: String, _ bind: (SQLiteStatement) -> Void) throws(StoreError) -> Bool {
    let statement = try prepared(sql)
    defer { statement.reset() }
    bind(statement)
    return try statement.next()
  }
}
