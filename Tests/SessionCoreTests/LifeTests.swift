import JSON
import SessionCore
import SessionTesting
import Testing

@Suite struct LifeTests {
  @Test("an opened session verifies, and the answer is the session")
  func openAndVerify() async throws {
    let world = SessionsWorld()
    let opened = try await world.open {
      $0.userName = "Ann"
      $0.data = JSONText(string: "x")
    }
    let verified = try #require(try await world.sessions.verify(opened.token.text).session)
    #expect(verified == opened.session)
    #expect(world.log.all.map(\.change) == [.opened])
    #expect(world.log.all.first?.actor == SessionsWorld.actor)
  }

  @Test("a session ends at its idle time, to the millisecond, and each request moves it")
  func idle() async throws {
    let world = SessionsWorld { $0.idleTimeout = .seconds(60) }
    let opened = try await world.open()
    for _ in 0..<3 {
      world.clock.advance(by: TimeSpan(milliseconds: 59_999))
      #expect(try await world.sessions.verify(opened.token.text).session != nil)
    }
    world.clock.advance(by: .seconds(60))
    let refused = try await world.sessions.verify(opened.token.text)
    #expect(refused.refusal == .closed && refused.closeReason == .idle)
  }

  @Test("a session ends at its lifetime, however busy it is")
  func lifetime() async throws {
    let world = SessionsWorld {
      $0.idleTimeout = .seconds(60)
      $0.lifetime = .seconds(150)
    }
    let opened = try await world.open()
    for _ in 0..<2 {
      world.clock.advance(by: .seconds(59))
      #expect(try await world.sessions.verify(opened.token.text).session != nil)
    }
    world.clock.advance(by: .seconds(32))
    #expect(try await world.sessions.verify(opened.token.text).closeReason == .lifetime)
  }

  @Test("a caller's own limits and remembered ones take the place of the policy's")
  func ownLimits() async throws {
    let world = SessionsWorld()
    let own = try await world.open {
      $0.idleTimeout = .seconds(5)
      $0.isRemembered = true
    }
    #expect(own.session.idleTimeout == .seconds(5))
    #expect(own.session.lifetime == world.sessions.policy.rememberedLifetime)
    let remembered = try await world.open { $0.isRemembered = true }
    #expect(remembered.session.idleTimeout == world.sessions.policy.rememberedIdleTimeout)
  }

  @Test("an expired session reads as closed at its deadline, before and after the reaper alike")
  func settledAlike() async throws {
    let world = SessionsWorld { $0.idleTimeout = .seconds(60) }
    let opened = try await world.open { $0.data = .null }
    world.clock.advance(by: .hours(1))
    var before = try #require(try await world.sessions.session(opened.id))
    #expect(before.closeTime == opened.session.openTime + .seconds(60))
    #expect(before.closeReason == .idle && before.data == nil)
    #expect(try await world.sessions.reap() == 1)
    let after = try #require(try await world.sessions.session(opened.id))
    before.revision += 1
    #expect(after == before)
    #expect(world.log.all.last?.change == .closed(.idle))
    #expect(world.log.all.last?.time == before.closeTime)
    #expect(try await world.sessions.reap() == 0)
  }

  @Test("a reaper that is cancelled ends after a batch, and leaves the rest to the next one")
  func cancelledReaper() async throws {
    let world = SessionsWorld { $0.idleTimeout = .seconds(60) }
    for _ in 0..<1001 { _ = try await world.open() }
    world.clock.advance(by: .hours(1))
    let reaper = Task {
      while !Task.isCancelled { await Task.yield() }
      return try await world.sessions.reap()
    }
    reaper.cancel()
    #expect(try await reaper.value == 500)
    #expect(try await world.sessions.reap() == 501)
  }

  @Test("reaping and removing rest between two batches, and only there")
  func resting() async throws {
    let world = SessionsWorld { $0.idleTimeout = .seconds(60) }
    for _ in 0..<1001 { _ = try await world.open() }
    world.clock.advance(by: .hours(1))
    var rests = 0
    #expect(try await world.sessions.reap { rests += 1 } == 1001)
    #expect(rests == 2)
    world.clock.advance(by: .days(400))
    #expect(try await world.sessions.purge { rests += 1 } == 1001)
    #expect(rests == 4)
    #expect(try await world.sessions.purge { rests += 1 } == 0)
    #expect(rests == 4)
  }

