import SessionTesting
import Synchronization

@testable import SessionCore

/// What the clients of the simulated nodes do.
extension Simulation {
  static let actor = Actor(.service, name: "simulation")

  func startSomething() {
    switch number(below: 100) {
    case 0..<8: open()
    case 8..<40: verify()
    case 40..<58: verifyAtOnce()
    case 58..<68: renew()
    case 68..<76: close()
    case 76..<77: remove()
    case 77..<78: closeUser()
    case 78..<80: reap()
    case 80..<86: openCarried()
    case 86..<90: closeCarried()
    default: verifyCarried()
    }
  }

  private func question(_ node: Node) -> Ledger.Question {
    Ledger.Question(time: clock.now(), order: ledger.withLock { $0.next() }, node: node.number)
  }

  /// One of the last sessions that were opened.
  private func anyTrack() -> Ledger.Track? {
    ledger.withLock { ledger in
      guard !ledger.ids.isEmpty else { return nil }
      let recent = min(ledger.ids.count, 4)
      return ledger.tracks[ledger.ids[ledger.ids.count - 1 - number(below: recent)]]
    }
  }

  private func open() {
    let node = anyNode()
    spawn(on: node) { [self] in
      let user = ExactText("u\(number(below: 5))")
      let order = ledger.withLock { $0.next() }
      guard
        case .opened(let session, let token, _)? = try? await node.sessions.open(
          SessionDraft(userID: user), by: Self.actor)
      else { return }
      ledger.withLock { $0.opened(session, token.text, since: order) }
    }
  }

  /// Has every node asked for the last sessions, as a busy client does.
  func verifyEverything() {
    let recent = ledger.withLock { ledger in ledger.ids.suffix(4).compactMap { ledger.tracks[$0] } }
    for node in nodes { for track in recent { verify(track, on: node) } }
  }

  private func verify() {
    if let track = anyTrack() { verify(track, on: anyNode()) }
  }

  private func verify(_ track: Ledger.Track, on node: Node) {
    let isFresh = chance(10)
    spawn(on: node) { [self] in
      // The client may have learned of another token since this was meant to begin.
      guard let track = ledger.withLock({ $0.tracks[track.id] }) else { return }
      let question = question(node)
      guard let verdict = try? await node.sessions.verify(track.token, fresh: isFresh) else { return }
      ledger.withLock { ledger in
        switch verdict {
        case .active: ledger.accepted(track.id, question, "a verification")
        case .refused: ledger.refused(track, question, at: clock.now(), "a verification")
        }
      }
    }
  }

  private func verifyAtOnce() {
    guard let track = anyTrack() else { return }
    let node = anyNode()
    spawn(on: node) { [self] in
      guard let track = ledger.withLock({ $0.tracks[track.id] }) else { return }
      let question = question(node)
      let verdict = unsafe track.token.withUnsafeBytes { unsafe node.sessions.verifyAtOnce($0, now: question.time) }
      ledger.withLock { ledger in
        switch verdict {
        case .active: ledger.accepted(track.id, question, "a verification at once")
        case .refused: ledger.refused(track, question, at: clock.now(), "a verification at once")
        case .miss: ledger.count("a miss")
        }
      }
    }
  }

  /// Renews one token several times in parallel, on any nodes, and learns of the answers when all are there.
  private func renew() {
    guard let track = anyTrack(), !track.isRenewing else { return }
    ledger.withLock { $0.tracks[track.id]?.isRenewing = true }
    let count = 1 + number(below: 4)
    let answers = Answers<(verdict: RenewVerdict?, question: Ledger.Question)>(count)
    for _ in 0..<count {
      let node = anyNode()
      spawn(on: node) { [self] in
        let question = question(node)
        let verdict = try? await node.sessions.renew(track.token, by: Self.actor)
        guard let all = answers.add((verdict, question)) else { return }
        ledger.withLock { $0.renewed(track, all, at: clock.now()) }
      }
    }
  }

  private func close() {
    guard let track = anyTrack() else { return }
    let node = anyNode()
    ended(track, by: node) { try await node.sessions.close(track.id, reason: .logout, by: Self.actor) != nil }
  }

  private func remove() {
    guard let track = anyTrack() else { return }
    let node = anyNode()
    ended(track, by: node) { try await node.sessions.remove(track.id, by: Self.actor) != nil }
  }

  private func ended(_ track: Ledger.Track, by node: Node, _ body: @escaping @Sendable () async throws -> Bool) {
    spawn(on: node) { [self] in
      ledger.withLock { $0.tracks[track.id]?.closingBegan = true }
      guard (try? await body()) != nil else { return }
      ledger.withLock { $0.closed(track.id, at: clock.now(), node: node.number) }
    }
  }

  private func closeUser() {
    let node = anyNode()
    let user = ExactText("u\(number(below: 5))")
    spawn(on: node) { [self] in
      let ids = ledger.withLock { $0.beginClosing(user) }
      let count = try? await node.sessions.closeAll(of: user, reason: .account, by: Self.actor)
      ledger.withLock { ledger in
        if count != nil { for id in ids { ledger.closed(id, at: clock.now(), node: node.number) } }
        ledger.endClosing(user)
      }
    }
  }

  private func reap() {
    let node = anyNode()
    spawn(on: node) { _ = try? await node.sessions.reap() }
  }
}
