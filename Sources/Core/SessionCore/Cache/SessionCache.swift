import Synchronization

/// The node's cache of sessions: sharded by id, bounded in bytes, written through by every write of this node.
///
/// Who asks it knows whether it may be trusted (``CacheTrust``). What makes it safe to trust:
/// - a read that was under way while its session was written is not put in (its flight is marked stale) and is made
///   again;
/// - of writes that were under way together, only the newest revision is put in;
/// - a request time that has not reached the store is known here even when its session was evicted;
/// - of a store that other nodes write to, every note drops what is older, reads and writes under way included, and a
///   lane that opens drops all of it: what is here was read or written after the last note that was heard.
final class SessionCache: Sendable {
  private static let shardCount = 64
  private let shards: InlineArray<64, Mutex<CacheShard>>
  private let render: (@Sendable (Session) -> SessionRendering)?

  private let rules: CacheRules
  /// How many lanes the notes of sessions come along; 1 where none come.
  private let lanes: Int

  init(
    bytes: Int, policy: SessionPolicy, isShared: Bool = false, lanes: Int = 1,
    render: (@Sendable (Session) -> SessionRendering)?
  ) {
    rules = CacheRules(grace: policy.renewalGrace, touchInterval: policy.touchInterval, isShared: isShared)
    self.lanes = lanes
    shards = InlineArray { _ in Mutex(CacheShard(budget: max(bytes / Self.shardCount, 4096))) }
    self.render = render
  }

  /// Runs `body` on the shard of a session, under its lock.
  private func shard<Answer>(_ id: SessionID, _ body: (inout sending CacheShard) -> sending Answer) -> sending Answer {
    shards[Int(truncatingIfNeeded: id.high & 63)].withLock(body)
  }

  /// An ended session is let in nowhere, so that nobody asks for its text again.
  private func entry(_ session: Session) -> CachedSession {
    CachedSession(session, rendering: session.closeTime == nil ? render?(session) : nil)
  }

  // MARK: Without waiting

  /// Judges a cached session and, if it may be let in, counts the request.
  func verify(
    _ id: SessionID, generation: UInt32?, now: Timestamp, touching: Bool
  ) -> CachedVerification {
    let rules = rules
    return shard(id) { shard in
      guard let slot = shard.find(id) else { return .miss }
      return shard.verify(slot, generation: generation, now: now, rules: rules, touching: touching)
    }
  }

  /// The session as cached, with its latest request time; `nil` if it is not in the cache.
  func session(_ id: SessionID) -> Session? {
    shard(id) { shard in shard.find(id).flatMap { shard.session(in: $0) } }
  }

  /// The text of `session`, if it is cached in that revision, open or ended as that is.
  ///
  /// Counts as no hit: it is asked for by those who have the session.
  func rendering(of session: Session) -> SessionRendering? {
    shard(session.id) { $0.rendering(of: session) }
  }

  /// Counts a request of a session that was found alive at `now`.
  ///
  /// - Returns: whether the request time must be in the store before the answer.
  func touch(_ id: SessionID, at now: Timestamp) -> Bool {
    let rules = rules
    return shard(id) { $0.touch(id, at: now, rules: rules) }
  }

  // MARK: Through the store

  /// The session from the cache or, once for all who ask at the same time, from the store.
  ///
  /// Never answers a read that began before a write of this session was answered by this node, or was heard of.
  func load(
    _ id: SessionID, read: () async throws(StoreError) -> Session?
  ) async throws(StoreError) -> Loaded {
    var isMissed = false
    while true {
      if let session = session(id) { return Loaded(session: session, isOwnRead: false) }
      if !isMissed { shard(id) { $0.countMiss() } }
      isMissed = true
      let (result, isOwnRead) = await join(id, read: read)
      switch result {
      case .session(let session): return Loaded(session: session, isOwnRead: isOwnRead)
      case .failure(let error): throw error
      case .stale: continue
      }
    }
  }

  /// What was found, and whether the store was read for this caller: what others had read is a little older than the
  /// question.
  struct Loaded: Sendable {
    var session: Session?
    var isOwnRead: Bool
  }

