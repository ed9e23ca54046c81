import SessionCore
import SessionTesting
import Testing

@Suite struct RenewalTests {
  @Test("100 parallel renewals of one token make one step and get equal answers")
  func parallel() async throws {
    let world = SessionsWorld()
    let opened = try await world.open()
    let answers = try await withThrowingTaskGroup(of: RenewVerdict.self) { group in
      for _ in 0..<100 {
        group.addTask { try await world.sessions.renew(opened.token.text, by: SessionsWorld.actor) }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    let tokens = Set(answers.compactMap { $0.renewed?.token.text })
    #expect(answers.count == 100 && answers.allSatisfy { $0.renewed != nil })
    #expect(tokens.count == 1)
    #expect(try await world.sessions.session(opened.id)?.generation == 1)
    #expect(world.log.count(.renewed) == 1)
  }

  @Test("parallel renewals on two nodes of one store make one step")
  func twoNodes() async throws {
    let world = SessionsWorld()
    let opened = try await world.open()
    let nodes = [world.sessions, world.otherNode()]
    let tokens = try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
      for index in 0..<100 {
        group.addTask {
          try await nodes[index % 2].renew(opened.token.text, by: SessionsWorld.actor).renewed?.token.text
        }
      }
      return try await group.reduce(into: Set()) { $0.insert($1) }
    }
    #expect(tokens.count == 1 && !tokens.contains(nil))
  }

  @Test("the former token verifies and renews to the same token within the grace time")
  func grace() async throws {
    let world = SessionsWorld { $0.renewalGrace = .seconds(10) }
    let opened = try await world.open()
    let first = try #require(try await world.sessions.renew(opened.token.text, by: SessionsWorld.actor).renewed)
    world.clock.advance(by: TimeSpan(milliseconds: 9999))
    #expect(try await world.sessions.verify(opened.token.text).session != nil)
    let again = try #require(try await world.sessions.renew(opened.token.text, by: SessionsWorld.actor).renewed)
    #expect(again.token.text == first.token.text)
    #expect(world.log.count(.renewed) == 1)
  }

  @Test("after the grace time the former token is refused, and renewing with it closes the session")
  func reuseAfterGrace() async throws {
    let world = SessionsWorld { $0.renewalGrace = .seconds(10) }
    let opened = try await world.open()
    let other = try await world.open()
    let renewed = try #require(try await world.sessions.renew(opened.token.text, by: SessionsWorld.actor).renewed)
    world.clock.advance(by: .seconds(10))
    #expect(try await world.sessions.verify(opened.token.text).refusal == .superseded)
    #expect(try await world.sessions.verify(renewed.token.text).session != nil)
    #expect(try await world.sessions.renew(opened.token.text, by: SessionsWorld.actor).refusal == .superseded)
    #expect(try await world.sessions.verify(renewed.token.text).closeReason == .reuse)
    #expect(try await world.sessions.verify(other.token.text).session != nil)
    #expect(world.log.count(.closed(.reuse)) == 1)
  }

  @Test("a token two generations old closes the session, also within the grace time")
  func twoGenerationsOld() async throws {
    let world = SessionsWorld()
    let opened = try await world.open()
    let first = try #require(try await world.sessions.renew(opened.token.text, by: SessionsWorld.actor).renewed)
    let second = try #require(try await world.sessions.renew(first.token.text, by: SessionsWorld.actor).renewed)
    #expect(try await world.sessions.renew(opened.token.text, by: SessionsWorld.actor).refusal == .superseded)
    #expect(try await world.sessions.verify(second.token.text).closeReason == .reuse)
    #expect(try await world.sessions.session(opened.id)?.closeReason == .reuse)
  }

  @Test("a renewal counts as a request")
  func renewalTouches() async throws {
    let world = SessionsWorld { $0.idleTimeout = .seconds(60) }
    let opened = try await world.open()
    world.clock.advance(by: .seconds(59))
    let renewed = try #require(try await world.sessions.renew(opened.token.text, by: SessionsWorld.actor).renewed)
    world.clock.advance(by: .seconds(59))
    #expect(try await world.sessions.verify(renewed.token.text).session != nil)
  }

  @Test("ended and unknown sessions are not renewed")
  func ended() async throws {
    let world = SessionsWorld { $0.idleTimeout = .seconds(60) }
    let closed = try await world.open()
    let expired = try await world.open()
    let removed = try await world.open()
    _ = try await world.sessions.close(closed.id, reason: .logout, by: SessionsWorld.actor)
    _ = try await world.sessions.remove(removed.id, by: SessionsWorld.actor)
    world.clock.advance(by: .seconds(60))
    #expect(try await world.sessions.renew(closed.token.text, by: SessionsWorld.actor).refusal == .closed)
    #expect(try await world.sessions.renew(expired.token.text, by: SessionsWorld.actor).refusal == .closed)
    #expect(try await world.sessions.renew(removed.token.text, by: SessionsWorld.actor).refusal == .unknown)
    #expect(try await world.sessions.renew([], by: SessionsWorld.actor).refusal == .malformed)
  }

  @Test("a token from before a key rotation renews into one under the new key")
  func rotation() async throws {
    let world = SessionsWorld()
    let opened = try await world.open()
    let keys = SessionsWorld.ring().rotated(
      to: SessionsWorld.ring(seed: 2).signing, now: world.clock.now(), overlapEnd: world.clock.now() + .days(1))
    world.sessions.replaceKeys(keys)
    let renewed = try #require(try await world.sessions.renew(opened.token.text, by: SessionsWorld.actor).renewed)
    world.clock.advance(by: .hours(20))
    #expect(try await world.sessions.verify(renewed.token.text).session != nil)
    world.clock.advance(by: .hours(4))
    #expect(try await world.sessions.verify(opened.token.text).refusal == .forged)
    #expect(try await world.sessions.verify(renewed.token.text).session != nil)
  }
}
