public import SessionCore

extension MemoryStore: EventStore {
  /// Adds entries at the end of the log.
  public func append(_ events: [Event]) async throws(StoreError) {
    try withState { state in
      for event in events { state.events.append(event) }
    }
  }

  /// Entries after `number`, oldest first.
  ///
  /// Kinds are compared as the log is walked, at most ten entries for each one wanted, and no fewer than a thousand.
  public func events(
    after number: Int64, kinds: Set<Event.Kind>?, limit: Int
  ) async throws(StoreError) -> EventPage {
    try withState { $0.events.page(after: number, kinds: kinds, limit: limit) }
  }

  /// The number of the newest entry.
  public func lastEventNumber() async throws(StoreError) -> Int64 {
    try withState { $0.events.lastNumber }
  }

  /// Removes the beginning of the log.
  public func purgeEvents(before time: Timestamp, limit: Int) async throws(StoreError) -> Int {
    try withState { $0.events.purge(before: time, limit: limit) }
  }

  /// How far a named follower has got.
  public func eventCursor(of follower: String) async throws(StoreError) -> Int64? {
    try withState { $0.events.cursors[ExactText(follower)] }
  }

  /// Notes how far a named follower has got.
  public func setEventCursor(_ number: Int64, of follower: String) async throws(StoreError) {
    try withState { $0.events.cursors[ExactText(follower)] = number }
  }
}
