import JSON
import MemoryStore
import SessionTesting
import Testing

@testable import SessionCore

/// What other nodes have done in a session's favour is never held against it.
@Suite struct CoherentServiceTests {
  @Test("a token that another node has just given is let in, though its note is still on the way")
  func renewedElsewhere() async throws {
    let world = await CoherenceWorld()
    let opened = try await world.open(on: world.there)
    await world.beat()
    let renewed = try #require(try await world.here.sessions.renew(opened.token.text, by: SessionsWorld.actor).renewed)
    #expect(world.atOnce(renewed.token, on: world.there) == .miss)
    #expect(try await world.there.sessions.verify(renewed.token.text).session?.generation == 1)
    #expect(world.atOnce(renewed.token, on: world.there) == .active)
    let again = try await world.here.sessions.renew(renewed.token.text, by: SessionsWorld.actor)
    let second = try #require(again.renewed)
    #expect(try await world.there.sessions.renew(second.token.text, by: SessionsWorld.actor).renewed != nil)
  }

  @Test("one that joins a read from before the renewal is let in, too")
  func renewedDuringRead() async throws {
    let world = await CoherenceWorld()
    let opened = try await world.open(on: world.here)
    await world.beat()
    await world.there.gate.hold(.session)
    let first = Task { try await world.there.sessions.verify(opened.token.text) }
    await world.there.gate.waitForHeld(1)
    let renewed = try #require(try await world.here.sessions.renew(opened.token.text, by: SessionsWorld.actor).renewed)
    let second = Task { try await world.there.sessions.verify(renewed.token.text) }
    while world.there.sessions.cacheStatistics.misses < 2 { await Task.yield() }
    await world.there.gate.release()
    #expect(try await first.value.session != nil)
    #expect(try await second.value.session != nil)
  }

