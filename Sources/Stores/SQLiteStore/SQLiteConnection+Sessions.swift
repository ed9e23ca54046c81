internal import SQLiteDriver
internal import SessionCore

extension SQLiteConnection {
  /// The kept statement of that text.
  func prepared(_ sql: String) throws(StoreError) -> SQLiteStatement {
    do { return try statement(sql) } catch { throw StoreError(error) }
  }

  /// The kept statement of that text.
  func prepared(_ text: FrequentStatement) throws(StoreError) -> SQLiteStatement {
    do { return try statement(text) } catch { throw StoreError(error) }
  }

  /// The session as stored.
  func session(_ id: SessionID) throws(StoreError) -> Session? { try row(id)?.session }

  /// The session as stored, and its row number.
  func row(_ id: SessionID) throws(StoreError) -> (number: Int64, session: Session)? {
    let statement = try prepared(SessionRow.find)
    statement.bind(utf8: id.text, at: 1)
    guard let row = try SessionRow.all(statement).first else { return nil }
    guard let session = row.session else { throw SessionRow.damaged }
    return (row.number, session)
  }
}

extension SQLiteStatement {
  /// Goes to the next row; `false` when there is none.
  func next() throws(StoreError) -> Bool {
    do { return try step() } catch { throw StoreError(error) }
  }
}
