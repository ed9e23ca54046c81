package import SessionCore

/// Sessions in a dictionary, and lists that look at each of them: about as small as a store can be that keeps the whole
/// contract of `SessionStore`.
///
/// An actor runs one verb at a time, and no verb waits inside, so each happens whole. Nothing survives the process. A
/// store of yours keeps the same promises with what it has: transactions, conditional writes, indexes.
package actor ListStore: SessionStore {
  private var sessions: [SessionID: Session] = [:]
  private var isShutDown = false

  /// An empty store.
  package init() {}

  package func insert(
    _ session: Session, limit: LiveSessionLimit?, by actor: Actor, now: Timestamp
  ) throws(StoreError) -> InsertOutcome {
    try check()
    if let old = sessions[session.id], !old.makesRoom(for: session, at: now) { return .duplicate }
    var closed: [Session] = []
    if let limit, session.isAlive(at: now) {
      var filter = SessionFilter()
      filter.userID = session.userID
      let key: SessionOrder.Key = limit.overflow == .evictLeastRecent ? .requested : .opened
      let open = sorted(filter, SessionOrder(key, isDescending: false), now: now).filter { $0.closeTime == nil }
      let live = open.filter { $0.isAlive(at: now) }
      let excess = max(0, live.count + 1 - limit.maximum)
      if excess > 0, limit.overflow == .deny { return .limitReached }
      let expired = open.filter { !$0.isAlive(at: now) && $0.id != session.id }
      closed = (expired + live.prefix(excess)).map { end($0, .evicted, at: now) }
    }
    sessions[session.id] = session
    return .inserted(closed: closed)
  }

  package func session(_ id: SessionID) throws(StoreError) -> Session? {
    try check()
    return sessions[id]
  }

  package func replace(
    _ session: Session, revision: Int64, as change: SessionEvent.Change, by actor: Actor, now: Timestamp
  ) throws(StoreError) -> Bool {
    try check()
    guard let stored = sessions[session.id], stored.revision == revision, stored.isAlive(at: now) else { return false }
    sessions[session.id] = session
    sessions[session.id]?.requestTime = max(session.requestTime, stored.requestTime)
    return true
  }

  package func close(
    _ id: SessionID, reason: CloseReason, by actor: Actor, now: Timestamp
  ) throws(StoreError) -> CloseOutcome? {
    try check()
    guard let stored = sessions[id] else { return nil }
    guard stored.closeTime == nil else { return CloseOutcome(isClosedNow: false, session: stored) }
    let ended = end(stored, reason, at: now)
    return CloseOutcome(isClosedNow: !ended.isClosedAsExpired, isEndedNow: ended.isClosedAsExpired, session: ended)
  }

  package func close(
    matching filter: SessionFilter, excluding: SessionID?, reason: CloseReason, by actor: Actor, now: Timestamp,
    limit: Int
  ) throws(StoreError) -> [Session] {
    try check()
    var open = filter
    open.isAlive = nil
    return sorted(open, .newest, now: now)
      .filter { $0.closeTime == nil && filter.isAlive != false && $0.id != excluding }
      .prefix(max(0, limit)).map { end($0, reason, at: now) }
  }

  package func touch(_ touches: [SessionTouch]) throws(StoreError) {
    try check()
    for touch in touches {
      guard let session = sessions[touch.id], session.closeTime == nil else { continue }
      sessions[touch.id]?.requestTime = max(session.requestTime, touch.requestTime)
    }
  }

  package func remove(_ id: SessionID, by actor: Actor, now: Timestamp) throws(StoreError) -> Session? {
    try check()
    return sessions.removeValue(forKey: id)
  }

  package func page(_ query: SessionQuery, now: Timestamp) throws(StoreError) -> SessionPage {
    try check()
    let found = sorted(query.filter, query.order, now: now)
    let rest = found.drop { session in
      query.after.map { !query.order.precedes($0, query.order.cursor(of: session)) } ?? false
    }.dropFirst(max(0, query.skip))
    var page = Array(rest.prefix(max(1, query.limit)))
    if !query.includesContents {
      for index in page.indices { (page[index].user, page[index].data, page[index].carried) = (nil, nil, nil) }
    }
    let next = rest.count > page.count ? page.last.map(query.order.cursor(of:)) : nil
    return SessionPage(sessions: page, next: next, count: query.counts ? found.count : nil)
  }

  package func count(_ filter: SessionFilter, now: Timestamp) throws(StoreError) -> Int {
    try check()
    return sessions.values.count { filter.matches($0, at: now) }
  }

  package func reap(now: Timestamp, limit: Int) throws(StoreError) -> [Session] {
    try check()
    let expired = sessions.values.filter { $0.closeTime == nil && $0.deadline <= now }
    return expired.prefix(max(0, limit)).map { session in
      var closed = end(session, session.deadlineReason, at: now)
      if session.carried != nil {
        sessions[session.id] = nil
        closed.carried = session.carried
      }
      return closed
    }
  }

  package func purge(closedBefore time: Timestamp, limit: Int) throws(StoreError) -> [SessionID] {
    try check()
    let old = sessions.values.filter { $0.closeTime.map { $0 < time } ?? false }.prefix(max(0, limit)).map(\.id)
    for id in old { sessions[id] = nil }
    return old
  }

  package func check() throws(StoreError) {
    if isShutDown { throw StoreError(.closed, "The session store is shut down.") }
  }

  package func shutdown() { isShutDown = true }

  private func sorted(_ filter: SessionFilter, _ order: SessionOrder, now: Timestamp) -> [Session] {
    sessions.values.filter { filter.matches($0, at: now) }
      .sorted { order.precedes(order.cursor(of: $0), order.cursor(of: $1)) }
  }

  private func end(_ session: Session, _ reason: CloseReason, at now: Timestamp) -> Session {
    var ended = session.ended(for: reason, at: now)
    ended.revision += ended.revision < .max ? 1 : 0
    sessions[session.id] = ended
    return ended
  }
}

extension SessionOrder {
  /// A session's place in this order.
  fileprivate func cursor(of session: Session) -> SessionCursor {
    SessionCursor(time: time(of: session), id: session.id)
  }
}
