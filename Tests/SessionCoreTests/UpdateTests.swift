import JSON
import SessionCore
import SessionTesting
import Testing

@Suite struct UpdateTests {
  @Test("two writers that change different members 1,000 times lose nothing")
  func twoWriters() async throws {
    let world = SessionsWorld()
    let opened = try await world.open()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        for _ in 0..<1000 {
          _ = try await world.sessions.update(opened.id, by: SessionsWorld.actor) { $0.status = Self.next($0.status) }
        }
      }
      group.addTask {
        for _ in 0..<1000 {
          _ = try await world.sessions.update(opened.id, by: SessionsWorld.actor) { $0.kind = Self.next($0.kind) }
        }
      }
      try await group.waitForAll()
    }
    let session = try #require(try await world.sessions.session(opened.id))
    #expect(session.status == "1000" && session.kind == "1000")
    #expect(session.revision == 2001)
  }

  private static func next(_ text: ExactText?) -> ExactText {
    ExactText(String((text.flatMap { Int($0.string) } ?? 0) + 1))
  }

  @Test("a change made for another revision is refused, and tells the one that stands")
  func expecting() async throws {
    let world = SessionsWorld()
    let opened = try await world.open()
    let first = try await world.sessions.update(opened.id, expecting: { $0 == 1 }, by: SessionsWorld.actor) {
      $0.status = "a"
    }
    guard case .updated(let session) = first else {
      Issue.record("refused: \(first)")
      return
    }
    #expect(session.revision == 2)
    let second = try await world.sessions.update(opened.id, expecting: { $0 == 1 }, by: SessionsWorld.actor) {
      $0.status = "b"
    }
    guard case .revisionMismatch(let standing) = second else {
      Issue.record("not refused: \(second)")
      return
    }
    #expect(standing.status == "a" && standing.revision == 2)
  }

  @Test("what breaks a bound, has ended or is not there is not changed")
  func refusals() async throws {
    let world = SessionsWorld { $0.payloadLimit = 8 }
    let opened = try await world.open()
    let invalid = try await world.sessions.update(opened.id, by: SessionsWorld.actor) {
      $0.data = JSONText(string: "123456789")
    }
    guard case .invalid("data", _) = invalid else {
      Issue.record("not refused: \(invalid)")
      return
    }
    _ = try await world.sessions.close(opened.id, reason: .logout, by: SessionsWorld.actor)
    let closed = try await world.sessions.update(opened.id, by: SessionsWorld.actor) { $0.status = "x" }
    guard case .notAlive(let session) = closed else {
      Issue.record("changed: \(closed)")
      return
    }
    #expect(session.status == nil)
    let missing = try await world.sessions.update(SessionID(high: 0, low: 0), by: SessionsWorld.actor) { _ in }
    guard case .missing = missing else {
      Issue.record("found: \(missing)")
      return
    }
  }
}
