import MemoryStore
import SessionCore
import SessionTesting
import Testing

/// Reads that somebody begins for a verification that does not wait.
@Suite struct FetchTests {
  @Test("a session that was fetched is let in without waiting, at the cost of one read")
  func fetched() async throws {
    let world = SessionsWorld()
    let opened = try await world.open()
    let other = world.otherNode()
    #expect(atOnce(opened, at: other, world) == nil)
    #expect(await fetch(opened, at: other, world))
    #expect(atOnce(opened, at: other, world) == opened.id)
    #expect(world.counting.count(.session) == 1)
    #expect(other.cacheStatistics.misses == 1)
    #expect(other.cacheStatistics.hits == 0, "who had it read has found what it was read for")
    #expect(atOnce(opened, at: other, world) == opened.id)
    #expect(other.cacheStatistics.hits == 1)
  }

  @Test("nothing is fetched for a token that is none, was forged, or is of a session in the cache")
  func needless() async throws {
    let world = SessionsWorld()
    let opened = try await world.open()
    var forged = opened.token.text
    forged[70] = forged[70] == 0x41 ? 0x42 : 0x41
    for text in [opened.token.text, forged, Array("no token".utf8)] {
      let begins = unsafe text.withUnsafeBytes { bytes in
        unsafe world.sessions.fetch(bytes, now: world.clock.now()) { Issue.record("called for nothing") }
      }
      #expect(!begins)
    }
    #expect(world.counting.count(.session) == 0)
  }

  @Test("a read that failed is told to who asks next, and to nobody after them")
  func failed() async throws {
    let failing = FailingStore(MemoryStore())
    let world = SessionsWorld(store: failing)
    let opened = try await world.open()
    let other = world.otherNode()
    failing.fail(.session, after: false)
    #expect(await fetch(opened, at: other, world))
    #expect(atOnce(opened, at: other, world) == nil)
    failing.stopFailing()
    let reads = world.counting.count(.session)
    await #expect(throws: StoreError.self) { try await other.verify(opened.token.text) }
    #expect(world.counting.count(.session) == reads, "the failed read was not made again")
    #expect(try await other.verify(opened.token.text).session?.id == opened.id)
  }

  @Test("a read that failed does not keep who wants a fresh look from having it")
  func failedBeforeFresh() async throws {
    let failing = FailingStore(MemoryStore())
    let world = SessionsWorld(store: failing)
    let opened = try await world.open()
    let other = world.otherNode()
    failing.fail(.session, after: false)
    #expect(await fetch(opened, at: other, world))
    failing.stopFailing()
    #expect(try await other.verify(opened.token.text, fresh: true).session?.id == opened.id)
    #expect(try await other.verify(opened.token.text).session?.id == opened.id)
  }

  @Test("of a session that is closed while it is fetched, nothing stays")
  func overtaken() async throws {
    let gated = GatedStore(MemoryStore())
    let world = SessionsWorld(store: gated)
    let opened = try await world.open()
    let other = world.otherNode()
    await gated.interceptor.hold(.session)
    async let isFetched = fetch(opened, at: other, world)
    await gated.interceptor.waitForHeld(1)
    _ = try await other.close(opened.id, reason: .logout, by: SessionsWorld.actor)
    await gated.interceptor.release()
    #expect(await isFetched)
    #expect(atOnce(opened, at: other, world) == nil)
    #expect(try await other.verify(opened.token.text).closeReason == .logout)
  }

  @Test("who asks while a session is being fetched shares the read")
  func shared() async throws {
    let gated = GatedStore(MemoryStore())
    let world = SessionsWorld(store: gated)
    let opened = try await world.open()
    let other = world.otherNode()
    await gated.interceptor.hold(.session)
    async let isFetched = fetch(opened, at: other, world)
    await gated.interceptor.waitForHeld(1)
    #expect(await !fetch(opened, at: other, world), "one read at a time")
    async let verified = other.verify(opened.token.text)
    while other.cacheStatistics.misses < 2 { await Task.yield() }
    await gated.interceptor.release()
    #expect(await isFetched)
    #expect(try await verified.session?.id == opened.id)
    #expect(world.counting.count(.session) == 1)
  }

  /// Fetches, and answers whether it began, when it is over.
  private func fetch(_ opened: SessionsWorld.Opened, at sessions: Sessions, _ world: SessionsWorld) async -> Bool {
    await withCheckedContinuation { continuation in
      let begins = unsafe opened.token.text.withUnsafeBytes { bytes in
        unsafe sessions.fetch(bytes, now: world.clock.now()) { continuation.resume(returning: true) }
      }
      if !begins { continuation.resume(returning: false) }
    }
  }

  /// The session that is let in without waiting.
  private func atOnce(_ opened: SessionsWorld.Opened, at sessions: Sessions, _ world: SessionsWorld) -> SessionID? {
    let verdict = unsafe opened.token.text.withUnsafeBytes {
      unsafe sessions.verifyAtOnce($0, now: world.clock.now())
    }
    if case .active(let entry, _) = verdict { return entry.session.id }
    return nil
  }
}
