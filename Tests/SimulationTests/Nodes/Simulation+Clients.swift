import SessionTesting
import Synchronization

@testable import SessionCore

/// What the clients of the simulated nodes do.
extension Simulation {
  static let actor = Actor(.service, name: "simulation")

  func startSomething() {
    switch number(below: 100) {
    case 0..<10: open()
    case 10..<36: verify()
    case 36..<52: verifyAtOnce()
    case 52..<61: renew()
    case 61..<67: change()
    case 67..<74: close()
    case 74..<75: remove()
    case 75..<76: closeUser()
    case 76..<78: reap()
    case 78..<82: readPages()
    case 82..<87: openCarried()
    case 87..<91: closeCarried()
    default: verifyCarried()
    }
  }

  func question(_ node: Node) -> Ledger.Question {
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
    let user = ExactText("u\(number(below: 3))")
    spawn(on: node) { [self] in
      let question = question(node)
      ledger.withLock { $0.beginOpening(user) }
      switch try? await node.sessions.open(SessionDraft(userID: user), by: Self.actor) {
      case .opened(let session, let token, let evicted)?:
        note("node \(node.number) opened \(session.id) of \(user), evicting \(evicted.count)")
        ledger.withLock { ledger in
          ledger.opened(session, token.text, since: question.order)
          for evicted in evicted {
            ledger.count("an eviction")
            ledger.tracks[evicted.id]?.closingsBegun += 1
            ledger.closed(evicted.id, at: clock.now(), node: node.number)
          }
        }
      case .refused?: ledger.withLock { $0.limitReached(user, question) }
      case nil: ledger.withLock { $0.count("an opening lost") }
      }
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
      note("node \(node.number) on \(track.id): \(verdict.name)")
      ledger.withLock { ledger in
        switch verdict {
        case .active: ledger.accepted(track.id, question, "a verification")
        case .refused(_, let reason, _):
          ledger.refused(track, question, at: clock.now(), as: reason, "a verification")
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
      let verdict = unsafe track.token.withUnsafeBytes { unsafe node.sessions.verifyAtOnce($0, now: node.clock.now()) }
      note("node \(node.number) at once on \(track.id): \(verdict.name)")
      ledger.withLock { ledger in
        switch verdict {
        case .active: ledger.accepted(track.id, question, "a verification at once")
        case .refused(_, let reason):
          ledger.refused(track, question, at: clock.now(), as: reason, "a verification at once")
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
        note("node \(node.number) renewing \(track.id): \(verdict?.name ?? "lost")")
        guard let all = answers.add((verdict, question)) else { return }
        ledger.withLock { $0.renewed(track, all, at: clock.now()) }
      }
    }
  }

  /// Counts in the session's status.
  private func change() {
    guard let track = anyTrack() else { return }
    let node = anyNode()
    spawn(on: node) { [self] in
      let question = question(node)
      ledger.withLock { $0.tracks[track.id]?.changesBegun += 1 }
      let verdict = try? await node.sessions.update(track.id, by: Self.actor) { contents in
        contents.status = ExactText("\((Int(contents.status?.string ?? "0") ?? 0) + 1)")
      }
      note("node \(node.number) changing \(track.id): \(verdict?.name ?? "lost")")
      ledger.withLock { ledger in
        switch verdict {
        case .updated?:
          ledger.count("a change")
          ledger.tracks[track.id]?.changesMade += 1
        case .notAlive(let session)?:
          ledger.refused(track, question, at: clock.now(), as: session.closeReason, "a change")
        case .missing?: ledger.refused(track, question, at: clock.now(), as: nil, "a change")
        case nil, .revisionMismatch, .invalid: ledger.count("a change lost")
        }
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
      ledger.withLock { $0.tracks[track.id]?.closingsBegun += 1 }
      guard (try? await body()) != nil else { return }
      note("node \(node.number) closed \(track.id)")
      ledger.withLock { $0.closed(track.id, at: clock.now(), node: node.number) }
    }
  }

  private func closeUser() {
    let node = anyNode()
    let user = ExactText("u\(number(below: 3))")
    spawn(on: node) { [self] in
      let ids = ledger.withLock { $0.beginClosing(user) }
      let count = try? await node.sessions.closeAll(of: user, reason: .account, by: Self.actor)
      guard count != nil else { return }
      note("node \(node.number) closed all of \(user)")
      ledger.withLock { ledger in
        for id in ids { ledger.closed(id, at: clock.now(), node: node.number) }
        ledger.endClosing(user)
      }
    }
  }

  private func reap() {
    let node = anyNode()
    spawn(on: node) { _ = try? await node.sessions.reap() }
  }
}

extension Verification {
  fileprivate var name: String {
    switch self {
    case .active(let session): "active, generation \(session.generation)"
    case .refused(let reason, let closing, _): "\(reason.rawValue) \(closing?.rawValue ?? "")"
    }
  }
}

extension CachedVerification {
  fileprivate var name: String {
    switch self {
    case .active: "active"
    case .refused(let reason, let closing): "\(reason.rawValue) \(closing?.rawValue ?? "")"
    case .miss: "miss"
    }
  }
}

extension RenewVerdict {
  fileprivate var name: String {
    switch self {
    case .renewed(let session, _): "generation \(session.generation)"
    case .refused(let reason, let closing): "\(reason.rawValue) \(closing?.rawValue ?? "")"
    }
  }
}

extension UpdateVerdict {
  fileprivate var name: String {
    switch self {
    case .updated(let session): "status \(session.status?.string ?? "")"
    case .missing: "missing"
    case .notAlive: "not alive"
    case .revisionMismatch: "another revision"
    case .invalid: "invalid"
    }
  }
}
