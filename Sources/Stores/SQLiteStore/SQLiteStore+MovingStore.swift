public import Accounts
internal import SQLiteDriver
public import SessionCore

extension SQLiteStore: MovingStore {
  /// Adds sessions in one transaction, by their ids, so that each page of the ids' index is come by once.
  public func insertAll(_ sessions: [Session]) async throws(StoreError) -> Int {
    let sorted = sessions.sorted { $0.id < $1.id }
    return try await write { (writer) throws(StoreError) in try writer.insertAll(sorted) }
  }

  /// Adds an account under its own number, in one transaction with whatever else waits.
  public func move(_ account: MovedAccount) async throws(StoreError) -> AccountMoveOutcome {
    try await write { (writer) throws(StoreError) in try writer.move(account) }
  }

  /// The digest, by one look-up.
  public func digest(ofKey id: Int64) async throws(StoreError) -> [UInt8]? {
    try await find { (connection) throws(StoreError) in try connection.digest(ofKey: id) }
  }
}

extension SQLiteWriter {
  fileprivate func insertAll(_ sessions: [Session]) throws(StoreError) -> Int {
    try step { () throws(StoreError) in
      var count = 0
      for session in sessions where try insert(session) { count += 1 }
      return count
    }
  }
}
