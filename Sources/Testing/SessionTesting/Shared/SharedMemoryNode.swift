public import SessionCore
import Synchronization

/// One node's handle on a store that it shares with others in this process.
public struct SharedMemoryNode: SharedStore {
  /// What it shares.
  public let place: SharedMemory
  /// Which node it is, for the controls of ``SharedMemory``.
  public let number: Int
  let beforeHeartbeat: @Sendable () async throws(StoreError) -> Void

  /// How many lanes sessions have.
  public var lanes: Int { place.lanes }
  /// The lane of accounts and service keys.
  public var directoryLane: Int { place.directoryLane }

  var base: any SharedMemory.Base { place.base }

  /// Sends a heartbeat to every node that hears the lane.
  public func sendHeartbeat(_ number: UInt64, along lane: Int) async throws(StoreError) {
    try await beforeHeartbeat()
    try await check()
    place.channel.send(.heartbeat(number), along: lane)
  }

  /// Tells every node that hears the directory's lane.
  public func sendSign(_ sign: NodeSign) async throws(StoreError) {
    try await check()
    place.channel.send(.node(sign), along: directoryLane)
  }

  /// Has `listener` hear every lane until the task is cancelled.
  public func follow(_ listener: any ChangeListener) async { await place.channel.follow(listener, node: number) }

  /// Takes a task, or keeps it.
  public func holdTask(_ task: String, as holder: String, for duration: TimeSpan) async throws(StoreError) -> Bool {
    try await checkTasks()
    let now = place.clock.now()
    return place.tasks.withLock { tasks in
      if let hold = tasks[task], hold.holder != holder, now < hold.end { return false }
      tasks[task] = SharedMemory.Hold(holder: holder, end: now + duration)
      return true
    }
  }

  /// Gives a task back, if it is `holder`'s.
  public func releaseTask(_ task: String, as holder: String) async throws(StoreError) {
    try await checkTasks()
    place.tasks.withLock { tasks in
      if tasks[task]?.holder == holder { tasks[task] = nil }
    }
  }

  private func checkTasks() async throws(StoreError) {
    try await check()
    if place.isFailingTasks.withLock({ $0 }) { throw StoreError(.unavailable, "The store is made to fail.") }
  }

  /// Tells that a session was written, and is at `revision` now.
  func tell(_ id: SessionID, _ revision: Int64) {
    place.channel.send(.session(id, revision: revision), along: id.lane(of: lanes))
  }

  /// Tells of an account or of the service keys.
  func tellDirectory(_ note: ChangeNote) { place.channel.send(note, along: directoryLane) }
}

extension SharedMemoryNode: SessionStore {
  /// Adds a session; tells of it and of those that were closed in the same step.
  public func insert(
    _ session: Session, limit: LiveSessionLimit?, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> InsertOutcome {
    let outcome = try await base.insert(session, limit: limit, by: actor, now: now)
    if case .inserted(let closed) = outcome {
      for closed in closed { tell(closed.id, closed.revision) }
      tell(session.id, session.revision)
    }
    return outcome
  }

  /// Passes on.
  public func session(_ id: SessionID) async throws(StoreError) -> Session? { try await base.session(id) }

  /// Replaces a session and tells of it.
  public func replace(
    _ session: Session, revision: Int64, as change: SessionEvent.Change, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> Bool {
    let isReplaced = try await base.replace(session, revision: revision, as: change, by: actor, now: now)
    if isReplaced { tell(session.id, session.revision) }
    return isReplaced
  }

  /// Closes a session and tells of it.
  public func close(
    _ id: SessionID, reason: CloseReason, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> CloseOutcome? {
    let outcome = try await base.close(id, reason: reason, by: actor, now: now)
    if let outcome, outcome.isClosedNow || outcome.isEndedNow { tell(id, outcome.session.revision) }
    return outcome
  }

  /// Closes sessions and tells of each.
  public func close(
    matching filter: SessionFilter, excluding: SessionID?, reason: CloseReason, by actor: Actor, now: Timestamp,
    limit: Int
  ) async throws(StoreError) -> [Session] {
    let closed = try await base.close(
      matching: filter, excluding: excluding, reason: reason, by: actor, now: now, limit: limit)
    for session in closed { tell(session.id, session.revision) }
    return closed
  }

  /// Passes on.
  public func touch(_ touches: [SessionTouch]) async throws(StoreError) { try await base.touch(touches) }

  /// Removes a session and tells of it.
  public func remove(_ id: SessionID, by actor: Actor, now: Timestamp) async throws(StoreError) -> Session? {
    let removed = try await base.remove(id, by: actor, now: now)
    if removed != nil { tell(id, .max) }
    return removed
  }

  /// Passes on.
  public func page(_ query: SessionQuery, now: Timestamp) async throws(StoreError) -> SessionPage {
    try await base.page(query, now: now)
  }

  /// Passes on.
  public func count(_ filter: SessionFilter, now: Timestamp) async throws(StoreError) -> Int {
    try await base.count(filter, now: now)
  }

  /// Closes what has expired and tells of each.
  public func reap(now: Timestamp, limit: Int) async throws(StoreError) -> [Session] {
    let reaped = try await base.reap(now: now, limit: limit)
    for session in reaped { tell(session.id, session.carried == nil ? session.revision : .max) }
    return reaped
  }

  /// Removes what was closed long ago and tells of each.
  public func purge(closedBefore time: Timestamp, limit: Int) async throws(StoreError) -> [SessionID] {
    let removed = try await base.purge(closedBefore: time, limit: limit)
    for id in removed { tell(id, .max) }
    return removed
  }

  /// Passes on.
  public func check() async throws(StoreError) { try await base.check() }

  /// Shuts the whole place down, for every node.
  public func shutdown() async { await base.shutdown() }
}
