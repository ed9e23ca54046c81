import MemoryStore
import SessionCore

/// A memory store of which single verbs are replaced by wrong ones.
struct BrokenStore: SessionStore {
  typealias Verb<Input, Output> = @Sendable (MemoryStore, Input) async throws(StoreError) -> Output

  let base = MemoryStore()
  var insert: Verb<(session: Session, limit: LiveSessionLimit?, actor: Actor, now: Timestamp), InsertOutcome> = {
    store, input throws(StoreError) in
    try await store.insert(input.session, limit: input.limit, by: input.actor, now: input.now)
  }
  var session: Verb<SessionID, Session?> = { store, id throws(StoreError) in try await store.session(id) }
  var replace:
    Verb<
      (session: Session, revision: Int64, change: SessionEvent.Change, actor: Actor, now: Timestamp), Bool
    > = { store, input throws(StoreError) in
      try await store.replace(
        input.session, revision: input.revision, as: input.change, by: input.actor, now: input.now)
    }
  var close: Verb<(id: SessionID, reason: CloseReason, actor: Actor, now: Timestamp), CloseOutcome?> = {
    store, input throws(StoreError) in
    try await store.close(input.id, reason: input.reason, by: input.actor, now: input.now)
  }
  var closeMatching:
    Verb<
      (filter: SessionFilter, excluding: SessionID?, reason: CloseReason, actor: Actor, now: Timestamp, limit: Int),
      [Session]
    > = { store, input throws(StoreError) in
      try await store.close(
        matching: input.filter, excluding: input.excluding, reason: input.reason, by: input.actor, now: input.now,
        limit: input.limit)
    }
  var touch: Verb<[SessionTouch], Void> = { store, touches throws(StoreError) in try await store.touch(touches) }
  var remove: Verb<(id: SessionID, actor: Actor, now: Timestamp), Session?> = { store, input throws(StoreError) in
    try await store.remove(input.id, by: input.actor, now: input.now)
  }
  var page: Verb<(query: SessionQuery, now: Timestamp), SessionPage> = { store, input throws(StoreError) in
    try await store.page(input.query, now: input.now)
  }
  var count: Verb<(filter: SessionFilter, now: Timestamp), Int> = { store, input throws(StoreError) in
    try await store.count(input.filter, now: input.now)
  }
  var reap: Verb<(now: Timestamp, limit: Int), [Session]> = { store, input throws(StoreError) in
    try await store.reap(now: input.now, limit: input.limit)
  }
  var purge: Verb<(time: Timestamp, limit: Int), [SessionID]> = { store, input throws(StoreError) in
    try await store.purge(closedBefore: input.time, limit: input.limit)
  }
  var check: Verb<Void, Void> = { store, _ throws(StoreError) in try await store.check() }
  var append: Verb<[Event], Void> = { store, events throws(StoreError) in try await store.append(events) }
  var events: Verb<(number: Int64, kinds: Set<Event.Kind>?, limit: Int), EventPage> = {
    store, input throws(StoreError) in
    try await store.events(after: input.number, kinds: input.kinds, limit: input.limit)
  }
  var lastEventNumber: Verb<Void, Int64> = { store, _ throws(StoreError) in try await store.lastEventNumber() }
  var purgeEvents: Verb<(time: Timestamp, limit: Int), Int> = { store, input throws(StoreError) in
    try await store.purgeEvents(before: input.time, limit: input.limit)
  }
  var eventCursor: Verb<String, Int64?> = { store, follower throws(StoreError) in
    try await store.eventCursor(of: follower)
  }
  var setEventCursor: Verb<(number: Int64, follower: String), Void> = { store, input throws(StoreError) in
    try await store.setEventCursor(input.number, of: input.follower)
  }
  var shutdownBase: @Sendable (MemoryStore) async -> Void = { await $0.shutdown() }

  /// A store that is sound but for what `change` puts in.
  init(_ change: (inout BrokenStore) -> Void = { _ in }) { change(&self) }

  func insert(
    _ session: Session, limit: LiveSessionLimit?, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> InsertOutcome {
    try await insert(base, (session, limit, actor, now))
  }
  func session(_ id: SessionID) async throws(StoreError) -> Session? { try await session(base, id) }
  func replace(
    _ session: Session, revision: Int64, as change: SessionEvent.Change, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> Bool {
    try await replace(base, (session, revision, change, actor, now))
  }
  func close(
    _ id: SessionID, reason: CloseReason, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> CloseOutcome? {
    try await close(base, (id, reason, actor, now))
  }
  func close(
    matching filter: SessionFilter, excluding: SessionID?, reason: CloseReason, by actor: Actor, now: Timestamp,
    limit: Int
  ) async throws(StoreError) -> [Session] {
    try await closeMatching(base, (filter, excluding, reason, actor, now, limit))
  }
  func touch(_ touches: [SessionTouch]) async throws(StoreError) { try await touch(base, touches) }
  func remove(_ id: SessionID, by actor: Actor, now: Timestamp) async throws(StoreError) -> Session? {
    try await remove(base, (id, actor, now))
  }
  func page(_ query: SessionQuery, now: Timestamp) async throws(StoreError) -> SessionPage {
    try await page(base, (query, now))
  }
  func count(_ filter: SessionFilter, now: Timestamp) async throws(StoreError) -> Int {
    try await count(base, (filter, now))
  }
  func reap(now: Timestamp, limit: Int) async throws(StoreError) -> [Session] { try await reap(base, (now, limit)) }
  func purge(closedBefore time: Timestamp, limit: Int) async throws(StoreError) -> [SessionID] {
    try await purge(base, (time, limit))
  }
  func check() async throws(StoreError) { try await check(base, ()) }
  func shutdown() async { await shutdownBase(base) }
}

extension BrokenStore: EventStore {
  func append(_ events: [Event]) async throws(StoreError) { try await append(base, events) }
  func events(after number: Int64, kinds: Set<Event.Kind>?, limit: Int) async throws(StoreError) -> EventPage {
    try await events(base, (number, kinds, limit))
  }
  func lastEventNumber() async throws(StoreError) -> Int64 { try await lastEventNumber(base, ()) }
  func purgeEvents(before time: Timestamp, limit: Int) async throws(StoreError) -> Int {
    try await purgeEvents(base, (time, limit))
  }
  func eventCursor(of follower: String) async throws(StoreError) -> Int64? { try await eventCursor(base, follower) }
  func setEventCursor(_ number: Int64, of follower: String) async throws(StoreError) {
    try await setEventCursor(base, (number, follower))
  }
}
