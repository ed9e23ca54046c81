public import Accounts
public import SessionCore

extension MongoStore: LoginStore {
  private static let notLogged: WriteJob.Needs = {
    var needs = WriteJob.Needs()
    needs.events = 0
    return needs
  }()

  /// Counts one try against every rule, or against none, by one read and one write.
  public func countAttempt(_ rules: [AttemptRule], now: Timestamp) async throws(StoreError) -> AttemptVerdict {
    try await write(Self.notLogged) { (batch) throws(StoreError) in try batch.countAttempt(rules, now: now) }
  }

  /// Forgets the tries counted under these keys.
  public func forgetAttempts(_ keys: [String]) async throws(StoreError) {
    guard !keys.isEmpty else { return }
    try await write(Self.notLogged) { (batch) throws(StoreError) in batch.forgetAttempts(keys) }
  }

  /// Takes one counted try back under each of these keys.
  public func returnAttempts(_ keys: [String]) async throws(StoreError) {
    guard !keys.isEmpty else { return }
    try await write(Self.notLogged) { (batch) throws(StoreError) in batch.returnAttempts(keys) }
  }

  /// Notes a use; a note that is there counts until it is purged, whether or not its time is over.
  public func useOnce(_ key: String, until end: Timestamp, now: Timestamp) async throws(StoreError) -> Bool {
    try await write(Self.notLogged) { (batch) throws(StoreError) in try batch.useOnce(key, until: end, now: now) }
  }

  /// Removes notes whose time is over: tries first, and of each sort those that ended first.
  public func purgeLoginNotes(now: Timestamp, limit: Int) async throws(StoreError) -> Int {
    guard limit > 0 else { return 0 }
    var needs = Self.notLogged
    needs.weight = min(limit, 10_000)
    return try await write(needs) { (batch) throws(StoreError) in
      try batch.purgeLoginNotes(now: now, limit: min(limit, 10_000))
    }
  }
}
