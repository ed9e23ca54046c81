public import Accounts
public import SessionCore

extension SharedMemoryNode: EventStore {
  /// Passes on.
  public func append(_ events: [Event]) async throws(StoreError) { try await base.append(events) }
  /// Passes on.
  public func events(
    after number: Int64, kinds: Set<Event.Kind>?, limit: Int
  ) async throws(StoreError) -> EventPage {
    try await base.events(after: number, kinds: kinds, limit: limit)
  }
  /// Passes on.
  public func lastEventNumber() async throws(StoreError) -> Int64 { try await base.lastEventNumber() }
  /// Passes on.
  public func purgeEvents(before time: Timestamp, limit: Int) async throws(StoreError) -> Int {
    try await base.purgeEvents(before: time, limit: limit)
  }
  /// Passes on.
  public func eventCursor(of follower: String) async throws(StoreError) -> Int64? {
    try await base.eventCursor(of: follower)
  }
  /// Passes on.
  public func setEventCursor(_ number: Int64, of follower: String) async throws(StoreError) {
    try await base.setEventCursor(number, of: follower)
  }
}

extension SharedMemoryNode: LoginStore {
  /// Passes on.
  public func countAttempt(_ rules: [AttemptRule], now: Timestamp) async throws(StoreError) -> AttemptVerdict {
    try await base.countAttempt(rules, now: now)
  }
  /// Passes on.
  public func forgetAttempts(_ keys: [String]) async throws(StoreError) { try await base.forgetAttempts(keys) }
  /// Passes on.
  public func returnAttempts(_ keys: [String]) async throws(StoreError) { try await base.returnAttempts(keys) }
  /// Passes on.
  public func useOnce(_ key: String, until end: Timestamp, now: Timestamp) async throws(StoreError) -> Bool {
    try await base.useOnce(key, until: end, now: now)
  }
  /// Passes on.
  public func purgeLoginNotes(now: Timestamp, limit: Int) async throws(StoreError) -> Int {
    try await base.purgeLoginNotes(now: now, limit: limit)
  }
}

extension SharedMemoryNode: AccountSessionStore {
  /// Passes on.
  public func accountSessions(
    _ query: AccountSessionQuery, now: Timestamp
  ) async throws(StoreError) -> AccountSessionPage {
    try await base.accountSessions(query, now: now)
  }
}
