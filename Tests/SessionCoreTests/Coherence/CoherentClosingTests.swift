import SessionTesting
import Testing

@testable import SessionCore

/// What was closed on one node is let in by the other within a lease at most, whatever breaks.
@Suite struct CoherentClosingTests {
  @Test("a closing is known at once where it was made, and elsewhere as soon as its note is heard")
  func noted() async throws {
    let world = await CoherenceWorld()
    let opened = try await world.open(on: world.here)
    world.hear(world.there)
    _ = try await world.there.sessions.verify(opened.token.text)
    #expect(world.atOnce(opened.token, on: world.there) == .active)
    try await world.close(opened.id, on: world.here)
    #expect(world.atOnce(opened.token, on: world.here) == .refused(.closed))
    #expect(world.atOnce(opened.token, on: world.there) == .active)
    world.hear(world.there)
    #expect(world.atOnce(opened.token, on: world.there) == .miss)
    #expect(try await world.there.sessions.verify(opened.token.text).closeReason == .logout)
    #expect(world.atOnce(opened.token, on: world.there) == .refused(.closed))
  }

  @Test("who closes all of a user's sessions lets in none that another node has closed, though its note is late")
  func closedByAnother() async throws {
    let world = await CoherenceWorld()
    let opened = try await world.open(on: world.here)
    await world.beat()
    _ = try await world.there.sessions.verify(opened.token.text)
    try await world.close(opened.id, on: world.here)
    #expect(world.atOnce(opened.token, on: world.there) == .active, "its note is still on its way")
    let count = try await world.there.sessions.closeAll(
      of: "u1", reason: .account, by: SessionsWorld.actor)
    #expect(count == 0)
    #expect(world.atOnce(opened.token, on: world.there) == .miss)
    #expect(try await world.there.sessions.verify(opened.token.text).closeReason == .logout)
  }

  @Test(
    "a request time that another node writes late revives no session that was closed after its time was up",
    arguments: [false, true])
  func lateRequestTime(closesAll: Bool) async throws {
    let world = await CoherenceWorld { $0.idleTimeout = .seconds(60) }
    let opened = try await world.open(on: world.here)
    await world.pass(.seconds(39))
    _ = try await world.there.sessions.verify(opened.token.text)
    await world.pass(.seconds(22))
    // To the store its time was up a second ago; the other node knows better, and could not say so in time.
    if closesAll {
      let count = try await world.here.sessions.closeAll(
        of: opened.session.userID, reason: .logout, by: SessionsWorld.actor)
      #expect(count == 0)
    } else {
      let closed = try await world.here.sessions.close(opened.id, reason: .logout, by: SessionsWorld.actor)
      #expect(closed?.isClosedNow == false)
      #expect(closed?.session.closeReason == .idle)
    }
    world.hear(world.there)
    try await world.there.sessions.flushTouches()
    for node in world.nodes {
      #expect(try await node.sessions.verify(opened.token.text).closeReason == .idle)
      #expect(world.atOnce(opened.token, on: node) == .refused(.closed))
    }
  }

  @Test(
    "a request time that another node writes late makes no more live than the limit",
    arguments: LiveSessionLimit.Overflow.allCases)
  func lateBeyondLimit(overflow: LiveSessionLimit.Overflow) async throws {
    let world = await CoherenceWorld {
      $0.idleTimeout = .seconds(60)
      $0.liveLimit = LiveSessionLimit(maximum: 1, overflow: overflow)
    }
    let former = try await world.open(on: world.here)
    await world.pass(.seconds(39))
    _ = try await world.there.sessions.verify(former.token.text)
    await world.pass(.seconds(22))
    // To the store the former one's time was up a second ago, so that there is room.
    let next = try await world.open(on: world.here)
    #expect(next.evicted.isEmpty)
    try await world.there.sessions.flushTouches()
    await world.beat()
    for node in world.nodes {
      #expect(try await node.sessions.verify(former.token.text).closeReason == .idle)
      #expect(try await node.sessions.verify(next.token.text).session != nil)
    }
    let events = try await world.here.store.events(after: 0, kinds: [.sessionClosed], limit: 10).entries.map(\.event)
    #expect(events.map(\.actor.kind) == [.reaper])
  }

  @Test("without its note, the other node lets it in until the lease ends and no longer")
  func unheard() async throws {
    let world = await CoherenceWorld()
    let opened = try await world.open(on: world.here)
    await world.beat()
    _ = try await world.there.sessions.verify(opened.token.text)
    try await world.close(opened.id, on: world.here)
    world.clock.advance(by: TimeSpan(milliseconds: 999))
    #expect(world.atOnce(opened.token, on: world.there) == .active)
    #expect(try await world.there.sessions.verify(opened.token.text).session != nil)
    world.clock.advance(by: TimeSpan(milliseconds: 1))
    #expect(world.atOnce(opened.token, on: world.there) == .miss)
    #expect(try await world.there.sessions.verify(opened.token.text).closeReason == .logout)
  }

