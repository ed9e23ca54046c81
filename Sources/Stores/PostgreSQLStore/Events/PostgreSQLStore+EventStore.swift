internal import PostgreSQLDriver
public import SessionCore

extension PostgreSQLStore: EventStore {
  /// Adds entries at the end of the log, in one statement.
  public func append(_ events: [Event]) async throws(StoreError) {
    try await write(EventRow.insert(events)) { _ in }
  }

  /// Entries after `number`, oldest first, on a reading connection.
  ///
  /// Kinds are compared as the log is read, at most ten entries for each one wanted, and no fewer than a thousand.
  public func events(
    after number: Int64, kinds: Set<Event.Kind>?, limit: Int
  ) async throws(StoreError) -> EventPage {
    let limit = max(1, limit)
    let toLookAt = EventPage.entriesLookedAt(for: limit, isFiltered: kinds != nil)
    return try await read { (connection) throws(StoreError) in
      let rows = try connection.answer(EventRow.following(number, limit: Int64(toLookAt) + 1))
      var page = EventPage(entries: [], next: number, hasMore: false)
      for index in 0..<rows.count {
        let row = rows[index]
        guard index < toLookAt, page.entries.count < limit else {
          page.hasMore = true
          break
        }
        page.next = try EventRow.number(row)
        if let kinds, !kinds.contains(try EventRow.kind(row)) { continue }
        page.entries.append(try EventRow.read(row))
      }
      return page
    }
  }

  /// The number of the newest entry, by one look-up.
  public func lastEventNumber() async throws(StoreError) -> Int64 {
    try await find("SELECT max(number) FROM event") { rows in rows.first?.int(0) ?? 0 }
  }

  /// Removes the beginning of the log.
  public func purgeEvents(before time: Timestamp, limit: Int) async throws(StoreError) -> Int {
    guard limit > 0 else { return 0 }
    return try await write(EventRow.purge(before: time, limit: Int64(limit))) { rows in
      Int(clamping: rows.first?.first?.int(0) ?? 0)
    }
  }

  /// How far a named follower has got.
  public func eventCursor(of follower: String) async throws(StoreError) -> Int64? {
    try await find("SELECT number FROM event_cursor WHERE follower = \(text: follower)") { rows in rows.first?.int(0) }
  }

  /// Notes how far a named follower has got.
  public func setEventCursor(_ number: Int64, of follower: String) async throws(StoreError) {
    try await write(
      """
      INSERT INTO event_cursor (follower, number) VALUES (\(text: follower), \(number))
      ON CONFLICT (follower) DO UPDATE SET number = excluded.number
      """
    ) { _ in }
  }
}
