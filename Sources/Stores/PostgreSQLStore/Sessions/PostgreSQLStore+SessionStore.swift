internal import PostgreSQLDriver
public import SessionCore

extension PostgreSQLStore: PromptSessionStore {
  /// Adds a session: one statement, and with a limit or a carried token one or two more in the same round trip.
  public func insert(
    _ session: Session, limit: LiveSessionLimit?, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> InsertOutcome {
    let limit = session.isAlive(at: now) ? limit : nil
    var statements: [PostgreSQLStatement] = []
    if let limit { statements.append(SessionStatements.makeWay(for: session, limit, now: now)) }
    if session.carried != nil { statements.append(SessionStatements.makeRoom(for: session, limit, now: now)) }
    statements.append(SessionStatements.add(session, limit, by: actor, now: now))
    return try await write(statements) { (answers) throws(StoreError) in
      let ended = limit == nil ? nil : answers.first
      let closed = try ended?.map { (row) throws(StoreError) in try SessionRow.read(row) } ?? []
      guard let row = answers.last?.first else { throw SessionRow.damaged }
      if row.bool(0) == true { return .inserted(closed: closed) }
      return row.bool(1) == true ? .duplicate : .limitReached
    }
  }

  /// The session as stored, by one look-up together with all others that wait.
  public func session(_ id: SessionID) async throws(StoreError) -> Session? {
    let found: Result<Session?, StoreError>
    do throws(PostgreSQLError) {
      found = try await client.lookUp(id.text, Self.session)
    } catch {
      throw StoreError(error)
    }
    return try found.get()
  }

  /// The same without a task; told on the thread that finds.
  public func session(_ id: SessionID, then: @escaping @Sendable (Result<Session?, StoreError>) -> Void) {
    client.lookUp(id.text, Self.session) { outcome in
      switch outcome {
      case .failure(let error): then(.failure(StoreError(error)))
      case .success(let found): then(found)
      }
    }
  }

  /// The session of a row that was looked up.
  private static func session(_ row: PostgreSQLRow?) -> Result<Session?, StoreError> {
    Result { () throws(StoreError) in try row.map { (row) throws(StoreError) in try SessionRow.read(row) } }
  }

  /// Replaces a live session that is still at `revision`: one statement.
  public func replace(
    _ session: Session, revision: Int64, as change: SessionEvent.Change, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> Bool {
    try await write(
      SessionStatements.replace(session, revision: revision, as: change, by: actor, now: now)
    ) { answers in (answers.first?.count ?? 0) > 0 }
  }

  /// Closes one live session, or writes down the end of one whose time was up: one statement.
  public func close(
    _ id: SessionID, reason: CloseReason, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> CloseOutcome? {
    try await write(
      SessionStatements.close(id, reason: reason, by: actor, now: now)
    ) { (answers) throws(StoreError) in
      guard let row = answers.first?.first else { return nil }
      return CloseOutcome(
        isClosedNow: row.bool(23) == true, isEndedNow: row.bool(24) == true, session: try SessionRow.read(row))
    }
  }

  /// Closes open sessions that match, those opened first first.
  public func close(
    matching filter: SessionFilter, excluding: SessionID?, reason: CloseReason, by actor: Actor, now: Timestamp,
    limit: Int
  ) async throws(StoreError) -> [Session] {
    guard limit > 0, filter.isAlive != false else { return [] }
    let found = try await read { (connection) throws(StoreError) in
      try SessionSearch(connection: connection, now: now).open(filter, excluding: excluding, limit: Int64(limit))
    }
    return try await write(
      SessionStatements.close(found, reason: reason, by: actor, now: now)
    ) { (answers) throws(StoreError) in
      try answers.first?.map { (row) throws(StoreError) in try SessionRow.read(row) } ?? []
    }
  }

  /// Moves request times of open sessions forward, in one statement.
  public func touch(_ touches: [SessionTouch]) async throws(StoreError) {
    try await write(SessionStatements.touch(touches)) { _ in }
  }

  /// Removes a session, open or closed.
  public func remove(_ id: SessionID, by actor: Actor, now: Timestamp) async throws(StoreError) -> Session? {
    try await write(SessionStatements.remove(id, by: actor, now: now)) { (answers) throws(StoreError) in
      try answers.first?.first.map { (row) throws(StoreError) in try SessionRow.read(row) }
    }
  }

  /// One page of a list, on a reading connection and in one snapshot.
  public func page(_ query: SessionQuery, now: Timestamp) async throws(StoreError) -> SessionPage {
    try await read { (connection) throws(StoreError) in
      try SessionSearch(connection: connection, now: now).page(query)
    }
  }

  /// How many sessions match, counted in an index.
  public func count(_ filter: SessionFilter, now: Timestamp) async throws(StoreError) -> Int {
    try await read { (connection) throws(StoreError) in
      try SessionSearch(connection: connection, now: now).count(filter)
    }
  }

  /// Closes expired sessions, those that ended first first.
  public func reap(now: Timestamp, limit: Int) async throws(StoreError) -> [Session] {
    guard limit > 0 else { return [] }
    return try await write(SessionStatements.reap(now: now, limit: Int64(limit))) { (answers) throws(StoreError) in
      try answers.first?.map { (row) throws(StoreError) in try SessionRow.read(row) } ?? []
    }
  }

  /// Removes sessions closed before `time`, those closed first first.
  public func purge(closedBefore time: Timestamp, limit: Int) async throws(StoreError) -> [SessionID] {
    guard limit > 0 else { return [] }
    return try await write(
      SessionStatements.purge(closedBefore: time, limit: Int64(limit))
    ) { answers in
      answers.first?.map { $0.sessionID(0) }.compactMap { $0 } ?? []
    }
  }
}
