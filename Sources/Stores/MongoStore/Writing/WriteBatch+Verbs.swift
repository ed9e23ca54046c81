internal import MongoDriver
internal import SessionCore

/// The writing verbs, each decided on what the transaction sees, and written at its end.
extension WriteBatch {
  func insert(
    _ session: Session, limit: LiveSessionLimit?, by actor: Actor, now: Timestamp
  ) throws(StoreError) -> InsertOutcome {
    let old = try self.session(session.id)
    if let old, !old.makesRoom(for: session, at: now) { return .duplicate }
    var closed: [Session] = []
    if let limit, session.isAlive(at: now) {
      let open = try open(of: session.userID, limit.overflow)
      let live = open.filter { $0.isAlive(at: now) }
      let excess = max(0, live.count + 1 - limit.maximum)
      guard excess == 0 || limit.overflow != .deny else { return .limitReached }
      let expired = open.filter { !$0.isAlive(at: now) && $0.id != session.id }
      closed = (expired + live.prefix(excess)).map { end($0, .evicted, by: Actor(.policy), now: now) }
    }
    if let old, old.closeTime == nil { record([Event(closing: old.settled(at: now), by: Actor(.reaper))]) }
    put(session, now: now)
    record([Event(.opened, of: session, at: now, by: actor)])
    tell(.session(session.id, revision: session.revision))
    return .inserted(closed: closed)
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
    guard stored.closeTime == nil else { return CloseOutcome(isClosedNow: false, session: stored) }
    let ended = end(stored, reason, by: actor, now: now)
    return CloseOutcome(isClosedNow: !ended.isClosedAsExpired, isEndedNow: ended.isClosedAsExpired, session: ended)
  }

  func close(
    matching filter: SessionFilter, excluding: SessionID?, reason: CloseReason, by actor: Actor, now: Timestamp,
    limit: Int
  ) throws(StoreError) -> [Session] {
    guard limit > 0, filter.isAlive != false else { return [] }
    try flush()
    let found = try search(now: now).open(filter, excluding: excluding, limit: limit)
    see(found, isWhole: false)
    return found.map { end($0, reason, by: actor, now: now) }
  }

  /// Closes an open session, or ends it if its time was up, as the reaper does; tells of it, and answers it as it is
  /// then.
  ///
  /// What ending drops need not have been read.
  private func end(_ session: Session, _ reason: CloseReason, by actor: Actor, now: Timestamp) -> Session {
    let ended = Self.ended(session, reason, at: now)
    put(ended, now: now)
    record([Event(closing: ended, by: ended.isClosedAsExpired ? Actor(.reaper) : actor)])
    tell(.session(ended.id, revision: ended.revision))
    return ended
  }

  /// The session as ending leaves it.
  private static func ended(_ session: Session, _ reason: CloseReason, at now: Timestamp) -> Session {
    var ended = session.ended(for: reason, at: now)
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
        return end(session, session.deadlineReason, by: Actor(.reaper), now: now)
      }
      var closed = Self.ended(session, session.deadlineReason, at: now)
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