  @Test("a closed session is refused at once, drops its contents and can't be closed again")
  func close() async throws {
    let world = SessionsWorld()
    let opened = try await world.open { $0.user = .null }
    let first = try #require(try await world.sessions.close(opened.id, reason: .logout, by: SessionsWorld.actor))
    #expect(first.isClosedNow && first.session.closeReason == .logout && first.session.user == nil)
    #expect(try await world.sessions.verify(opened.token.text).closeReason == .logout)
    let second = try #require(try await world.sessions.close(opened.id, reason: .revoked, by: SessionsWorld.actor))
    #expect(!second.isClosedNow && second.session == first.session)
    #expect(world.log.count(.closed(.logout)) == 1 && world.log.count(.closed(.revoked)) == 0)
  }

  @Test("closing all of a user spares the one that is named, and other users")
  func closeAll() async throws {
    let world = SessionsWorld()
    var mine: [SessionsWorld.Opened] = []
    for _ in 0..<1203 { mine.append(try await world.open("mine")) }
    let other = try await world.open("other")
    let kept = mine[7]
    let count = try await world.sessions.closeAll(
      of: "mine", except: kept.id, reason: .logout, by: SessionsWorld.actor)
    #expect(count == 1202)
    #expect(try await world.sessions.verify(kept.token.text).session != nil)
    #expect(try await world.sessions.verify(other.token.text).session != nil)
    for closed in mine where closed.id != kept.id {
      #expect(try await world.sessions.verify(closed.token.text).refusal == .closed)
    }
    #expect(world.log.count(.closed(.logout)) == 1202)
  }

  @Test("a removed session is unknown, and its removal ends it")
  func remove() async throws {
    let world = SessionsWorld()
    let opened = try await world.open()
    #expect(try await world.sessions.remove(opened.id, by: SessionsWorld.actor)?.id == opened.id)
    #expect(try await world.sessions.verify(opened.token.text).refusal == .unknown)
    #expect(try await world.sessions.session(opened.id) == nil)
    #expect(try await world.sessions.remove(opened.id, by: SessionsWorld.actor) == nil)
    #expect(world.log.all.map(\.change) == [.opened, .closed(.revoked), .removed])
  }

  @Test("closed sessions are removed after the retention, and no earlier")
  func retention() async throws {
    let world = SessionsWorld { $0.retention = .days(1) }
    let opened = try await world.open()
    let alive = try await world.open()
    _ = try await world.sessions.close(opened.id, reason: .logout, by: SessionsWorld.actor)
    world.clock.advance(by: .hours(23))
    _ = try await world.sessions.verify(alive.token.text)
    world.clock.advance(by: .hours(1))
    #expect(try await world.sessions.purge() == 0)
    world.clock.advance(by: TimeSpan(milliseconds: 1))
    #expect(try await world.sessions.purge() == 1)
    #expect(try await world.sessions.session(opened.id) == nil)
    #expect(try await world.sessions.session(alive.id) != nil)
  }

  @Test("100 parallel openings with a limit of 5 leave exactly 5 alive", arguments: LiveSessionLimit.Overflow.allCases)
  func limit(overflow: LiveSessionLimit.Overflow) async throws {
    let world = SessionsWorld { $0.liveLimit = LiveSessionLimit(maximum: 5, overflow: overflow) }
    let tokens = await withTaskGroup(of: [UInt8]?.self) { group in
      for _ in 0..<100 { group.addTask { try? await world.open().token.text } }
      return await group.reduce(into: []) { $0 += $1.map { [$0] } ?? [] }
    }
    var alive = 0
    for token in tokens where try await world.sessions.verify(token).session != nil { alive += 1 }
    #expect(alive == 5)
    #expect(tokens.count == (overflow == .deny ? 5 : 100))
    #expect(world.log.count(.closed(.evicted)) == tokens.count - 5)
  }
}
