public import Accounts
public import SessionCore

extension SQLiteStore: LoginStore {
  /// Counts one try against every rule, or against none.
  public func countAttempt(_ rules: [AttemptRule], now: Timestamp) async throws(StoreError) -> AttemptVerdict {
    try await write { (writer) throws(StoreError) in try writer.countAttempt(rules, now: now) }
  }

  /// Forgets the tries counted under these keys.
  public func forgetAttempts(_ keys: [String]) async throws(StoreError) {
    try await write { (writer) throws(StoreError) in try writer.forgetAttempts(keys) }
  }

  /// Takes one counted try back under each of these keys.
  public func returnAttempts(_ keys: [String]) async throws(StoreError) {
    try await write { (writer) throws(StoreError) in try writer.returnAttempts(keys) }
  }

  /// Notes a use; a note that is there counts until it is purged, whether or not its time is over.
  public func useOnce(_ key: String, until end: Timestamp, now: Timestamp) async throws(StoreError) -> Bool {
    try await write { (writer) throws(StoreError) in try writer.useOnce(key, until: end) }
  }

  /// Removes notes whose time is over, and gives back room to the disk when there is much.
  public func purgeLoginNotes(now: Timestamp, limit: Int) async throws(StoreError) -> Int {
    try await write { (writer) throws(StoreError) in try writer.purgeLoginNotes(now: now, limit: limit) }
  }
}