  /// The session from the store, past the cache, which learns it.
  func reload(
    _ id: SessionID, read: () async throws(StoreError) -> Session?
  ) async throws(StoreError) -> Session? {
    while true {
      let flight = CacheShard.Flight()
      let isAlone = shard(id) { shard in
        if shard.takeFailure(of: id) == nil, shard.flights[id] != nil { return false }
        shard.flights[id] = flight
        return true
      }
      if !isAlone {
        // Another read is under way and began earlier: this one must not join it, nor be taken for it.
        let session = try await read()
        return session.map { session in shard(id) { $0.current(session) } }
      }
      switch await fly(flight, id, read: read) {
      case .session(let session): return session
      case .failure(let error): throw error
      case .stale: continue
      }
    }
  }

  private func join(
    _ id: SessionID, read: () async throws(StoreError) -> Session?
  ) async -> (result: CacheShard.FlightResult, isOwnRead: Bool) {
    let own = CacheShard.Flight()
    let (flight, failure) = shard(id) { shard -> (CacheShard.Flight, StoreError?) in
      if let failure = shard.takeFailure(of: id) { return (own, failure) }
      if let flight = shard.flights[id] { return (flight, nil) }
      shard.flights[id] = own
      return (own, nil)
    }
    if let failure { return (.failure(failure), true) }
    if flight === own { return (await fly(own, id, read: read), true) }
    let result = await withCheckedContinuation { continuation in
      let isWaiting = shard(id) { shard in
        guard shard.flights[id] === flight else { return false }
        return flight.state.withLock { flight in
          // Who comes after a write must not be answered by a read from before it.
          guard flight.standing == .good else { return false }
          flight.waiters.append(continuation)
          return true
        }
      }
      if !isWaiting { continuation.resume(returning: .stale) }
    }
    return (result, false)
  }

  /// Reads for a registered flight, fills the cache unless something was written meanwhile, and tells all who wait.
  ///
  /// A failure is everybody's answer: looking again would keep them waiting for a store that is down.
  private func fly(
    _ flight: CacheShard.Flight, _ id: SessionID, read: () async throws(StoreError) -> Session?
  ) async -> CacheShard.FlightResult {
    let outcome: Result<Session?, StoreError>
    do throws(StoreError) { outcome = .success(try await read()) } catch { outcome = .failure(error) }
    return land(flight, id, outcome)
  }

  /// Begins a read of a session that is neither here nor being read, and calls `then` when it is over; `false` if it is
  /// either.
  ///
  /// Who is called will look again. If the read has failed, ``load(_:read:)`` tells them so.
  func fetch(_ id: SessionID, from store: any PromptSessionStore, then: @escaping @Sendable () -> Void) -> Bool {
    let flight = CacheShard.Flight()
    guard shard(id, { $0.begin(flight, to: id) }) else { return false }
    store.session(id) { [self] outcome in
      _ = land(flight, id, outcome, isAwaited: true)
      then()
    }
    return true
  }

  /// Ends a registered flight.
  private func land(
    _ flight: CacheShard.Flight, _ id: SessionID, _ outcome: Result<Session?, StoreError>, isAwaited: Bool = false
  ) -> CacheShard.FlightResult {
    let filling: CachedSession? =
      if case .success(let session?) = outcome { entry(session) } else { nil }
    let (own, others, waiters) = shard(id) { shard in
      let failure: StoreError? = if isAwaited, case .failure(let error) = outcome { error } else { nil }
      if failure == nil, shard.flights[id] === flight { shard.flights[id] = nil }
      let (standing, waiters) = flight.state.withLock { state in
        state.failure = failure
        return (state.standing, state.waiters)
      }
      if standing == .good, let filling {
        shard.put(filling)
        if isAwaited { shard.expectLook(at: id) }
      }
      let result: CacheShard.FlightResult
      switch outcome {
      case .failure(let error):
        result = .failure(error)
        return (result, result, waiters)
      case .success(let session): result = .session(session.map { shard.current($0) })
      }
      return (standing == .stale ? .stale : result, standing == .good ? result : .stale, waiters)
    }
    for waiter in waiters { waiter.resume(returning: others) }
    return own
  }

  // MARK: Written through

