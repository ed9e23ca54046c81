internal import SessionCore

/// Two handles on one place, with what the cases say most often.
struct SharedProbe: CaseProbe {
  let caseName: String
  /// The node that writes.
  let here: any SharedStore
  /// The node that listens.
  let there: any SharedStore

  /// The sessions of the other suites, as the writing node has them.
  var writer: ConformanceProbe { ConformanceProbe(caseName: caseName, store: here) }

  /// Every lane: those of sessions, and that of accounts and keys.
  var allLanes: [Int] { Array(Set(0..<here.lanes).union([here.directoryLane])).sorted() }

  func lane(of id: SessionID) -> Int { id.lane(of: here.lanes) }

  /// Runs `body` while a node listens to every lane.
  func listening<Answer: Sendable>(
    on store: (any SharedStore)? = nil, _ body: (Ears) async throws -> Answer
  ) async throws -> Answer {
    let ears = Ears(caseName: caseName)
    let store = store ?? there
    return try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await store.follow(ears) }
      do {
        for lane in allLanes { try await ears.waitFor("lane \(lane) to open") { $0.contains(.opened(lane)) } }
        let answer = try await body(ears)
        group.cancelAll()
        return answer
      } catch {
        group.cancelAll()
        throw error
      }
    }
  }

  /// Sends a heartbeat along every lane and waits until all are heard: what was sent before has been heard by then.
  func settle(_ ears: Ears, from store: (any SharedStore)? = nil) async throws {
    let store = store ?? there
    for lane in allLanes {
      let number = UInt64.random(in: 0 ... .max)
      try await store.sendHeartbeat(number, along: lane)
      try await ears.waitFor("the heartbeat on lane \(lane)") { $0.contains(.note(.heartbeat(number), lane)) }
    }
  }

  /// The notes, but for heartbeats, that the other node hears of what `body` does.
  func notes(_ ears: Ears, of body: () async throws -> Void) async throws -> [Sound] {
    try await settle(ears)
    let before = ears.sounds.count
    try await body()
    try await settle(ears)
    return ears.sounds.dropFirst(before).filter { sound in
      if case .note(.heartbeat, _) = sound { false } else { true }
    }
  }

  /// Expects exactly these notes, in any order; one may come twice.
  func expect(_ notes: [ChangeNote], along lane: (ChangeNote) -> Int, in heard: [Sound], _ what: String) throws {
    let expected = notes.map { Sound.note($0, lane($0)) }
    try expect(
      expected.allSatisfy(heard.contains) && heard.allSatisfy(expected.contains),
      "\(what) to be told by \(expected.map(\.description))", found: "\(heard.map(\.description))")
  }

  /// Expects these notes of sessions, each along its lane.
  func expect(_ sessions: [(SessionID, Int64)], in heard: [Sound], _ what: String) throws {
    try expect(
      sessions.map { ChangeNote.session($0.0, revision: $0.1) },
      along: { note in if case .session(let id, _) = note { lane(of: id) } else { here.directoryLane } }, in: heard,
      what)
  }
}

/// What a listener was told.
enum Sound: Sendable, Equatable, CustomStringConvertible {
  case opened(Int)
  case closed(Int)
  case note(ChangeNote, Int)

  var description: String {
    switch self {
    case .opened(let lane): "lane \(lane) opened"
    case .closed(let lane): "lane \(lane) closed"
    case .note(let note, let lane): "\"\(note.text)\" along \(lane)"
    }
  }

  var lane: Int {
    switch self {
    case .opened(let lane), .closed(let lane), .note(_, let lane): lane
    }
  }
}
