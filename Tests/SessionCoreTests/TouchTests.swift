import JSON
import MemoryStore
import SessionCore
import SessionTesting
import Synchronization
import Testing

@Suite struct TouchTests {
  @Test("any number of requests cost one write")
  func coalesced() async throws {
    let world = SessionsWorld()
    let opened = try await world.open()
    for _ in 0..<1000 {
      world.clock.advance(by: TimeSpan(milliseconds: 1))
      _ = try await world.sessions.verify(opened.token.text)
    }
    #expect(world.counting.count(.touch) == 0)
    try await world.sessions.flushTouches()
    try await world.sessions.flushTouches()
    #expect(world.counting.count(.touch) == 1)
    #expect(world.sessions.cacheStatistics.savedTimes == 1)
    #expect(try await world.counting.session(opened.id)?.requestTime == world.clock.now())
  }

  @Test("a request near the end of what the store knows is written before it is answered, so that every node sees it")
  func writtenInTime() async throws {
    let world = SessionsWorld { $0.idleTimeout = .seconds(60) }
    let opened = try await world.open()
    world.clock.advance(by: .seconds(49))
    _ = try await world.sessions.verify(opened.token.text)
    #expect(world.counting.count(.touch) == 0)
    world.clock.advance(by: .seconds(1))
    let atOnce = unsafe opened.token.text.withUnsafeBytes {
      unsafe world.sessions.verifyAtOnce($0, now: world.clock.now())
    }
    guard case .miss = atOnce else {
      Issue.record("answered before it was written: \(atOnce)")
      return
    }
    _ = try await world.sessions.verify(opened.token.text)
    #expect(world.counting.count(.touch) == 1)
    world.clock.advance(by: .seconds(59))
    #expect(try await world.otherNode().verify(opened.token.text).session != nil)
  }