  @Test("parallel renewals on two nodes are one step with equal answers")
  func parallelRenewals() async throws {
    let world = await CoherenceWorld()
    let opened = try await world.open(on: world.here)
    await world.beat()
    for node in world.nodes { _ = try await node.sessions.verify(opened.token.text) }
    let verdicts = try await withThrowingTaskGroup(of: RenewVerdict.self) { group in
      for index in 0..<100 {
        group.addTask {
          try await world.nodes[index % 2].sessions.renew(opened.token.text, by: SessionsWorld.actor)
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(Set(verdicts.compactMap { $0.renewed?.token.text }).count == 1)
    #expect(verdicts.allSatisfy { $0.renewed?.session.generation == 1 })
    #expect(try await world.here.store.session(opened.id)?.generation == 1)
  }

  @Test("a session that another node has heard requests of does not end by idle time here")
  func usedElsewhere() async throws {
    let world = await CoherenceWorld { $0.idleTimeout = .seconds(60) }
    let opened = try await world.open(on: world.here)
    await world.beat()
    _ = try await world.there.sessions.verify(opened.token.text)
    for _ in 0..<6 {
      await world.pass(.seconds(20))
      #expect(try await world.here.sessions.verify(opened.token.text).session != nil)
    }
    #expect(world.atOnce(opened.token, on: world.there) == .miss)
    #expect(try await world.there.sessions.verify(opened.token.text).session != nil)
    #expect(world.atOnce(opened.token, on: world.there) == .active)
    await world.pass(.seconds(61))
    for node in world.nodes { #expect(try await node.sessions.verify(opened.token.text).closeReason == .idle) }
  }

  @Test("nor is it shown, changed, renewed by its id or given a new token as if it had ended")
  func usedElsewhereByID() async throws {
    let world = await CoherenceWorld { $0.idleTimeout = .seconds(60) }
    let opened = try await world.open(on: world.here)
    await world.beat()
    _ = try await world.there.sessions.verify(opened.token.text)
    let (there, actor) = (world.there.sessions, SessionsWorld.actor)
    func age() async throws {
      for _ in 0..<2 {
        await world.pass(.seconds(40))
        #expect(try await world.here.sessions.session(opened.id, touching: true)?.closeTime == nil)
      }
    }
    try await age()
    #expect(try await there.session(opened.id)?.closeTime == nil)
    try await age()
    guard case .updated = try await there.update(opened.id, by: actor, { $0.status = "on" }) else {
      Issue.record("not changed")
      return
    }
    try await age()
    #expect(try await there.renew(session: opened.id, by: actor).renewed != nil)
    try await age()
    guard case .reissued = try await there.reissue(opened.id, by: actor) else {
      Issue.record("no new token")
      return
    }
  }

  @Test("a change that another node has just made is meant by who asks for it")
  func meant() async throws {
    let world = await CoherenceWorld()
    let opened = try await world.open(on: world.there)
    await world.beat()
    _ = try await world.here.sessions.update(opened.id, by: SessionsWorld.actor) { $0.status = "on" }
    let verdict = try await world.there.sessions.reissue(
      opened.id, by: SessionsWorld.actor, where: { $0.status == "on" })
    guard case .reissued = verdict else {
      Issue.record("refused: \(verdict)")
      return
    }
  }

  @Test("a caller's own token that another node has opened again is let in here")
  func carriedAgain() async throws {
    let world = await CoherenceWorld()
    let (actor, user) = (SessionsWorld.actor, ExactText("ana"))
    let token = Array("brought along".utf8)
    func open(on node: CoherenceWorld.Node) async throws -> SessionID {
      let draft = CarriedDraft(
        userID: user, token: token, text: token, openTime: world.clock.now(), lifetime: .hours(1))
      guard case .opened(let session, _) = try await node.sessions.open(draft, by: actor) else {
        throw StoreError(.corrupt, "not opened")
      }
      return session.id
    }
    let id = try await open(on: world.here)
    await world.beat()
    for node in world.nodes { #expect(try await node.sessions.verifyCarried(token, of: user).session != nil) }
    try await world.close(id, on: world.here)
    await world.beat()
    for node in world.nodes { #expect(try await node.sessions.verifyCarried(token, of: user).session == nil) }
    world.clock.advance(by: TimeSpan(milliseconds: 10))
    #expect(try await open(on: world.here) == id)
    // The other node has it as closed, and has heard nothing yet.
    #expect(try await world.there.sessions.verifyCarried(token, of: user).session != nil)
    #expect(try await world.there.sessions.session(id)?.closeTime == nil)
  }

  @Test("notes of this node's own writes cost nothing")
  func ownNotes() async throws {
    let world = await CoherenceWorld()
    let opened = try await world.open(on: world.here)
    await world.beat()
    let renewed = try #require(try await world.here.sessions.renew(opened.token.text, by: SessionsWorld.actor).renewed)
    await world.beat()
    #expect(world.atOnce(renewed.token, on: world.here) == .active)
    #expect(world.here.calls.count(.session) == 0)
  }

  @Test("without a lease every request reads the store, and joins no read from before it")
  func withoutLease() async throws {
    let world = await CoherenceWorld()
    let opened = try await world.open(on: world.here)
    world.clock.advance(by: .seconds(2))
    let reads = world.here.calls.count(.session)
    for _ in 0..<5 { #expect(try await world.here.sessions.verify(opened.token.text).session != nil) }
    #expect(world.here.calls.count(.session) == reads + 5)
    await world.here.gate.hold(.session)
    let slow = Task { try await world.here.sessions.verify(opened.token.text) }
    await world.here.gate.waitForHeld(1)
    let next = Task { try await world.here.sessions.verify(opened.token.text) }
    await world.here.gate.waitForHeld(2)
    await world.here.gate.release()
    #expect(try await slow.value.session != nil)
    #expect(try await next.value.session != nil)
    // Requests still cost one write together, for what was read is there to note their times.
    try await world.here.sessions.flushTouches()
    #expect(world.here.calls.count(.touch) == 1)
    await world.beat()
    #expect(world.atOnce(opened.token, on: world.here) == .active)
  }

  @Test("under a lease all who ask at once share one read")
  func shared() async throws {
    let world = await CoherenceWorld()
    let opened = try await world.open(on: world.here)
    await world.beat()
    await world.there.gate.hold(.session)
    let tasks = (0..<20).map { _ in Task { try await world.there.sessions.verify(opened.token.text) } }
    while world.there.sessions.cacheStatistics.misses < 20 { await Task.yield() }
    await world.there.gate.release()
    for task in tasks { #expect(try await task.value.session != nil) }
    #expect(world.there.calls.count(.session) == 1)
  }

  @Test("a lane that opens again forgets no request time")
  func keepsRequestTimes() async throws {
    let world = await CoherenceWorld()
    let opened = try await world.open(on: world.here)
    await world.beat()
    world.clock.advance(by: TimeSpan(milliseconds: 500))
    #expect(world.atOnce(opened.token, on: world.here) == .active)
    let last = world.clock.now()
    world.place.disconnect(0, along: 0)
    world.place.reconnect(0, along: 0)
    await world.beat()
    #expect(world.atOnce(opened.token, on: world.here) == .miss)
    #expect(try await world.here.sessions.session(opened.id)?.requestTime == last)
    try await world.here.sessions.flushTouches()
    #expect(try await world.here.store.session(opened.id)?.requestTime == last)
  }

  @Test("a read that fails while the lane is opened again is an error at once, and is not made again")
  func failing() async throws {
    let world = await CoherenceWorld()
    let opened = try await world.open(on: world.here)
    let calls = CallCounter()
    let gated = GatedStore(InterceptedStore(world.here.store, calls))
    let failing = FailingStore(gated)
    let coherence = Coherence(store: world.here.store, clock: world.clock, random: SeededRandom(seed: 5))
    let sessions = Sessions(
      store: failing, policy: world.here.sessions.policy, keys: SessionsWorld.ring(), clock: world.clock,
      random: SeededRandom(seed: 6), coherence: coherence)
    failing.fail(.session, after: true)
    await gated.hold()
    let reading = Task { try await sessions.verify(opened.token.text) }
    await gated.waitForHeld(1)
    coherence.laneOpened(0)
    await gated.release()
    await #expect(throws: StoreError.self) { _ = try await reading.value }
    #expect(calls.count(.session) == 1)
  }

  @Test("a shared store that nobody follows is read for every request")
  func unfollowed() async throws {
    let place = SharedMemory(MemoryStore())
    let clock = ManualClock(Timestamp(milliseconds: 1_800_000_000_000))
    let nodes = (0..<2).map { number in
      Sessions(
        store: place.node(), policy: SessionPolicy(), keys: SessionsWorld.ring(), clock: clock,
        random: SeededRandom(seed: UInt64(number)))
    }
    guard
      case .opened(let session, let token, _) = try await nodes[0].open(
        SessionDraft(userID: "u"), by: SessionsWorld.actor)
    else { return }
    for node in nodes {
      #expect(try await node.verify(token.text).session != nil)
      let atOnce = unsafe token.text.withUnsafeBytes { unsafe node.verifyAtOnce($0, now: clock.now()) }
      guard case .miss = atOnce else {
        Issue.record("trusted: \(atOnce)")
        return
      }
    }
    _ = try await nodes[0].close(session.id, reason: .logout, by: SessionsWorld.actor)
    #expect(try await nodes[1].verify(token.text).closeReason == .logout)
  }

  @Test("who follows the events is woken by what another node has written, and not by heartbeats")
  func eventFeed() async throws {
    let world = await CoherenceWorld()
    let feed = EventFeed(store: world.there.store)
    let number = try await feed.lastNumber()
    let waiting = Task { await feed.wait(after: number, upTo: .seconds(60)) }
    feed.heard(.heartbeat(1), along: 0)
    _ = try await world.open(on: world.here)
    while true {
      feed.heard(.session(SessionID(high: 1, low: 1), revision: 1), along: 0)
      if try await feed.lastNumber() > number { break }
    }
    #expect(await waiting.value)
  }
}
