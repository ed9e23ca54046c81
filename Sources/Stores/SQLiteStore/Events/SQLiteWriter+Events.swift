internal import SQLiteDriver
internal import SessionCore

/// The writing verbs of the event log.
extension SQLiteWriter {
  /// Adds entries to the log, in the transaction or savepoint that is open: they are undone together with what they
  /// tell of.
  func record(_ events: [Event]) throws(StoreError) {
    guard !events.isEmpty else { return }
    try run { (connection) throws(SQLiteError) in
      let statement = try connection.statement(EventRow.insert)
      for event in events {
        EventRow.bind(event, to: statement)
        try statement.run()
      }
    }
  }

  func append(_ events: [Event]) throws(StoreError) {
    try step { () throws(StoreError) in try record(events) }
  }

  func purgeEvents(before time: Timestamp, limit: Int) throws(StoreError) -> Int {
    guard limit > 0 else { return 0 }
    let removed = try run { (connection) throws(SQLiteError) in
      let statement = try connection.statement(EventRow.purge)
      statement.bind(time.milliseconds, at: 1)
      statement.bind(Int64(limit), at: 2)
      try statement.run()
      return connection.changes
    }
    try giveBack(after: removed, of: limit)
    return removed
  }

  func setEventCursor(_ number: Int64, of follower: String) throws(StoreError) {
    try run { (connection) throws(SQLiteError) in
      let statement = try connection.statement(
        """
        INSERT INTO event_cursor (follower, number) VALUES (?1, ?2)
        ON CONFLICT (follower) DO UPDATE SET number = excluded.number
        """)
      statement.bind(follower, at: 1)
      statement.bind(number, at: 2)
      try statement.run()
    }
  }
}
