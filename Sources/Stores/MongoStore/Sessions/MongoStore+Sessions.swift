public import SessionCore

extension MongoStore {
  /// Adds a session; with a limit the user's own open sessions are read.
  public func insert(
    _ session: Session, limit: LiveSessionLimit?, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> InsertOutcome {
    var needs = WriteJob.Needs()
    needs.sessions = [session.id]
    if limit != nil { needs.openSessions = session.userID }
    return try await write(needs) { (batch) throws(StoreError) in
      try batch.insert(session, limit: limit, by: actor, now: now)
    }
  }

  /// Replaces a live session that is still at `revision`.
  public func replace(
    _ session: Session, revision: Int64, as change: SessionEvent.Change, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> Bool {
    var needs = WriteJob.Needs()
    needs.sessions = [session.id]
    return try await write(needs) { (batch) throws(StoreError) in
      try batch.replace(session, revision: revision, as: change, by: actor, now: now)
    }
  }

  /// Closes one live session, or writes down the end of one whose time was up.
  public func close(
    _ id: SessionID, reason: CloseReason, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> CloseOutcome? {
    var needs = WriteJob.Needs()
    needs.sessions = [id]
    return try await write(needs) { (batch) throws(StoreError) in
      try batch.close(id, reason: reason, by: actor, now: now)
    }
  }

  /// Closes live sessions that match, those opened first first.
  public func close(
    matching filter: SessionFilter, excluding: SessionID?, reason: CloseReason, by actor: Actor, now: Timestamp,
    limit: Int
  ) async throws(StoreError) -> [Session] {
    var needs = WriteJob.Needs()
    needs.weight = min(max(1, limit), 10_000)
    return try await write(needs) { (batch) throws(StoreError) in
      try batch.close(matching: filter, excluding: excluding, reason: reason, by: actor, now: now, limit: limit)
    }
  }

  /// Moves request times of open sessions forward, a hundred at a time; each hundred has its own time-out.
  public func touch(_ touches: [SessionTouch]) async throws(StoreError) {
    var latest: [SessionID: Timestamp] = [:]
    for touch in touches { latest[touch.id] = max(latest[touch.id] ?? .earliest, touch.requestTime) }
    let slack = configuration.expirySlack
    var rest = latest[...]
    var isBegun = false
    while !rest.isEmpty || !isBegun {
      let part = Dictionary(uniqueKeysWithValues: rest.prefix(Self.touchesAtOnce).map { ($0.key, $0.value) })
      rest = rest.dropFirst(Self.touchesAtOnce)
      do throws(StoreError) {
        try await work { (reader, call) throws(StoreError) in
          if !part.isEmpty { try reader.touch(part, slack: slack, for: call) }
        }
      } catch {
        guard isBegun else { throw error }
        throw StoreError(.unknownOutcome, "The session store did not store all of these.", underlying: error)
      }
      isBegun = true
    }
  }

  /// So few that the server is done with them long before the call's time is up.
  private static let touchesAtOnce = 100

  /// Removes a session, open or closed.
  public func remove(_ id: SessionID, by actor: Actor, now: Timestamp) async throws(StoreError) -> Session? {
    var needs = WriteJob.Needs()
    needs.sessions = [id]
    needs.events = 2
    return try await write(needs) { (batch) throws(StoreError) in try batch.remove(id, by: actor, now: now) }
  }

  /// One page of a list: one command for each part of the sessions that it is about.
  public func page(_ query: SessionQuery, now: Timestamp) async throws(StoreError) -> SessionPage {
    try await read { (reader) throws(StoreError) in
      try SessionSearch(now: now) { (command) throws(StoreError) in try reader.documents(command) }.page(query)
    }
  }

  /// How many sessions match, counted in an index.
  public func count(_ filter: SessionFilter, now: Timestamp) async throws(StoreError) -> Int {
    try await read { (reader) throws(StoreError) in
      try SessionSearch(now: now) { (command) throws(StoreError) in try reader.documents(command) }.count(filter)
    }
  }

  /// Closes expired sessions, those that ended first first.
  public func reap(now: Timestamp, limit: Int) async throws(StoreError) -> [Session] {
    var needs = WriteJob.Needs()
    needs.weight = min(max(1, limit), 10_000)
    return try await write(needs) { (batch) throws(StoreError) in try batch.reap(now: now, limit: limit) }
  }

  /// Removes sessions closed before `time`, those closed first first.
  public func purge(closedBefore time: Timestamp, limit: Int) async throws(StoreError) -> [SessionID] {
    var needs = WriteJob.Needs()
    needs.weight = min(max(1, limit), 10_000)
    needs.events = 0
    return try await write(needs) { (batch) throws(StoreError) in try batch.purge(closedBefore: time, limit: limit) }
  }
}
