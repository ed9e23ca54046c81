public import Accounts
public import SessionCore

extension InterceptedStore: LoginStore {
  /// The store inside as one of log-in notes; a store that has none can't be asked for them.
  private var logins: any LoginStore {
    get throws(StoreError) {
      guard let logins = store as? any LoginStore else {
        throw StoreError(.unavailable, "The store inside keeps no notes of log-ins.")
      }
      return logins
    }
  }

  /// Passes on.
  public func countAttempt(_ rules: [AttemptRule], now: Timestamp) async throws(StoreError) -> AttemptVerdict {
    try await around(.countAttempt) { () async throws(StoreError) in try await logins.countAttempt(rules, now: now) }
  }

  /// Passes on.
  public func forgetAttempts(_ keys: [String]) async throws(StoreError) {
    try await around(.forgetAttempts) { () async throws(StoreError) in try await logins.forgetAttempts(keys) }
  }

  /// Passes on.
  public func returnAttempts(_ keys: [String]) async throws(StoreError) {
    try await around(.returnAttempts) { () async throws(StoreError) in try await logins.returnAttempts(keys) }
  }

  /// Passes on.
  public func useOnce(_ key: String, until end: Timestamp, now: Timestamp) async throws(StoreError) -> Bool {
    try await around(.useOnce) { () async throws(StoreError) in try await logins.useOnce(key, until: end, now: now) }
  }

  /// Passes on.
  public func purgeLoginNotes(now: Timestamp, limit: Int) async throws(StoreError) -> Int {
    try await around(.purgeLoginNotes) { () async throws(StoreError) in
      try await logins.purgeLoginNotes(now: now, limit: limit)
    }
  }
}
