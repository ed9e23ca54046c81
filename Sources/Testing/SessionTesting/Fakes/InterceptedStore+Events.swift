public import SessionCore

extension InterceptedStore: EventStore {
  /// The store inside as a log; a store that has none can't be asked for it.
  private var log: any EventStore {
    get throws(StoreError) {
      guard let log = store as? any EventStore else {
        throw StoreError(.unavailable, "The store inside keeps no event log.")
      }
      return log
    }
  }

  /// Passes on.
  public func append(_ events: [Event]) async throws(StoreError) {
    try await around(.append) { () async throws(StoreError) in try await log.append(events) }
  }

  /// Passes on.
  public func events(
    after number: Int64, kinds: Set<Event.Kind>?, limit: Int
  ) async throws(StoreError) -> EventPage {
    try await around(.events) { () async throws(StoreError) in
      try await log.events(after: number, kinds: kinds, limit: limit)
    }
  }

  /// Passes on.
  public func lastEventNumber() async throws(StoreError) -> Int64 {
    try await around(.lastEventNumber) { () async throws(StoreError) in try await log.lastEventNumber() }
  }

  /// Passes on.
  public func purgeEvents(before time: Timestamp, limit: Int) async throws(StoreError) -> Int {
    try await around(.purgeEvents) { () async throws(StoreError) in
      try await log.purgeEvents(before: time, limit: limit)
    }
  }

  /// Passes on.
  public func eventCursor(of follower: String) async throws(StoreError) -> Int64? {
    try await around(.eventCursor) { () async throws(StoreError) in try await log.eventCursor(of: follower) }
  }

  /// Passes on.
  public func setEventCursor(_ number: Int64, of follower: String) async throws(StoreError) {
    try await around(.setEventCursor) { () async throws(StoreError) in
      try await log.setEventCursor(number, of: follower)
    }
  }
}