  @Test("a request that must be written is not let in while the store can't be written")
  func notLetInUnwritten() async throws {
    let failing = FailingStore(MemoryStore())
    let world = SessionsWorld(store: failing) { $0.idleTimeout = .seconds(60) }
    let opened = try await world.open()
    world.clock.advance(by: .seconds(55))
    for isLost in [false, true] {
      failing.fail(.touch, after: isLost)
      // Whether the time was stored or not, the request did nothing else, and can be made again.
      await #expect { _ = try await world.sessions.verify(opened.token.text) } throws: {
        ($0 as? StoreError)?.code == .unavailable
      }
    }
    failing.stopFailing()
    #expect(try await world.sessions.verify(opened.token.text).session != nil)
  }

  @Test("a session that left the cache before its request time was stored keeps it")
  func evicted() async throws {
    let world = SessionsWorld(cacheBytes: 0) { $0.idleTimeout = .seconds(60) }
    let opened = try await world.open()
    world.clock.advance(by: .seconds(59))
    #expect(try await world.sessions.verify(opened.token.text).session != nil)
    for index in 0..<500 { _ = try await world.open(ExactText("other\(index)")) }
    world.clock.advance(by: .seconds(59))
    #expect(try await world.sessions.verify(opened.token.text).session != nil)
    #expect(try await world.sessions.reap() == 0)
    #expect(try await world.sessions.verify(opened.token.text).session != nil)
  }

  @Test("a request of a session that the cache has no room for counts all the same")
  func noRoom() async throws {
    let world = SessionsWorld(cacheBytes: 0) { $0.idleTimeout = .seconds(60) }
    var opened: [SessionsWorld.Opened] = []
    for _ in 0..<200 {
      opened.append(try await world.open { $0.data = JSONText(string: String(repeating: "x", count: 5000)) })
    }
    for _ in 0..<2 {
      world.clock.advance(by: .seconds(59))
      for session in opened { #expect(try await world.sessions.verify(session.token.text).session != nil) }
    }
    #expect(world.sessions.cacheStatistics.sessions < 200)
  }

  @Test("who must make room for an opening, and whether one must, is judged by all requests, stored or not")
  func limits() async throws {
    let world = SessionsWorld {
      $0.idleTimeout = .seconds(60)
      $0.liveLimit = LiveSessionLimit(maximum: 2, overflow: .evictLeastRecent)
    }
    let first = try await world.open()
    world.clock.advance(by: .seconds(1))
    let second = try await world.open()
    world.clock.advance(by: .seconds(58))
    _ = try await world.sessions.verify(second.token.text)
    _ = try await world.sessions.verify(first.token.text)
    world.clock.advance(by: .seconds(58))
    _ = try await world.sessions.verify(first.token.text)
    world.clock.advance(by: .seconds(1))
    #expect(try await world.open().evicted.map(\.id) == [second.id])
  }

  @Test("a request that comes while its session is being closed does not keep it open")
  func requestWhileClosing() async throws {
    let store = InterceptedStore(MemoryStore(), Meanwhile(after: .touch))
    let world = SessionsWorld(store: store) { $0.idleTimeout = .seconds(60) }
    let opened = try await world.open()
    world.clock.advance(by: .seconds(50))
    _ = try await world.sessions.verify(opened.token.text)
    store.interceptor.once {
      world.clock.advance(by: .seconds(59))
      _ = try? await world.sessions.verify(opened.token.text)
      world.clock.advance(by: .seconds(2))
    }
    let outcome = try await world.sessions.close(opened.id, reason: .logout, by: SessionsWorld.actor)
    #expect(outcome?.isClosedNow == true)
    #expect(try await world.sessions.verify(opened.token.text).closeReason == .logout)
  }

  @Test("what the store takes for expired, for want of a request time, is still renewed, changed and closed")
  func storeLagsBehind() async throws {
    let world = SessionsWorld { $0.idleTimeout = .seconds(60) }
    var opened: [SessionsWorld.Opened] = []
    for _ in 0..<3 { opened.append(try await world.open()) }
    world.clock.advance(by: .seconds(49))
    for session in opened { _ = try await world.sessions.verify(session.token.text) }
    world.clock.advance(by: .seconds(50))
    #expect(try await world.sessions.renew(opened[0].token.text, by: SessionsWorld.actor).renewed != nil)
    let updated = try await world.sessions.update(opened[1].id, by: SessionsWorld.actor) { $0.status = "on" }
    guard case .updated(let session) = updated else {
      Issue.record("the change was refused: \(updated)")
      return
    }
    #expect(session.status == "on")
    let closed = try await world.sessions.close(opened[2].id, reason: .logout, by: SessionsWorld.actor)
    #expect(closed?.isClosedNow == true)
  }

  @Test("what the store takes for expired, for want of a request time, is closed with all of its user's")
  func storeLagsBehindTheClosingOfAll() async throws {
    let world = SessionsWorld { $0.idleTimeout = .seconds(60) }
    let opened = try await world.open()
    world.clock.advance(by: .seconds(49))
    _ = try await world.sessions.verify(opened.token.text)
    world.clock.advance(by: .seconds(50))
    let user = opened.session.userID
    #expect(try await world.sessions.closeAll(of: user, reason: .account, by: SessionsWorld.actor) == 1)
    #expect(try await world.sessions.verify(opened.token.text).closeReason == .account)
  }

  @Test(
    "what the store takes for expired, for want of a request time, counts for the limit of live sessions",
    arguments: LiveSessionLimit.Overflow.allCases)
  func storeLagsBehindTheLimit(overflow: LiveSessionLimit.Overflow) async throws {
    let world = SessionsWorld {
      $0.idleTimeout = .seconds(60)
      $0.liveLimit = LiveSessionLimit(maximum: 1, overflow: overflow)
    }
    let opened = try await world.open()
    world.clock.advance(by: .seconds(49))
    _ = try await world.sessions.verify(opened.token.text)
    world.clock.advance(by: .seconds(50))
    let draft = SessionDraft(userID: opened.session.userID)
    let isOpen = overflow == .deny
    switch try await world.sessions.open(draft, by: SessionsWorld.actor) {
    case .opened(_, _, let evicted): #expect(!isOpen && evicted.map(\.closeReason) == [.evicted])
    case .refused(let refusal): #expect(isOpen && refusal == .limitReached(maximum: 1))
    }
    #expect(try await world.sessions.verify(opened.token.text).closeReason == (isOpen ? nil : .evicted))
  }

  @Test("a closed session keeps the time of its last request, in the cache and in the store")
  func closedKeepsRequestTime() async throws {
    let world = SessionsWorld()
    let opened = try await world.open()
    world.clock.advance(by: .seconds(3))
    _ = try await world.sessions.verify(opened.token.text)
    let last = world.clock.now()
    world.clock.advance(by: .seconds(1))
    _ = try await world.sessions.close(opened.id, reason: .logout, by: SessionsWorld.actor)
    #expect(try await world.sessions.session(opened.id)?.requestTime == last)
    #expect(try await world.counting.session(opened.id)?.requestTime == last)
  }

  @Test("a list shows request times that have not been stored by then")
  func lists() async throws {
    let world = SessionsWorld { $0.idleTimeout = .seconds(60) }
    let opened = try await world.open()
    world.clock.advance(by: .seconds(50))
    _ = try await world.sessions.verify(opened.token.text)
    world.clock.advance(by: .seconds(50))
    var filter = SessionFilter()
    filter.isAlive = true
    let page = try await world.sessions.sessions(matching: SessionQuery(filter, counts: true))
    #expect(page.sessions.map(\.id) == [opened.id] && page.count == 1)
    #expect(page.sessions.first?.requestTime == opened.session.openTime + .seconds(50))
    #expect(try await world.sessions.reap() == 0)
  }

  @Test("request times that a failing store did not take are written later")
  func failingStore() async throws {
    let failing = FailingStore(MemoryStore())
    let world = SessionsWorld(store: failing)
    let opened = try await world.open()
    world.clock.advance(by: .seconds(5))
    _ = try await world.sessions.verify(opened.token.text)
    failing.fail(.touch, after: false)
    await #expect(throws: StoreError.self) { try await world.sessions.flushTouches() }
    failing.stopFailing()
    try await world.sessions.flushTouches()
    #expect(try await world.counting.session(opened.id)?.requestTime == world.clock.now())
  }
}

/// Has something happen once, right after a verb of the store.
private final class Meanwhile: StoreInterceptor {
  private let verb: StoreVerb
  private let event = Mutex<(@Sendable () async -> Void)?>(nil)

  init(after verb: StoreVerb) { self.verb = verb }

  func once(_ event: @escaping @Sendable () async -> Void) { self.event.withLock { $0 = event } }

  func before(_ verb: StoreVerb) {}

  func after(_ verb: StoreVerb) async {
    guard verb == self.verb else { return }
    let event = event.withLock { event in
      defer { event = nil }
      return event
    }
    await event?()
  }
}
