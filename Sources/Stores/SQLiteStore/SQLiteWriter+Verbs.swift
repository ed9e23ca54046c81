internal import SQLiteDriver
internal import SessionCore

/// The writing verbs. Each is one statement, or several in a savepoint, so that one that fails leaves nothing behind.
extension SQLiteWriter {
  func insert(
    _ session: Session, limit: LiveSessionLimit?, by actor: Actor, now: Timestamp
  ) throws(StoreError) -> InsertOutcome {
    guard let limit, session.isAlive(at: now) else { return try add(session, closing: [], by: actor, now: now) }
    let (live, expired) = try open(besides: session, at: now, limit.overflow)
    let excess = max(0, live.count + 1 - limit.maximum)
    // Nobody is closed for a session that is not added.
    if excess > 0 || !expired.isEmpty, let stored = try connection().session(session.id),
      !stored.makesRoom(for: session, at: now)
    {
      return .duplicate
    }
    guard excess == 0 || limit.overflow != .deny else { return .limitReached }
    return try add(session, closing: expired + live.prefix(excess), by: actor, now: now)
  }

  /// Adds a session after evicting those of the row numbers, or ending those whose time was up.
  private func add(
    _ session: Session, closing numbers: [Int64], by actor: Actor, now: Timestamp
  ) throws(StoreError) -> InsertOutcome {
    try step { () throws(StoreError) in
      let closed = try close(numbers, reason: .evicted, by: Actor(.policy), now: now)
      try makeRoom(for: session, now: now)
      guard try insert(session) else { return .duplicate }
      try record([Event(.opened, of: session, at: now, by: actor)])
      return .inserted(closed: closed)
    }
  }

  /// Removes the session that ended with the same carried token, if there is one.
  private func makeRoom(for session: Session, now: Timestamp) throws(StoreError) {
    guard session.carried != nil, let old = try connection().session(session.id), old.makesRoom(for: session, at: now)
    else { return }
    try delete(old)
    if old.closeTime == nil { try record([Event(closing: old.settled(at: now), by: Actor(.reaper))]) }
  }

  /// Removes a session, as purging does.
  private func delete(_ session: Session) throws(StoreError) {
    _ = try changed("DELETE FROM session WHERE id = ?1") { $0.bind(utf8: session.id.text, at: 1) }
  }

  /// Adds a row; `false` if the id is taken.
  func insert(_ session: Session) throws(StoreError) -> Bool {
    try run { (connection) throws(SQLiteError) in
      let statement = try connection.statement(SessionRow.insert)
      SessionRow.bind(session, to: statement)
      try statement.run()
      return connection.changes > 0
    }
  }

  /// The row numbers of a user's live sessions, the first to be evicted first, and of the other open sessions whose
  /// time was up.
  private func open(
    besides session: Session, at now: Timestamp, _ overflow: LiveSessionLimit.Overflow
  ) throws(StoreError) -> (live: [Int64], expired: [Int64]) {
    let time = overflow == .evictLeastRecent ? "request_time" : "open_time"
    return try run { (connection) throws(SQLiteError) in
      let statement = try connection.statement(
        """
        SELECT number, deadline > ?2 FROM session INDEXED BY session_by_user
        WHERE user_id = ?1 AND is_open = 1 AND (deadline > ?2 OR id <> ?3) ORDER BY \(time), id
        """)
      defer { statement.reset() }
      statement.bind(session.userID.string, at: 1)
      statement.bind(now.milliseconds, at: 2)
      statement.bind(utf8: session.id.text, at: 3)
      var numbers: (live: [Int64], expired: [Int64]) = ([], [])
      while try statement.step() {
        if statement.int(1) == 1 {
          numbers.live.append(statement.int(0))
        } else {
          numbers.expired.append(statement.int(0))
        }
      }
      return numbers
    }
  }

  func replace(
    _ session: Session, revision: Int64, as change: SessionEvent.Change, by actor: Actor, now: Timestamp
  ) throws(StoreError) -> Bool {
    try step { () throws(StoreError) in
      var isReplaced = try replace(session, revision: revision, now: now, by: SessionRow.replaceInPlace)
      if !isReplaced { isReplaced = try replace(session, revision: revision, now: now, by: SessionRow.replace) }
      if isReplaced { try record([Event(change, of: session, at: now, by: actor)]) }
      return isReplaced
    }
  }