  @Test(
    "a heartbeat that was sent before the closing's note and heard without it is good for no more than its own time")
  func delayed() async throws {
    let world = await CoherenceWorld()
    let opened = try await world.open(on: world.here)
    await world.beat()
    _ = try await world.there.sessions.verify(opened.token.text)
    // Sent before the closing, heard after it, with the note still on its way behind it.
    await world.send(world.there)
    try await world.close(opened.id, on: world.here)
    world.clock.advance(by: TimeSpan(milliseconds: 900))
    #expect(world.place.deliver(to: 1, along: 0))
    #expect(world.atOnce(opened.token, on: world.there) == .active)
    world.clock.advance(by: TimeSpan(milliseconds: 100))
    #expect(world.atOnce(opened.token, on: world.there) == .miss)
  }

  @Test("a node that stood still for five seconds believes nothing that it kept")
  func stopped() async throws {
    let world = await CoherenceWorld()
    let opened = try await world.open(on: world.here)
    await world.beat()
    _ = try await world.there.sessions.verify(opened.token.text)
    // The heartbeat's sending time was read before the node stood still, and it is sent and heard afterwards.
    await world.send(world.there)
    try await world.close(opened.id, on: world.here)
    world.clock.advance(by: .seconds(5))
    #expect(world.place.deliver(to: 1, along: 0))
    #expect(world.atOnce(opened.token, on: world.there) == .miss)
    #expect(try await world.there.sessions.verify(opened.token.text).closeReason == .logout)
  }

  @Test("a lane that was cut off and opened again brings back nothing that was kept from before", arguments: [1, 3])
  func reopened(lanes: Int) async throws {
    let world = await CoherenceWorld(lanes: lanes)
    let opened = try await world.open(on: world.here)
    await world.beat()
    _ = try await world.there.sessions.verify(opened.token.text)
    let lane = opened.id.lane(of: lanes)
    world.place.disconnect(1, along: lane)
    try await world.close(opened.id, on: world.here)
    world.place.reconnect(1, along: lane)
    await world.beat()
    #expect(world.there.coherence.isHeld(lane, now: world.clock.now()))
    #expect(world.atOnce(opened.token, on: world.there) == .miss)
    #expect(try await world.there.sessions.verify(opened.token.text).closeReason == .logout)
  }

  @Test("sessions of a lane that was not cut off are still answered from the cache")
  func otherLanes() async throws {
    let world = await CoherenceWorld(lanes: 3)
    var opened: [SessionsWorld.Opened] = []
    for _ in 0..<12 { opened.append(try await world.open(on: world.there)) }
    await world.beat()
    world.place.disconnect(1, along: 1)
    world.hear(world.there)
    world.place.reconnect(1, along: 1)
    await world.beat()
    for session in opened {
      #expect(world.atOnce(session.token, on: world.there) == (session.id.lane(of: 3) == 1 ? .miss : .active))
    }
  }

  @Test("a read that was under way when the closing was heard of does not bring the session back")
  func staleRead() async throws {
    let world = await CoherenceWorld()
    let opened = try await world.open(on: world.here)
    await world.beat()
    await world.there.gate.hold(.session)
    let reading = Task { try await world.there.sessions.verify(opened.token.text) }
    await world.there.gate.waitForHeld(1)
    try await world.close(opened.id, on: world.here)
    world.hear(world.there)
    await world.there.gate.release()
    // It began before the closing was answered.
    #expect(try await reading.value.session != nil)
    #expect(world.atOnce(opened.token, on: world.there) == .miss)
    #expect(try await world.there.sessions.verify(opened.token.text).closeReason == .logout)
  }

  @Test("who waits for such a read looks again, and is not let in by it")
  func waiters() async throws {
    let world = await CoherenceWorld()
    let opened = try await world.open(on: world.here)
    await world.beat()
    await world.there.gate.hold(.session)
    let first = Task { try await world.there.sessions.verify(opened.token.text) }
    await world.there.gate.waitForHeld(1)
    let second = Task { try await world.there.sessions.verify(opened.token.text) }
    while world.there.sessions.cacheStatistics.misses < 2 { await Task.yield() }
    try await world.close(opened.id, on: world.here)
    world.hear(world.there)
    await world.there.gate.release()
    _ = try await first.value
    #expect(try await second.value.closeReason == .logout)
  }

