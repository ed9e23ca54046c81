public import Accounts
internal import PostgreSQLDriver
public import SessionCore

extension PostgreSQLStore: LoginStore {
  /// Counts one try against every rule, or against none, by one function of the schema.
  public func countAttempt(_ rules: [AttemptRule], now: Timestamp) async throws(StoreError) -> AttemptVerdict {
    try await write(
      """
      SELECT attempt_count(
        \(keys: rules.map(\.key)), \(rules.map { Int64($0.limit) }), \(rules.map(\.window.milliseconds)),
        \(rules.map { $0.delayAfter.map { Int64($0) } }), \(rules.map(\.firstDelay.milliseconds)),
        \(rules.map(\.longestDelay.milliseconds)), \(now))
      """
    ) { (rows) throws(StoreError) in
      guard let wait = rows[0][0].int(0) else { throw Self.damagedNote }
      return wait > 0 ? .refused(retryAfter: TimeSpan(milliseconds: wait)) : .allowed
    }
  }

  /// Forgets the tries counted under these keys.
  public func forgetAttempts(_ keys: [String]) async throws(StoreError) {
    try await write("SELECT attempts_forget(\(keys: keys))") { _ in }
  }

  /// Takes one counted try back under each of these keys.
  public func returnAttempts(_ keys: [String]) async throws(StoreError) {
    try await write("SELECT attempts_return(\(keys: keys))") { _ in }
  }

  /// Notes a use; a note that is there counts until it is purged, whether or not its time is over.
  public func useOnce(_ key: String, until end: Timestamp, now: Timestamp) async throws(StoreError) -> Bool {
    try await write("SELECT use_once(\(text: key), \(end))") { (rows) throws(StoreError) in
      guard let isFirst = rows[0][0].bool(0) else { throw Self.damagedNote }
      return isFirst
    }
  }

  /// Removes notes whose time is over, those that ended first first.
  public func purgeLoginNotes(now: Timestamp, limit: Int) async throws(StoreError) -> Int {
    try await write("SELECT login_notes_purge(\(now), \(Int64(max(0, limit))))") { (rows) throws(StoreError) in
      guard let count = rows[0][0].int(0) else { throw Self.damagedNote }
      return Int(clamping: count)
    }
  }

  private static var damagedNote: StoreError {
    StoreError(.corrupt, "The session database holds a note about log-ins that can't be read.")
  }
}

extension PostgreSQLStatement.Interpolation {
  /// A list of texts of any characters.
  fileprivate mutating func appendInterpolation(keys: [String]) {
    appendInterpolation(PostgreSQLValue.texts(keys.map { StoredText.encode(Array($0.utf8)) }))
  }

  /// A list of numbers, some of which may be NULL.
  fileprivate mutating func appendInterpolation(_ numbers: [Int64?]) {
    appendInterpolation(PostgreSQLValue.integers(numbers))
  }
}