  private func replace(
    _ session: Session, revision: Int64, now: Timestamp, by text: FrequentStatement
  ) throws(StoreError) -> Bool {
    try run { (connection) throws(SQLiteError) in
      let statement = try connection.statement(text)
      SessionRow.bind(session, to: statement)
      statement.bind(revision, at: 24)
      statement.bind(now.milliseconds, at: 25)
      try statement.run()
      return connection.changes > 0
    }
  }

  func close(
    _ id: SessionID, lastRequest: Timestamp?, reason: CloseReason, by actor: Actor, now: Timestamp
  ) throws(StoreError) -> CloseOutcome? {
    guard let row = try connection().row(id) else { return nil }
    var stored = row.session
    guard stored.closeTime == nil else { return CloseOutcome(isClosedNow: false, session: stored) }
    if let lastRequest { stored.requestTime = max(stored.requestTime, lastRequest) }
    let session = stored.raised { $0 = $0.ended(for: reason, at: now) }
    try step { () throws(StoreError) in
      try close(row.number, as: session)
      try record([Event(closing: session, by: session.isClosedAsExpired ? Actor(.reaper) : actor)])
    }
    return CloseOutcome(
      isClosedNow: !session.isClosedAsExpired, isEndedNow: session.isClosedAsExpired, session: session)
  }

  /// Makes the open session of a row number the closed one that is given.
  private func close(_ number: Int64, as session: Session) throws(StoreError) {
    try run { (connection) throws(SQLiteError) in
      let statement = try connection.statement(SessionRow.close)
      statement.bind(session.closeTime?.milliseconds, at: 1)
      statement.bind(session.closeReason?.rawValue, at: 2)
      statement.bind(session.requestTime.milliseconds, at: 3)
      statement.bind(session.revision, at: 4)
      statement.bind(number, at: 5)
      try statement.run()
    }
  }

  /// Closes the session of a row that can't be read, of which there is nothing to tell; left open, it would be found
  /// again each time.
  private func closeUnread(_ number: Int64, reason: CloseReason, now: Timestamp) throws(StoreError) {
    try run { (connection) throws(SQLiteError) in
      let statement = try connection.statement(SessionRow.closeUnread)
      statement.bind(now.milliseconds, at: 1)
      statement.bind(reason.rawValue, at: 2)
      statement.bind(number, at: 3)
      try statement.run()
    }
  }

  func close(
    matching filter: SessionFilter, excluding: SessionID?, reason: CloseReason, by actor: Actor, now: Timestamp,
    limit: Int
  ) throws(StoreError) -> [Session] {
    guard limit > 0, filter.isAlive != false else { return [] }
    var closed: [Session] = []
    var isMore = true
    // Rows that can't be read are closed and not answered; fewer than the limit would mean that none are left.
    while isMore && closed.count < limit {
      let wanted = limit - closed.count
      let numbers = try SessionSearch(connection: connection(), now: now)
        .openNumbers(filter, excluding: excluding, limit: wanted)
      closed += try step { () throws(StoreError) in try close(numbers, reason: reason, by: actor, now: now) }
      isMore = numbers.count == wanted
    }
    return closed
  }

  /// Closes the sessions of those row numbers, all of them open, inside a savepoint; those whose time was up as the
  /// reaper does.
  private func close(
    _ numbers: [Int64], reason: CloseReason, by actor: Actor, now: Timestamp
  ) throws(StoreError) -> [Session] {
    var closed: [Session] = []
    for number in numbers {
      let statement = try connection().prepared(SessionRow.read)
      statement.bind(number, at: 1)
      let rows = try SessionRow.all(statement)
      for row in rows {
        guard let stored = row.session else {
          try closeUnread(number, reason: reason, now: now)
          continue
        }
        let session = stored.raised { $0 = $0.ended(for: reason, at: now) }
        try close(number, as: session)
        closed.append(session)
      }
    }
    try record(closed.map { Event(closing: $0, by: $0.isClosedAsExpired ? Actor(.reaper) : actor) })
    return closed
  }

