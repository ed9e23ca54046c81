import SessionCore
import SessionTesting

/// One simulated node's way to the store, which watches what is asked of it.
///
/// A question that arrives late is a write whose outcome nobody knows: it is made at some later time, or never.
struct SimulatedStore: SessionStore {
  let node: SharedMemoryNode
  let wire: SimulatedWire
  let network: SimulatedNetwork
  let watch: StoreWatch

  private func write<Answer>(
    _ verb: StoreVerb, _ body: @escaping @Sendable () async throws(StoreError) -> Answer
  ) async throws(StoreError) -> Answer {
    switch await wire.ask() {
    case .arrives: break
    case .isLost:
      watch.lost(verb)
      throw StoreError(.unavailable, "The question was lost.")
    case .arrivesLate:
      watch.lost(verb)
      network.deliverLater { _ = try? await body() }
      throw StoreError(.unknownOutcome, "The answer was not waited for.")
    }
    let answer = try await body()
    guard await wire.answer() else {
      watch.lost(verb)
      throw StoreError(.unknownOutcome, "The answer was lost.")
    }
    return answer
  }

  private func read<Answer>(
    _ body: () async throws(StoreError) -> Answer
  ) async throws(StoreError) -> Answer {
    guard case .arrives = await wire.ask() else { throw StoreError(.unavailable, "The question was lost.") }
    let answer = try await body()
    guard await wire.answer() else { throw StoreError(.unavailable, "The answer was lost.") }
    return answer
  }

  func insert(
    _ session: Session, limit: LiveSessionLimit?, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> InsertOutcome {
    try await write(.insert) { () async throws(StoreError) in
      let outcome = try await node.insert(session, limit: limit, by: actor, now: now)
      watch.saw("insert \(session.id) -> \(outcome.name)")
      // By the policy, not by what the node makes of it. All that are open count, for a request time that comes late
      // makes them live: that is what they seem to do at the beginning of time.
      if case .inserted = outcome, let limit = watch.limit {
        var filter = SessionFilter()
        (filter.userID, filter.isAlive) = (session.userID, true)
        watch.live(try await node.count(filter, now: .earliest), limit)
      }
      return outcome
    }
  }

  func session(_ id: SessionID) async throws(StoreError) -> Session? {
    try await read { () async throws(StoreError) in try await node.session(id) }
  }

  func replace(
    _ session: Session, revision: Int64, as change: SessionEvent.Change, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> Bool {
    try await write(.replace) { () async throws(StoreError) in
      let before = try await node.session(session.id)
      let isReplaced = try await node.replace(session, revision: revision, as: change, by: actor, now: now)
      watch.saw("replace \(session.id) at \(revision), generation \(session.generation) -> \(isReplaced)")
      if isReplaced, let before { watch.replaced(before, by: session, as: change) }
      return isReplaced
    }
  }

  func close(
    _ id: SessionID, reason: CloseReason, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> CloseOutcome? {
    try await write(.close) { () async throws(StoreError) in
      let outcome = try await node.close(id, reason: reason, by: actor, now: now)
      watch.saw("close \(id) -> \(outcome?.isClosedNow.description ?? "missing")")
      return outcome
    }
  }

  func close(
    matching filter: SessionFilter, excluding: SessionID?, reason: CloseReason, by actor: Actor, now: Timestamp,
    limit: Int
  ) async throws(StoreError) -> [Session] {
    try await write(.closeMatching) { () async throws(StoreError) in
      let closed = try await node.close(
        matching: filter, excluding: excluding, reason: reason, by: actor, now: now, limit: limit)
      watch.saw("close matching -> \(closed.count)")
      return closed
    }
  }

  func touch(_ touches: [SessionTouch]) async throws(StoreError) {
    try await write(.touch) { () async throws(StoreError) in
      try await node.touch(touches)
      watch.saw("touch \(touches.count)")
      // What is sent twice must do no more than what is sent once.
      try await node.touch(touches)
    }
  }

  func remove(_ id: SessionID, by actor: Actor, now: Timestamp) async throws(StoreError) -> Session? {
    try await write(.remove) { () async throws(StoreError) in
      let removed = try await node.remove(id, by: actor, now: now)
      watch.saw("remove \(id) -> \(removed != nil)")
      return removed
    }
  }

  func page(_ query: SessionQuery, now: Timestamp) async throws(StoreError) -> SessionPage {
    try await read { () async throws(StoreError) in try await node.page(query, now: now) }
  }

  func count(_ filter: SessionFilter, now: Timestamp) async throws(StoreError) -> Int {
    try await read { () async throws(StoreError) in try await node.count(filter, now: now) }
  }

  func reap(now: Timestamp, limit: Int) async throws(StoreError) -> [Session] {
    try await write(.reap) { () async throws(StoreError) in
      let reaped = try await node.reap(now: now, limit: limit)
      watch.saw("reap -> \(reaped.count)")
      return reaped
    }
  }

  func purge(closedBefore time: Timestamp, limit: Int) async throws(StoreError) -> [SessionID] {
    try await write(.purge) { () async throws(StoreError) in
      let purged = try await node.purge(closedBefore: time, limit: limit)
      watch.saw("purge -> \(purged.count)")
      return purged
    }
  }

  func check() async throws(StoreError) {
    try await read { () async throws(StoreError) in try await node.check() }
  }

  func shutdown() async {}
}

extension InsertOutcome {
  fileprivate var name: String {
    switch self {
    case .inserted(let evicted): "inserted, evicting \(evicted.count)"
    case .limitReached: "limit reached"
    case .duplicate: "duplicate"
    }
  }
}
