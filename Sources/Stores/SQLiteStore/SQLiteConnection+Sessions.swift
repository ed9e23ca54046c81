internal import SQLiteDriver
internal import SessionCore

extension SQLiteConnection {
  /// The kept statement of that text.
  func prepared(_ sql: String) throws(StoreError) -> SQLiteStatement {
    do { return try statement(sql) } catch { throw StoreError(error) }
  }

  /// The session as stored.
  func session(_ id: SessionID) throws(StoreError) -> Session? {
    let statement = try prepared("SELECT \(SessionRow.columns) FROM session WHERE id = ?1")
    defer { statement.reset() }
    statement.bind(utf8: id.text, at: 1)
    return try statement.next() ? try SessionRow.read(statement) : nil
  }
}

extension SQLiteStatement {
  /// Goes to the next row; `false` when there is none.
  func next() throws(StoreError) -> Bool {
    do { return try step() } catch { throw StoreError(error) }
  }
}