  func touch(_ touches: [SessionTouch]) throws(StoreError) {
    try step { () throws(StoreError) in
      try run { (connection) throws(SQLiteError) in
        let statement = try connection.statement(
          "UPDATE session SET request_time = ?2 WHERE id = ?1 AND close_time IS NULL AND request_time < ?2")
        for touch in touches {
          statement.bind(utf8: touch.id.text, at: 1)
          statement.bind(touch.requestTime.milliseconds, at: 2)
          try statement.run()
        }
      }
    }
  }

  func remove(_ id: SessionID, by actor: Actor, now: Timestamp) throws(StoreError) -> Session? {
    try step { () throws(StoreError) in
      let removed = try changed("DELETE FROM session WHERE id = ?1") { $0.bind(utf8: id.text, at: 1) }.first
      if let removed { try record(Event.removal(of: removed, at: now, by: actor)) }
      return removed
    }
  }

  func reap(now: Timestamp, limit: Int) throws(StoreError) -> [Session] {
    guard limit > 0 else { return [] }
    let statement = try connection().prepared(SessionRow.expired)
    statement.bind(now.milliseconds, at: 1)
    statement.bind(Int64(limit), at: 2)
    let rows = try SessionRow.all(statement)
    return try step { () throws(StoreError) in
      var closed: [Session] = []
      for row in rows {
        guard let stored = row.session else {
          try closeUnread(row.number, reason: .idle, now: now)
          continue
        }
        var session = stored.raised { $0 = $0.settled(at: now) }
        try close(row.number, as: session)
        try record([Event(closing: session, by: Actor(.reaper))])
        if stored.carried != nil { try delete(session) }
        session.carried = stored.carried
        closed.append(session)
      }
      return closed
    }
  }

  func purge(closedBefore time: Timestamp, limit: Int) throws(StoreError) -> [SessionID] {
    guard limit > 0 else { return [] }
    let removed = try run { (connection) throws(SQLiteError) in
      let statement = try connection.statement(
        """
        DELETE FROM session WHERE number IN (
          SELECT number FROM session INDEXED BY session_by_closed
          WHERE close_time IS NOT NULL AND close_time < ?1 ORDER BY close_time LIMIT ?2)
        RETURNING id
        """)
      defer { statement.reset() }
      statement.bind(time.milliseconds, at: 1)
      statement.bind(Int64(limit), at: 2)
      var ids: [SessionID?] = []
      while try statement.step() { ids.append(SessionRow.id(statement, 0)) }
      return ids
    }
    try giveBack(after: removed.count, of: limit)
    return removed.compactMap { $0 }
  }

  /// Gives back what a batch of removed rows leaves empty.
  ///
  /// Shortens the file when more than a tenth of it is empty, by so few pages at a time that other writes hardly wait.
  /// At the end of a large sweep, which is a batch that is not full, lets go of the pages in memory, through which all
  /// that was removed has gone: what is still there is read again when it is needed.
  func giveBack(after removed: Int, of limit: Int) throws(StoreError) {
    try run { (connection) throws(SQLiteError) in
      removedRows += removed
      if removed < limit {
        if removedRows >= Self.largeSweep { try connection.execute("PRAGMA shrink_memory") }
        removedRows = 0
      }
      let free = try connection.int("PRAGMA freelist_count")
      guard free > 64, free > (try connection.int("PRAGMA page_count")) / 10 else { return }
      try connection.execute("PRAGMA incremental_vacuum(256)")
    }
  }

  /// Runs a statement that changes sessions, and answers them as they are then; of those it deletes, as they were.
  private func changed(_ sql: String, _ bind: (SQLiteStatement) -> Void) throws(StoreError) -> [Session] {
    let connection = try connection()
    let statement = try run { (_) throws(SQLiteError) in
      try connection.statement(sql + " RETURNING " + SessionRow.columns)
    }
    defer { statement.reset() }
    bind(statement)
    var sessions: [Session] = []
    while try run({ (_) throws(SQLiteError) in try statement.step() }) {
      sessions.append(try SessionRow.read(statement))
    }
    return sessions
  }
}