  /// Runs a write of one session and puts in what it brings back, before the write is answered.
  ///
  /// A write that throws takes the session out of the cache, as it may have happened all the same.
  func write<Answer: Sendable>(
    _ id: SessionID, _ body: () async throws(StoreError) -> (Answer, WriteEffect)
  ) async throws(StoreError) -> Answer {
    shard(id) { $0.beginWrite(id) }
    do throws(StoreError) {
      let (answer, effect) = try await body()
      let filling: CachedSession? = if case .stored(let session) = effect { entry(session) } else { nil }
      shard(id) { shard in
        switch (effect, filling) {
        case (.stored, let filling?): shard.endWrite(id, bringing: filling)
        case (.removed, _): shard.endWriteRemoving(id)
        default: shard.endWriteDiscarding(id)
        }
      }
      return answer
    } catch {
      shard(id) { $0.endWriteUnknown(id) }
      throw error
    }
  }

  /// What a write left in the store.
  enum WriteEffect: Sendable {
    /// This.
    case stored(Session)
    /// Nothing under that id.
    case removed
    /// Something else than was thought.
    case unknown
  }

  /// Brings what is cached up to date with sessions that a write of many brought back.
  func refresh(_ sessions: [Session]) {
    for session in sessions {
      let entry = entry(session)
      shard(session.id) { $0.refresh(entry) }
    }
  }

  /// Forgets sessions that are gone from the store.
  func forget(_ ids: [SessionID]) {
    for id in ids { shard(id) { $0.forget(id) } }
  }

  /// Forgets every session: any may have been written.
  func forgetAll() {
    for index in shards.indices { shards[index].withLock { $0.forgetAll { _ in true } } }
  }

  // MARK: Other nodes

  /// Forgets a user's sessions, or everybody's if there is no user; of what is read and written meanwhile, nothing is
  /// put in that may be older.
  ///
  /// One shard after another, so that no other work of the thread waits for long.
  func forget(of userID: ExactText?) async {
    for index in shards.indices {
      shards[index].withLock { $0.forgetAll(of: userID) }
      await Task.yield()
    }
  }

  /// Forgets every session of a lane.
  func forgetLane(_ lane: Int) {
    let lanes = lanes
    for index in shards.indices { shards[index].withLock { $0.forgetAll { $0.lane(of: lanes) == lane } } }
  }

  // MARK: Request times

  /// Every request time that the store does not have yet.
  func touches() -> [SessionTouch] {
    // With the room at once: grown by doubling, what is many sessions' times would be there three times over.
    var count = 0
    for index in shards.indices { count += shards[index].withLock { $0.touchCount } }
    var touches: [SessionTouch] = []
    touches.reserveCapacity(count)
    for index in shards.indices { touches += shards[index].withLock { $0.takeTouches() } }
    return touches
  }

  /// The request time of one session, if the store does not have it yet.
  func unsavedTouch(of id: SessionID) -> SessionTouch? {
    shard(id) { $0.unsavedTouch(of: id) }
  }

  /// The store has these.
  func confirm(_ touches: [SessionTouch]) {
    for touch in touches { shard(touch.id) { $0.confirm(touch) } }
  }

  /// What the cache has done and holds.
  var statistics: CacheStatistics {
    var statistics = CacheStatistics()
    for index in shards.indices {
      let part = shards[index].withLock { $0.statistics }
      statistics.hits += part.hits
      statistics.misses += part.misses
      statistics.evictions += part.evictions
      statistics.savedTimes += part.savedTimes
      statistics.sessions += part.sessions
      statistics.bytes += part.bytes
    }
    return statistics
  }
}

/// What of the policy every look-up needs.
struct CacheRules: Sendable {
  var grace: TimeSpan
  var touchInterval: TimeSpan
  /// Whether other nodes write to the store: what is known here against a session may be out of date.
  var isShared: Bool
}

extension SessionCache: ChangeListener {
  /// Some notes of the lane may have been missed: nothing of it stays.
  func laneOpened(_ lane: Int) { forgetLane(lane) }

  /// Nothing: without a lease nobody trusts what is here, and it is forgotten when the lane opens.
  func laneClosed(_ lane: Int) {}

  /// Drops what is older than the note.
  func heard(_ note: ChangeNote, along lane: Int) {
    guard case .session(let id, let revision) = note else { return }
    shard(id) { $0.heard(id, revision: revision) }
  }
}