  @Test("a read that was under way while the lane was lost and won again fills nothing")
  func readOverLoss() async throws {
    let world = await CoherenceWorld()
    let opened = try await world.open(on: world.here)
    await world.beat()
    await world.there.gate.hold(.session)
    let reading = Task { try await world.there.sessions.verify(opened.token.text) }
    await world.there.gate.waitForHeld(1)
    world.place.disconnect(1, along: 0)
    try await world.close(opened.id, on: world.here)
    world.place.reconnect(1, along: 0)
    await world.beat()
    await world.there.gate.release()
    _ = try await reading.value
    #expect(world.there.coherence.isHeld(0, now: world.clock.now()))
    #expect(world.atOnce(opened.token, on: world.there) == .miss)
  }

  @Test("a write that was under way and is older than what was heard of does not enter", arguments: [false, true])
  func staleWrite(isLost: Bool) async throws {
    let world = await CoherenceWorld()
    let opened = try await world.open(on: world.there)
    await world.beat()
    await world.there.gate.hold(.replace)
    let writing = Task { try await world.there.sessions.renew(opened.token.text, by: SessionsWorld.actor) }
    await world.there.gate.waitForHeld(1)
    if isLost { world.place.disconnect(1, along: 0) }
    try await world.close(opened.id, on: world.here)
    if isLost { world.place.reconnect(1, along: 0) }
    await world.beat()
    await world.there.gate.release()
    let renewed = try #require(try await writing.value.renewed)
    #expect(world.atOnce(renewed.token, on: world.there) == .miss)
    #expect(try await world.there.sessions.verify(renewed.token.text).closeReason == .logout)
  }

  @Test("an opening that was under way while its session was closed does not enter")
  func staleOpening() async throws {
    let world = await CoherenceWorld()
    await world.there.gate.hold(.insert)
    let opening = Task { try await world.open(on: world.there) }
    await world.there.gate.waitForHeld(1)
    _ = try await world.here.sessions.closeAll(of: "u1", reason: .account, by: SessionsWorld.actor)
    await world.beat()
    await world.there.gate.release()
    let opened = try await opening.value
    #expect(world.atOnce(opened.token, on: world.there) == .miss)
    #expect(try await world.there.sessions.verify(opened.token.text).closeReason == .account)
  }

  @Test("a removal, an eviction, the reaper's work and a purge are heard of, too")
  func otherEnds() async throws {
    let world = await CoherenceWorld {
      $0.liveLimit = LiveSessionLimit(maximum: 2, overflow: .evictOldest)
      $0.idleTimeout = .seconds(60)
      $0.retention = .seconds(1)
    }
    var opened: [SessionsWorld.Opened] = []
    for user in ["a", "a", "b", "c"] as [ExactText] {
      world.clock.advance(by: .seconds(1))
      opened.append(try await world.open(on: world.here, user))
    }
    await world.beat()
    for session in opened { _ = try await world.there.sessions.verify(session.token.text) }
    for session in opened { #expect(world.atOnce(session.token, on: world.there) == .active) }
    _ = try await world.open(on: world.here, "a")
    _ = try await world.here.sessions.remove(opened[2].id, by: SessionsWorld.actor)
    world.hear(world.there)
    #expect(world.atOnce(opened[0].token, on: world.there) == .miss)
    #expect(world.atOnce(opened[1].token, on: world.there) == .active)
    #expect(world.atOnce(opened[2].token, on: world.there) == .miss)
    await world.pass(.seconds(61))
    #expect(try await world.here.sessions.reap() > 0)
    world.hear(world.there)
    #expect(world.atOnce(opened[3].token, on: world.there) == .miss)
    #expect(try await world.there.sessions.verify(opened[3].token.text).closeReason == .idle)
    await world.pass(.seconds(2))
    #expect(try await world.here.sessions.purge() > 0)
    world.hear(world.there)
    #expect(try await world.there.sessions.verify(opened[3].token.text).refusal == .unknown)
  }

  @Test("a request time that comes late from another node does not revive what was closed")
  func lateTouch() async throws {
    let world = await CoherenceWorld()
    let opened = try await world.open(on: world.here)
    await world.beat()
    _ = try await world.there.sessions.verify(opened.token.text)
    world.clock.advance(by: TimeSpan(milliseconds: 100))
    #expect(world.atOnce(opened.token, on: world.there) == .active)
    try await world.close(opened.id, on: world.here)
    world.hear(world.there)
    try await world.there.sessions.flushTouches()
    for node in world.nodes { #expect(try await node.sessions.verify(opened.token.text).closeReason == .logout) }
    try await world.there.sessions.flushTouches()
    #expect(world.there.calls.count(.touch) == 1)
  }
}
