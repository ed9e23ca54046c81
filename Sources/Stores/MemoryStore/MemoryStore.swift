public import SessionCore
internal import Synchronization

/// A store in the process's own memory, for tests, trials and services that may forget their sessions when they end.
///
/// Every verb holds one lock for as long as it takes, and never waits for anything else. Lists and counts go by
/// indexes: a page costs what it holds.
public final class MemoryStore: PromptSessionStore {
  /// Everything that is kept.
  struct State {
    var sessions = SessionTable()
    var accounts = AccountTable()
    var logins = LoginNotes()
    var keys = ServiceKeyTable()
    var events = EventLog()
    var isShutDown = false
  }

  private let state = Mutex(State())

  /// An empty store.
  public init() {}

  /// Runs `body` alone, or throws if the store is shut down.
  func withState<Result: Sendable>(_ body: (inout State) -> Result) throws(StoreError) -> Result {
    try state.withLock { state throws(StoreError) in
      guard !state.isShutDown else { throw StoreError(.closed, "The session store is shut down.") }
      return body(&state)
    }
  }

  private func withTable<Result: Sendable>(_ body: (inout SessionTable) -> Result) throws(StoreError) -> Result {
    try withState { body(&$0.sessions) }
  }

  /// Adds a session; counting and evicting walk the user's own open sessions.
  public func insert(
    _ session: Session, limit: LiveSessionLimit?, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> InsertOutcome {
    try withState { state in
      let old = state.sessions[session.id]
      if let old, !old.makesRoom(for: session, at: now) { return .duplicate }
      var closed: [Session] = []
      if let limit, session.isAlive(at: now) {
        var filter = SessionFilter()
        filter.userID = session.userID
        let open = state.sessions.open(filter, by: limit.overflow == .evictLeastRecent ? .requested : .opened)
        let live = open.filter { $0.isAlive(at: now) }
        let excess = max(0, live.count + 1 - limit.maximum)
        guard excess == 0 || limit.overflow != .deny else { return .limitReached }
        let expired = open.filter { !$0.isAlive(at: now) && $0.id != session.id }
        closed = (expired + live.prefix(excess)).map { state.end($0, .evicted, at: now, by: Actor(.policy)) }
      }
      if let old, old.closeTime == nil {
        state.events.append(Event(closing: old.settled(at: now), by: Actor(.reaper)))
      }
      state.sessions.put(session)
      state.events.append(Event(.opened, of: session, at: now, by: actor))
      return .inserted(closed: closed)
    }
  }

  /// The session as stored, by one look-up.
  public func session(_ id: SessionID) async throws(StoreError) -> Session? {
    try withTable { $0[id] }
  }

  /// The same at once.
  public func session(_ id: SessionID, then: @escaping @Sendable (Result<Session?, StoreError>) -> Void) {
    then(Result { () throws(StoreError) in try withTable { $0[id] } })
  }

  /// Replaces a live session that is still at `revision`.
  public func replace(
    _ session: Session, revision: Int64, as change: SessionEvent.Change, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> Bool {
    try withState { state in
      guard let stored = state.sessions[session.id], stored.revision == revision, stored.isAlive(at: now) else {
        return false
      }
      var session = session
      session.requestTime = max(session.requestTime, stored.requestTime)
      state.sessions.put(session)
      state.events.append(Event(change, of: session, at: now, by: actor))
      return true
    }
  }

  /// Closes one live session, or writes down the end of one whose time was up.
  public func close(
    _ id: SessionID, reason: CloseReason, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> CloseOutcome? {
    try withState { state in
      guard let stored = state.sessions[id] else { return nil }
      guard stored.closeTime == nil else { return CloseOutcome(isClosedNow: false, session: stored) }
      let ended = state.end(stored, reason, at: now, by: actor)
      return CloseOutcome(isClosedNow: !ended.isClosedAsExpired, isEndedNow: ended.isClosedAsExpired, session: ended)
    }
  }

  /// Closes open sessions that match, those opened first first.
  public func close(
    matching filter: SessionFilter, excluding: SessionID?, reason: CloseReason, by actor: Actor, now: Timestamp,
    limit: Int
  ) async throws(StoreError) -> [Session] {
    try withState { state in
      guard limit > 0, filter.isAlive != false else { return [] }
      return state.sessions.open(filter, by: .opened, excluding: excluding, limit: limit)
        .map { state.end($0, reason, at: now, by: actor) }
    }
  }

  /// Moves request times of open sessions forward.
  public func touch(_ touches: [SessionTouch]) async throws(StoreError) {
    try withTable { table in
      for touch in touches { table.touch(touch.id, at: touch.requestTime) }
    }
  }

  /// Removes a session, open or closed.
  public func remove(_ id: SessionID, by actor: Actor, now: Timestamp) async throws(StoreError) -> Session? {
    try withState { state in
      guard let removed = state.sessions.remove(id) else { return nil }
      for event in Event.removal(of: removed, at: now, by: actor) { state.events.append(event) }
      return removed
    }
  }

  /// One page of a list, walked along the smallest index that holds all that match.
  public func page(_ query: SessionQuery, now: Timestamp) async throws(StoreError) -> SessionPage {
    try withTable { table in
      var toSkip = max(0, query.skip)
      let limit = max(1, query.limit)
      var sessions: [Session] = []
      var hasMore = false
      let wanted = toSkip.addingReportingOverflow(limit)
      table.forEachMatch(
        query.filter, order: query.order, after: query.after, now: now,
        wanted: wanted.overflow ? .max : wanted.partialValue
      ) { session in
        if toSkip > 0 {
          toSkip -= 1
          return true
        }
        guard sessions.count < limit else {
          hasMore = true
          return false
        }
        sessions.append(session)
        if !query.includesContents {
          sessions[sessions.count - 1].user = nil
          sessions[sessions.count - 1].data = nil
          sessions[sessions.count - 1].carried = nil
        }
        return true
      }
      let next = sessions.last.map { SessionCursor(time: query.order.time(of: $0), id: $0.id) }
      return SessionPage(
        sessions: sessions, next: hasMore ? next : nil, count: query.counts ? table.count(query.filter, now: now) : nil)
    }
  }

  /// How many sessions match; arithmetic for a filter of one member or of one time, else a look at each candidate.
  public func count(_ filter: SessionFilter, now: Timestamp) async throws(StoreError) -> Int {
    try withTable { $0.count(filter, now: now) }
  }

  /// Closes expired sessions, those that ended first first.
  public func reap(now: Timestamp, limit: Int) async throws(StoreError) -> [Session] {
    try withState { state in
      var expired = state.sessions.expired(at: now)
      var found: [Session] = []
      while found.count < limit, let cursor = expired.next() {
        if let session = state.sessions[cursor.id] { found.append(session) }
      }
      return found.map { session in
        var closed = state.end(session, session.deadlineReason, at: now, by: Actor(.reaper))
        guard session.carried != nil else { return closed }
        _ = state.sessions.remove(closed.id)
        closed.carried = session.carried
        return closed
      }
    }
  }

  /// Removes sessions closed before `time`, those closed first first.
  public func purge(closedBefore time: Timestamp, limit: Int) async throws(StoreError) -> [SessionID] {
    try withTable { table in
      var closed = table.closed(before: time)
      var found: [SessionID] = []
      while found.count < limit, let cursor = closed.next() { found.append(cursor.id) }
      for id in found { _ = table.remove(id) }
      return found
    }
  }

  /// Throws only after ``shutdown()``.
  public func check() async throws(StoreError) {
    try withTable { _ in }
  }

  /// Refuses every call from now on; the sessions are gone with the store.
  public func shutdown() async {
    state.withLock { $0.isShutDown = true }
  }
}

extension SessionTable {
  /// The open sessions that match, whether or not their time is up; the earliest first.
  fileprivate func open(
    _ filter: SessionFilter, by key: SessionOrder.Key, excluding: SessionID? = nil, limit: Int = .max
  ) -> [Session] {
    var filter = filter
    filter.isAlive = true
    let order = SessionOrder(key, isDescending: false)
    var found: [Session] = []
    // At the beginning of time nobody's time is up.
    forEachMatch(filter, order: order, after: nil, now: .earliest, wanted: limit) { session in
      if session.id != excluding { found.append(session) }
      return found.count < limit
    }
    return found
  }
}

extension MemoryStore.State {
  /// Closes an open session, or ends it if its time was up, as the reaper does; notes it in the log, and answers it as
  /// it is then.
  fileprivate mutating func end(
    _ session: Session, _ reason: CloseReason, at now: Timestamp, by actor: Actor
  ) -> Session {
    var ended = session.ended(for: reason, at: now)
    ended.revision += ended.revision < .max ? 1 : 0
    sessions.put(ended)
    events.append(Event(closing: ended, by: ended.isClosedAsExpired ? Actor(.reaper) : actor))
    return ended
  }
}
