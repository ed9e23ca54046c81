import Cryptography
import MemoryStore
import SessionCore
import SessionTesting
import Testing

@Suite struct CacheTests {
  @Test("a cached session costs no read, and forged tokens never reach the store")
  func noReads() async throws {
    let world = SessionsWorld()
    let opened = try await world.open()
    let before = world.counting.total
    for _ in 0..<100 { #expect(try await world.sessions.verify(opened.token.text).session != nil) }
    let forger = Sessions(
      store: MemoryStore(), policy: SessionPolicy(), keys: SessionsWorld.ring(seed: 9), clock: world.clock,
      random: SeededRandom(seed: 3))
    let forged = forger.token(for: opened.session).text
    for token in [forged, Array(forged.dropLast()), Array("sst_".utf8), []] {
      #expect(try await world.sessions.verify(token).session == nil)
      #expect(try await world.sessions.renew(token, by: SessionsWorld.actor).renewed == nil)
      let atOnce = unsafe token.withUnsafeBytes {
        unsafe world.sessions.verifyAtOnce($0, now: world.clock.now())
      }
      guard case .refused = atOnce else {
        Issue.record("a forged token was not refused at once")
        continue
      }
    }
    #expect(world.counting.total == before)
  }

  @Test("any number of requests that miss together read the store once")
  func singleFlight() async throws {
    let gate = GatedStore(MemoryStore())
    let world = SessionsWorld(store: gate)
    let opened = try await world.open()
    let node = world.otherNode()
    await gate.hold()
    let answers = try await withThrowingTaskGroup(of: Bool.self) { group in
      for _ in 0..<50 { group.addTask { try await node.verify(opened.token.text).session != nil } }
      await gate.waitForHeld(1)
      await gate.release()
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(answers == [Bool](repeating: true, count: 50))
    #expect(world.counting.count(.session) == 1)
  }

  @Test("a read that began before a close neither fills the cache nor answers who asks after it")
  func noStaleRefill() async throws {
    let gate = GatedStore(MemoryStore())
    let world = SessionsWorld(store: gate)
    let opened = try await world.open()
    let node = world.otherNode()
    await gate.hold()
    async let slow = node.verify(opened.token.text)
    await gate.waitForHeld(1)
    #expect(try await node.close(opened.id, reason: .revoked, by: SessionsWorld.actor)?.isClosedNow == true)
    #expect(try await node.verify(opened.token.text).refusal == .closed)
    await gate.release()
    #expect(try await slow.refusal == .closed)
    #expect(try await node.verify(opened.token.text).refusal == .closed)
  }

  @Test("the same for a removal")
  func noStaleRefillAfterRemoval() async throws {
    let gate = GatedStore(MemoryStore())
    let world = SessionsWorld(store: gate)
    let opened = try await world.open()
    let node = world.otherNode()
    await gate.hold()
    async let slow = node.verify(opened.token.text)
    await gate.waitForHeld(1)
    _ = try await node.remove(opened.id, by: SessionsWorld.actor)
    await gate.release()
    #expect(try await slow.refusal == .unknown)
    #expect(try await node.verify(opened.token.text).refusal == .unknown)
  }

  @Test("in a cache too small for two, nothing verifies after its close was answered")
  func tinyCache() async throws {
    let world = SessionsWorld(cacheBytes: 0)
    var opened: [SessionsWorld.Opened] = []
    for _ in 0..<400 { opened.append(try await world.open()) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for session in opened {
        group.addTask {
          for _ in 0..<20 { _ = try await world.sessions.verify(session.token.text) }
        }
        group.addTask {
          _ = try await world.sessions.update(session.id, by: SessionsWorld.actor) { $0.status = "busy" }
        }
        group.addTask {
          let renewed = try await world.sessions.renew(session.token.text, by: SessionsWorld.actor)
          _ = try await world.sessions.close(session.id, reason: .logout, by: SessionsWorld.actor)
          for _ in 0..<5 {
            #expect(try await world.sessions.verify(session.token.text).session == nil)
            if let token = renewed.renewed?.token.text {
              #expect(try await world.sessions.verify(token).session == nil)
            }
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(world.sessions.cacheStatistics.evictions > 0)
    for session in opened {
      #expect(try await world.counting.session(session.id)?.closeReason == .logout)
    }
  }

  @Test("the cache keeps within its bytes")
  func bounded() async throws {
    let world = SessionsWorld(cacheBytes: 256 << 10)
    for index in 0..<2000 { _ = try await world.open(ExactText("user\(index)")) }
    #expect(world.sessions.cacheStatistics.bytes <= 256 << 10)
    #expect(world.sessions.cacheStatistics.sessions > 100)
  }

  @Test("a write whose outcome is unknown takes the session out of the cache")
  func unknownOutcome() async throws {
    let failing = FailingStore(MemoryStore())
    let world = SessionsWorld(store: failing)
    let opened = try await world.open()
    failing.fail(.close, after: true)
    await #expect(throws: StoreError.self) {
      _ = try await world.sessions.close(opened.id, reason: .revoked, by: SessionsWorld.actor)
    }
    failing.stopFailing()
    #expect(try await world.sessions.verify(opened.token.text).refusal == .closed)
  }

  @Test("a closing of many whose outcome is unknown, repeated with none left to close, leaves none to be let in")
  func unknownClosings() async throws {
    let failing = FailingStore(MemoryStore())
    let world = SessionsWorld(store: failing)
    let opened = try await world.open()
    failing.fail(.closeMatching, after: true)
    await #expect(throws: StoreError.self) {
      _ = try await world.sessions.closeAll(of: "u1", reason: .revoked, by: SessionsWorld.actor)
    }
    failing.stopFailing()
    #expect(try await world.sessions.closeAll(of: "u1", reason: .revoked, by: SessionsWorld.actor) == 0)
    #expect(try await world.sessions.verify(opened.token.text).refusal == .closed)
  }

  @Test("while the store is down cached sessions verify and others are told so, never refused")
  func storeDown() async throws {
    let failing = FailingStore(MemoryStore())
    let world = SessionsWorld(store: failing)
    let opened = try await world.open()
    let node = world.otherNode()
    failing.fail(.session, after: false)
    #expect(try await world.sessions.verify(opened.token.text).session != nil)
    await #expect(throws: StoreError.self) { _ = try await node.verify(opened.token.text) }
    failing.stopFailing()
    #expect(try await node.verify(opened.token.text).session != nil)
  }
}
