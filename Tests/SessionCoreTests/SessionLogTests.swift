import MemoryStore
import SessionCore
import SessionTesting
import Testing

@Suite("What sessions leave in the event log") struct SessionLogTests {
  private let store = MemoryStore()

  /// The log from an entry on, as lines to compare: what, whose, why and by whom.
  private func lines(from count: Int = 0) async throws -> [String] {
    try await store.events(after: Int64(count), kinds: nil, limit: 1000).entries.map { entry in
      let event = entry.event
      let about = [event.kind.rawValue, event.userID?.string, event.reason].compactMap { $0 }
      let by = [event.actor.kind.rawValue, event.actor.address, event.actor.requestID].compactMap { $0 }
      return (about + ["by"] + by).joined(separator: " ")
    }
  }

  @Test("the log of a day is what was done, in order, and nothing else")
  func day() async throws {
    let world = SessionsWorld(store: store) {
      $0.idleTimeout = .minutes(30)
      $0.liveLimit = LiveSessionLimit(maximum: 2, overflow: .evictOldest)
    }
    let user = Actor(.user, address: "192.0.2.1", requestID: "r-9")
    let first = try await world.open("u1")
    let renewed = try #require(try await world.sessions.renew(first.token.text, by: user).renewed)
    // The same token within the grace time is the same renewal.
    #expect(try await world.sessions.renew(first.token.text, by: user).renewed != nil)
    _ = try await world.sessions.verify(renewed.token.text)
    _ = try await world.sessions.update(first.id, by: SessionsWorld.actor) { $0.status = "busy" }
    _ = try await world.sessions.close(first.id, reason: .logout, by: user)
    _ = try await world.sessions.close(first.id, reason: .revoked, by: SessionsWorld.actor)
    for _ in 0..<3 { _ = try await world.open("u2") }
    _ = try await world.sessions.closeAll(of: "u2", reason: .account, by: SessionsWorld.actor)
    _ = try await world.open("u3")
    world.clock.advance(by: .hours(1))
    _ = try await world.sessions.reap()
    _ = try await world.sessions.remove(first.id, by: SessionsWorld.actor)
    _ = try await world.sessions.purge()
    #expect(
      try await lines() == [
        "session.opened u1 by service", "session.renewed u1 by user 192.0.2.1 r-9", "session.changed u1 by service",
        "session.closed u1 logout by user 192.0.2.1 r-9", "session.opened u2 by service",
        "session.opened u2 by service", "session.closed u2 evicted by policy", "session.opened u2 by service",
        "session.closed u2 account by service", "session.closed u2 account by service", "session.opened u3 by service",
        "session.closed u3 idle by reaper", "session.removed u1 by service",
      ])
  }

  @Test("a token that comes back is told as closed for reuse by the policy, with the caller's address and request")
  func reuse() async throws {
    let world = SessionsWorld(store: store)
    let opened = try await world.open("u1")
    _ = try await world.sessions.renew(opened.token.text, by: SessionsWorld.actor)
    world.clock.advance(by: .minutes(5))
    let thief = Actor(.user, address: "203.0.113.5", requestID: "r-7")
    _ = try await world.sessions.renew(opened.token.text, by: thief)
    _ = try await world.sessions.renew(opened.token.text, by: thief)
    #expect(try await lines(from: 2) == ["session.closed u1 reuse by policy 203.0.113.5 r-7"])
  }

  @Test("a session removed while its last request is not stored yet is told as revoked, not as idle")
  func removedWhileBusy() async throws {
    let world = SessionsWorld(store: store) { $0.idleTimeout = .seconds(60) }
    let opened = try await world.open("u1")
    world.clock.advance(by: .seconds(50))
    _ = try await world.sessions.verify(opened.token.text)
    world.clock.advance(by: .seconds(50))
    _ = try await world.sessions.remove(opened.id, by: SessionsWorld.actor)
    #expect(
      try await lines(from: 1) == ["session.closed u1 revoked by service", "session.removed u1 by service"])
  }

  @Test("a renewal that lost the race is not told, and 100 at once are one")
  func parallelRenewals() async throws {
    let world = SessionsWorld(store: store)
    let opened = try await world.open("u1")
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<100 {
        group.addTask { _ = try? await world.sessions.renew(opened.token.text, by: SessionsWorld.actor) }
      }
    }
    #expect(try await lines(from: 1) == ["session.renewed u1 by service"])
  }
}
