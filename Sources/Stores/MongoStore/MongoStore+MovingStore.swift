public import Accounts
internal import MongoDriver
public import SessionCore

extension MongoStore: MovingStore {
  /// So many documents that a server is done with them long before a call's time is up.
  private static let sessionsAtOnce = 200

  /// Adds sessions, two hundred in a transaction with whatever else waits; each transaction has its own time-out.
  public func insertAll(_ sessions: [Session]) async throws(StoreError) -> Int {
    var count = 0
    for start in stride(from: 0, to: sessions.count, by: Self.sessionsAtOnce) {
      let part = Array(sessions[start..<min(start + Self.sessionsAtOnce, sessions.count)])
      var needs = WriteJob.Needs()
      needs.sessions = part.map(\.id)
      needs.events = 0
      needs.weight = part.count
      count += try await write(needs) { (batch) throws(StoreError) in try batch.insertAll(part) }
    }
    return count
  }

  /// Adds an account under its own number.
  public func move(_ account: MovedAccount) async throws(StoreError) -> AccountMoveOutcome {
    try await write { (batch) throws(StoreError) in try batch.move(account) }
  }

  /// The digest, by the key's number.
  public func digest(ofKey id: Int64) async throws(StoreError) -> [UInt8]? {
    try await find { (reader) throws(StoreError) in
      let found = try reader.documents([
        "find": .string(ServiceKeyDocument.collection), "filter": ["_id": .int64(id)], "projection": ["digest": 1],
        "limit": 1,
      ])
      guard let document = found.first else { return nil }
      guard let digest = document["digest"]?.binary, digest.count == 32 else { throw ServiceKeyDocument.damaged }
      return digest
    }
  }
}

extension WriteBatch {
  fileprivate func insertAll(_ sessions: [Session]) throws(StoreError) -> Int {
    // What the server lets go of by itself is so much later than this machine says.
    let now = Timestamp(milliseconds: MongoTime.now())
    var count = 0
    for session in sessions where try self.session(session.id) == nil {
      put(session, now: now)
      tell(.session(session.id, revision: session.revision))
      count += 1
    }
    return count
  }
}
