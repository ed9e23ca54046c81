public import Accounts
public import SessionCore

extension MemoryStore: LoginStore {
  /// Counts one try against every rule, or against none.
  public func countAttempt(_ rules: [AttemptRule], now: Timestamp) async throws(StoreError) -> AttemptVerdict {
    try withState { $0.logins.countAttempt(rules, now: now) }
  }

  /// Forgets the tries counted under these keys.
  public func forgetAttempts(_ keys: [String]) async throws(StoreError) {
    try withState { $0.logins.forgetAttempts(keys) }
  }

  /// Takes one counted try back under each of these keys.
  public func returnAttempts(_ keys: [String]) async throws(StoreError) {
    try withState { $0.logins.returnAttempts(keys) }
  }

  /// Notes a use; a note that is there counts until it is purged, whether or not its time is over.
  public func useOnce(_ key: String, until end: Timestamp, now: Timestamp) async throws(StoreError) -> Bool {
    try withState { $0.logins.useOnce(key, until: end) }
  }

  /// Removes notes whose time is over, those that ended first first.
  public func purgeLoginNotes(now: Timestamp, limit: Int) async throws(StoreError) -> Int {
    try withState { $0.logins.purge(now: now, limit: limit) }
  }
}
