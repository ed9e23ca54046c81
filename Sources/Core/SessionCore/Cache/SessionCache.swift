import Synchronization

/// The node's cache of sessions: sharded by id, bounded in bytes, written through by every write of this node.
///
/// What makes it safe to trust:
/// - a read that was under way while its session was written is not put in (its flight is marked stale) and is made
///   again;
/// - of writes that were under way together, only the newest revision is put in;
/// - a request time that has not reached the store is known here even when its session was evicted.
final class SessionCache: Sendable {
  private static let shardCount = 64
  private let shards: InlineArray<64, Mutex<CacheShard>>
  private let render: (@Sendable (Session) -> SessionRendering)?

  private let rules: CacheRules

  init(bytes: Int, policy: SessionPolicy, render: (@Sendable (Session) -> SessionRendering)?) {
    rules = CacheRules(grace: policy.renewalGrace, touchInterval: policy.touchInterval)
    shards = InlineArray { _ in Mutex(CacheShard(budget: max(bytes / Self.shardCount, 4096))) }
    self.render = render
  }

  /// Runs `body` on the shard of a session, under its lock.
  private func shard<Answer>(_ id: SessionID, _ body: (inout sending CacheShard) -> sending Answer) -> sending Answer {
    shards[Int(truncatingIfNeeded: id.high & 63)].withLock(body)
  }

  private func entry(_ session: Session) -> CachedSession { CachedSession(session, rendering: render?(session)) }

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
  /// Never answers a read that began before a write of this session was answered.
  func load(
    _ id: SessionID, read: () async throws(StoreError) -> Session?
  ) async throws(StoreError) -> Session? {
    var isMissed = false
    while true {
      if let session = session(id) { return session }
      if !isMissed { shard(id) { $0.countMiss() } }
      isMissed = true
      let result = await join(id, read: read)
      switch result {
      case .session(let session): return session
      case .failure(let error): throw error
      case .stale: continue
      }
    }
  }

  /// The session from the store, past the cache, which learns it.
  func reload(
    _ id: SessionID, read: () async throws(StoreError) -> Session?
  ) async throws(StoreError) -> Session? {
    while true {
      let flight = CacheShard.Flight()
      let isAlone = shard(id) { shard in
        if shard.flights[id] != nil { return false }
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

  private func join(_ id: SessionID, read: () async throws(StoreError) -> Session?) async -> CacheShard.FlightResult {
    let own = CacheShard.Flight()
    let flight = shard(id) { shard in
      if let flight = shard.flights[id] { return flight }
      shard.flights[id] = own
      return own
    }
    if flight === own { return await fly(own, id, read: read) }
    return await withCheckedContinuation { continuation in
      let isWaiting = shard(id) { shard in
        guard shard.flights[id] === flight else { return false }
        return flight.state.withLock { flight in
          // Who comes after a write must not be answered by a read from before it.
          guard !flight.isStale else { return false }
          flight.waiters.append(continuation)
          return true
        }
      }
      if !isWaiting { continuation.resume(returning: .stale) }
    }
  }

  /// Reads for a registered flight, fills the cache unless the flight went stale, and tells all who wait.
  private func fly(
    _ flight: CacheShard.Flight, _ id: SessionID, read: () async throws(StoreError) -> Session?
  ) async -> CacheShard.FlightResult {
    let outcome: Result<Session?, StoreError>
    do throws(StoreError) { outcome = .success(try await read()) } catch { outcome = .failure(error) }
    let filling: CachedSession? =
      if case .success(let session?) = outcome { entry(session) } else { nil }
    let (result, waiters) = shard(id) { shard in
      if shard.flights[id] === flight { shard.flights[id] = nil }
      let (isStale, waiters) = flight.state.withLock { ($0.isStale, $0.waiters) }
      if isStale { return (CacheShard.FlightResult.stale, waiters) }
      if let filling { shard.put(filling) }
      switch outcome {
      case .success(let session): return (.session(session.map { shard.current($0) }), waiters)
      case .failure(let error): return (.failure(error), waiters)
      }
    }
    for waiter in waiters { waiter.resume(returning: result) }
    return result
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

  // MARK: Request times

  /// Every request time that the store does not have yet.
  func touches() -> [SessionTouch] {
    var touches: [SessionTouch] = []
    for index in shards.indices { touches += shards[index].withLock { $0.takeTouches() } }
    return touches
  }

  /// The request time of one session, if the store does not have it yet.
  func unsavedTouch(of id: SessionID) -> SessionTouch? {
    shard(id) { $0.unsavedTouch(of: id) }
  }

  /// The store has these.
  func confirm(_ touches: ArraySlice<SessionTouch>) {
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
}
