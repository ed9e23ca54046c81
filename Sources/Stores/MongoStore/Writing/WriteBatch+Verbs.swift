internal import MongoDriver
internal import SessionCore

/// The writing verbs, each decided on what the transaction sees, and written at its end.
extension WriteBatch {
  func insert(
    _ session: Session, limit: LiveSessionLimit?, by actor: Actor, now: Timestamp
  ) throws(StoreError) -> InsertOutcome {
    let old = try self.session(session.id)
    if let old, !old.makesRoom(for: session, at: now) { return .duplicate }
    var evicted: [Session] = []
    if let limit, session.isAlive(at: now) {
      let live = try live(of: session.userID, at: now, limit.overflow)
      let excess = live.count + 1 - limit.maximum
      if excess > 0 {
        guard limit.overflow != .deny else { return .limitReached }
        evicted = live.prefix(excess).map { close($0, .evicted, at: now, by: Actor(.policy), now: now) }
      }
    }
    if let old, old.closeTime == nil { record([Event(closing: old.settled(at: now), by: Actor(.reaper))]) }
    put(session, now: now)
    record([Event(.opened, of: session, at: now, by: actor)])
    tell(.session(session.id, revision: session.revision))
    return .inserted(evicted: evicted)
  }

  func replace(
    _ session: Session, revision: Int64, as change: SessionEvent.Change, by actor: Actor, now: Timestamp
  ) throws(StoreError) -> Bool {
    guard let stored = try self.session(session.id), stored.revision == revision, stored.isAlive(at: now) else {
      return false
    }
    var session = session
    session.requestTime = max(session.requestTime, stored.requestTime)
    put(session, now: now)
    record([Event(change, of: session, at: now, by: actor)])
    tell(.session(session.id, revision: session.revision))
    return true
  }

  func close(
    _ id: SessionID, reason: CloseReason, by actor: Actor, now: Timestamp
  ) throws(StoreError) -> CloseOutcome? {
    guard let stored = try session(id) else { return nil }
    if stored.isAlive(at: now) {
      return CloseOutcome(isClosedNow: true, session: close(stored, reason, at: now, by: actor, now: now))
    }
    guard stored.closeTime == nil else { return CloseOutcome(isClosedNow: false, session: stored) }
    let ended = close(stored, stored.deadlineReason, at: stored.deadline, by: Actor(.reaper), now: now)
    return CloseOutcome(isClosedNow: false, isEndedNow: true, session: ended)
  }

  func close(
    matching filter: SessionFilter, excluding: SessionID?, reason: CloseReason, by actor: Actor, now: Timestamp,
    limit: Int
  ) throws(StoreError) -> [Session] {
    guard limit > 0, filter.isAlive != false else { return [] }
    try flush()
    let found = try search(now: now).live(filter, excluding: excluding, limit: limit)
    see(found, isWhole: false)
    return found.map { close($0, reason, at: now, by: actor, now: now) }
  }

  /// Closes an open session, tells of it, and answers it as it is then.
  ///
  /// What ending drops need not have been read.
  func close(_ session: Session, _ reason: CloseReason, at time: Timestamp, by actor: Actor, now: Timestamp) -> Session
  {
    let closed = Self.ended(session, reason, at: time)
    put(closed, now: now)
    record([Event(closing: closed, by: actor)])
    tell(.session(closed.id, revision: closed.revision))
    return closed
  }

  /// The session as ending leaves it.
  private static func ended(_ session: Session, _ reason: CloseReason, at time: Timestamp) -> Session {
    var ended = session.closed(reason, at: time)
    ended.revision += ended.revision < .max ? 1 : 0
    return ended
  }

  func remove(_ id: SessionID, by actor: Actor, now: Timestamp) throws(StoreError) -> Session? {
    guard let removed = try session(id) else { return nil }
    remove(id)
    record(Event.removal(of: removed, at: now, by: actor))
    tell(.session(id, revision: .max))
    return removed
  }

  func reap(now: Timestamp, limit: Int) throws(StoreError) -> [Session] {
    guard limit > 0 else { return [] }
    let found = try sessions([
      "find": .string(SessionDocument.collection),
      "filter": ["is_open": true, "deadline": ["$lte": .date(now.milliseconds)]],
      "sort": ["deadline": 1, "_id": 1], "limit": .int64(Int64(limit)),
      "projection": SessionDocument.withoutJSON, "hint": .string(AccessPath.deadline.index),
      "batchSize": .int64(Int64(min(limit, 1000))),
    ])
    return found.map { session in
      guard let carried = session.carried else {
        return close(session, session.deadlineReason, at: session.deadline, by: Actor(.reaper), now: now)
      }
      var closed = Self.ended(session, session.deadlineReason, at: session.deadline)
      record([Event(closing: closed, by: Actor(.reaper))])
      remove(closed.id)
      tell(.session(closed.id, revision: .max))
      closed.carried = carried
      return closed
    }
  }

  func purge(closedBefore time: Timestamp, limit: Int) throws(StoreError) -> [SessionID] {
    guard limit > 0 else { return [] }
    let found = try find([
      "find": .string(SessionDocument.collection),
      "filter": ["is_open": false, "close_time": ["$lt": .date(time.milliseconds)]],
      "sort": ["close_time": 1, "_id": 1], "limit": .int64(Int64(limit)),
      "projection": ["_id": 1], "hint": .string(AccessPath.closed.index), "batchSize": .int64(Int64(min(limit, 1000))),
    ])
    let ids = found.compactMap { $0["_id"]?.text.flatMap { SessionID($0) } }
    guard ids.count == found.count else { throw SessionDocument.damaged }
    for id in ids {
      state.sessions[id] = Entry(session: nil, isWhole: true, isStored: false)
      delete(["_id": .utf8(id.text)], from: SessionDocument.collection)
      tell(.session(id, revision: .max))
    }
    return ids
  }

  /// The sessions that a command finds, as the transaction sees them.
  private func sessions(_ command: BSONDocument) throws(StoreError) -> [Session] {
    var sessions: [Session] = []
    for document in try find(command) { sessions.append(try SessionDocument.read(document)) }
    see(sessions, isWhole: false)
    return sessions
  }

  private func search(now: Timestamp) -> SessionSearch {
    SessionSearch(now: now) { [self] (command) throws(StoreError) in try fetch(command) }
  }
}
