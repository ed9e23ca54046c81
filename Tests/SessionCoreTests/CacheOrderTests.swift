import Testing

@testable import SessionCore

/// Writes of one session whose answers come back in another order than the store made them.
@Suite struct CacheOrderTests {
  private static let now = Timestamp(milliseconds: 1_800_000_000_000)
  private let cache = SessionCache(bytes: 0, policy: SessionPolicy(), render: nil)
  private let opened = Session(
    id: SessionID(high: 64, low: 1), userID: "u", openTime: CacheOrderTests.now, idleTimeout: .hours(1),
    lifetime: .days(1))

  /// Starts a write that brings back `effect` only when the returned signal is given.
  private func slowWrite(_ effect: SessionCache.WriteEffect) async -> (signal: Signal, task: Task<Void, Never>) {
    let begun = Signal()
    let signal = Signal()
    let cache = cache
    let id = opened.id
    let task = Task {
      _ = try? await cache.write(id) { () async throws(StoreError) -> (Bool, SessionCache.WriteEffect) in
        await begun.give()
        await signal.wait()
        return (true, effect)
      }
    }
    await begun.wait()
    return (signal, task)
  }

  private func write(_ effect: SessionCache.WriteEffect) async throws {
    _ = try await cache.write(opened.id) { () async throws(StoreError) -> (Bool, SessionCache.WriteEffect) in
      (true, effect)
    }
  }

  /// Fills the session's shard until it has left.
  private func evict() async {
    for index in 0..<100 as Range<UInt64> {
      var other = opened
      other.id = SessionID(high: 64, low: 100 + index)
      await cache.insert(other)
      // What is read again soon pushes out what is not.
      _ = cache.session(other.id)
    }
    #expect(cache.session(opened.id) == nil)
  }

  private func revision(_ revision: Int64) -> Session {
    var session = opened
    session.revision = revision
    return session
  }

  private func closed(_ revision: Int64) -> Session {
    self.revision(revision).closed(.logout, at: Self.now)
  }

  @Test("an older revision that comes later does not take the place of a newer one")
  func older() async throws {
    await cache.insert(opened)
    let (signal, task) = await slowWrite(.stored(revision(2)))
    try await write(.stored(closed(3)))
    await signal.give()
    await task.value
    #expect(cache.session(opened.id)?.closeReason == .logout)
  }

  @Test("nor does it if the newer one has left the cache meanwhile")
  func olderAfterEviction() async throws {
    await cache.insert(opened)
    let (signal, task) = await slowWrite(.stored(revision(2)))
    try await write(.stored(closed(3)))
    await evict()
    await signal.give()
    await task.value
    #expect(cache.session(opened.id) == nil)
  }

  @Test("nor if a write of many brought the newer one")
  func olderThanBulk() async throws {
    await cache.insert(opened)
    let (signal, task) = await slowWrite(.stored(revision(2)))
    cache.refresh([closed(3)])
    await evict()
    await signal.give()
    await task.value
    #expect(cache.session(opened.id) == nil)
  }

  @Test("nor if another write of the same time failed, and may have happened after it")
  func olderThanUnknown() async throws {
    let (cache, opened) = (cache, opened)
    await cache.insert(opened)
    let (signal, task) = await slowWrite(.stored(revision(2)))
    await #expect(throws: StoreError.self) {
      _ = try await cache.write(opened.id) { () async throws(StoreError) -> (Bool, SessionCache.WriteEffect) in
        throw StoreError(.unknownOutcome, "The answer was lost.")
      }
    }
    let readBeforeBoth = { () async throws(StoreError) -> Session? in opened }
    #expect(try await cache.load(opened.id, read: readBeforeBoth).session?.revision == 1)
    await signal.give()
    await task.value
    #expect(cache.session(opened.id) == nil)
  }

  @Test("nor if it was opened only now, and evicted before its opening was answered")
  func evictedWhileOpening() async throws {
    let (signal, task) = await slowWrite(.stored(opened))
    cache.refresh([closed(2)])
    await signal.give()
    await task.value
    #expect(cache.session(opened.id) == nil)
  }

  @Test("what was removed does not come back with a write that was under way")
  func removed() async throws {
    await cache.insert(opened)
    let (signal, task) = await slowWrite(.stored(revision(2)))
    try await write(.removed)
    await signal.give()
    await task.value
    #expect(cache.session(opened.id) == nil)
  }

  @Test("a request time that the store lacks is there at once when its session comes back")
  func unsavedTime() async throws {
    await cache.insert(opened)
    let later = Self.now + .minutes(50)
    _ = cache.touch(opened.id, at: later)
    await evict()
    let opened = opened
    let read = { () async throws(StoreError) -> Session? in opened }
    #expect(try await cache.load(opened.id, read: read).session?.requestTime == later)
    let atOnce = cache.verify(
      opened.id, generation: 0, now: Self.now + .minutes(70), touching: false)
    guard case .active(_, let deadline) = atOnce else {
      Issue.record("taken for expired: \(atOnce)")
      return
    }
    #expect(deadline == later + .hours(1))
    #expect(cache.touches().map(\.requestTime) == [later])
  }

  @Test("who asks after a write reads anew, and does not wait for a read from before it", .timeLimit(.minutes(1)))
  func readAnew() async throws {
    let (begun, signal) = (Signal(), Signal())
    let cache = cache
    let opened = opened
    let slowRead = Task {
      try await cache.load(opened.id) { () async throws(StoreError) -> Session? in
        guard await begun.giveFirst() else { return opened }
        await signal.wait()
        return nil
      }
    }
    await begun.wait()
    try await write(.unknown)
    let anew = revision(2)
    let read = { () async throws(StoreError) -> Session? in anew }
    #expect(try await cache.load(opened.id, read: read).session?.revision == 2)
    await signal.give()
    #expect(try await slowRead.value.session?.revision == 2)
  }
}

extension SessionCache {
  /// Puts a session in as an opening does whose write has just ended.
  fileprivate func insert(_ session: Session) async {
    _ = try? await write(session.id) { () async throws(StoreError) -> (Bool, SessionCache.WriteEffect) in
      (true, .stored(session))
    }
  }
}

/// Something that happens once and can be waited for.
private actor Signal {
  private var isGiven = false
  private var waiters: [CheckedContinuation<Void, Never>] = []

  func give() {
    isGiven = true
    for waiter in waiters { waiter.resume() }
    waiters = []
  }

  /// Gives the signal, and answers whether nobody had before.
  func giveFirst() -> Bool {
    defer { give() }
    return !isGiven
  }

  func wait() async {
    guard !isGiven else { return }
    await withCheckedContinuation { waiters.append($0) }
  }
}
