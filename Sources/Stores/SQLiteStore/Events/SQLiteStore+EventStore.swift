internal import SQLiteDriver
public import SessionCore

extension SQLiteStore: EventStore {
  /// Adds entries at the end of the log, in one transaction.
  public func append(_ events: [Event]) async throws(StoreError) {
    try await write { (writer) throws(StoreError) in try writer.append(events) }
  }

  /// Entries after `number`, oldest first, on a reading thread.
  ///
  /// Kinds are compared as the log is read, at most ten entries for each one wanted, and no fewer than a thousand.
  public func events(
    after number: Int64, kinds: Set<Event.Kind>?, limit: Int
  ) async throws(StoreError) -> EventPage {
    try await read { (connection) throws(StoreError) in
      try connection.events(after: number, kinds: kinds, limit: limit)
    }
  }

  /// The number of the newest entry, by one look-up on the thread for these.
  public func lastEventNumber() async throws(StoreError) -> Int64 {
    try await find { (connection) throws(StoreError) in
      try connection.firstInt("SELECT max(number) FROM event") { _ in } ?? 0
    }
  }

  /// Removes the beginning of the log, and gives back room to the disk when there is much.
  public func purgeEvents(before time: Timestamp, limit: Int) async throws(StoreError) -> Int {
    try await write { (writer) throws(StoreError) in try writer.purgeEvents(before: time, limit: limit) }
  }

  /// How far a named follower has got.
  public func eventCursor(of follower: String) async throws(StoreError) -> Int64? {
    try await find { (connection) throws(StoreError) in
      try connection.firstInt("SELECT number FROM event_cursor WHERE follower = ?1") { $0.bind(follower, at: 1) }
    }
  }

  /// Notes how far a named follower has got.
  public func setEventCursor(_ number: Int64, of follower: String) async throws(StoreError) {
    try await write { (writer) throws(StoreError) in try writer.setEventCursor(number, of: follower) }
  }
}

extension SQLiteConnection {
  /// A piece of the log.
  fileprivate func events(
    after number: Int64, kinds: Set<Event.Kind>?, limit: Int
  ) throws(StoreError) -> EventPage {
    let limit = max(1, limit)
    var toLookAt = EventPage.entriesLookedAt(for: limit, isFiltered: kinds != nil)
    let statement = try prepared(EventRow.following)
    defer { statement.reset() }
    statement.bind(number, at: 1)
    statement.bind(Int64(toLookAt) + 1, at: 2)
    var page = EventPage(entries: [], next: number, hasMore: false)
    while try statement.next() {
      guard toLookAt > 0, page.entries.count < limit else {
        page.hasMore = true
        break
      }
      toLookAt -= 1
      page.next = statement.int(0)
      if let kinds, !kinds.contains(try EventRow.kind(statement)) { continue }
      page.entries.append(try EventRow.read(statement))
    }
    return page
  }

  /// The first column of the first row; `nil` for none, and for NULL.
  fileprivate func firstInt(_ sql: String, _ bind: (SQLiteStatement) -> Void) throws(StoreError) -> Int64? {
    let statement = try prepared(sql)
    defer { statement.reset() }
    bind(statement)
    return try statement.next() ? statement.optionalInt(0) : nil
  }
}
