internal import SessionCore

extension EventStoreCase {
  static let raceCases = [
    EventStoreCase("log race: who follows sees every number once and in order, and no entry later than one behind it") {
      probe, log in
      let count = 60
      let seen = try await withThrowingTaskGroup(of: [LoggedEvent].self) { group in
        group.addTask { try await follow(log, until: 3 * count) }
        for index in 0..<Int64(count) {
          group.addTask {
            try await log.append((0..<3).map { probe.event(.accountChanged, 3 * index + $0) })
            return []
          }
        }
        var seen: [LoggedEvent] = []
        for try await entries in group { seen += entries }
        return seen
      }
      try probe.equal(seen, try await log.all(probe), "what the follower saw")
      try probe.expect(zip(seen, seen.dropFirst()).allSatisfy { $0.number < $1.number }, "rising numbers")
      for start in stride(from: 0, to: seen.count, by: 3) {
        let times = seen[start..<start + 3].map(\.event.time)
        try probe.equal(times, (0..<3).map { times[0] + .seconds($0) }, "entries added in one step to lie together")
      }
    },
    EventStoreCase("log race: of many closings and replacements of one session, those that happened are told") {
      probe, log in
      let session = probe.session(1)
      try await probe.add(session)
      let done = try await probe.together(60) { index in
        if index % 2 == 0 {
          let new = session.with { $0.revision = 2 }
          return try await probe.store.replace(new, revision: 1, as: .renewed, by: .tester, now: probe.now)
        }
        return try await probe.store.close(session.id, reason: .logout, now: probe.now)?.isClosedNow == true
      }
      try probe.equal(try await log.all(probe).count, 1 + done.filter { $0 }.count, "the number of entries")
    },
    EventStoreCase("log race: replayed, it never has more of a user's sessions alive than the limit") { probe, log in
      _ = try await probe.together(100) { index in
        try await probe.store.insert(
          probe.session(UInt64(index)), limit: LiveSessionLimit(maximum: 5, overflow: .evictOldest), now: probe.now)
      }
      var live: Set<SessionID> = []
      for event in try await log.story(probe) {
        let id = try probe.unwrap(event.sessionID, "a session")
        let isNews = event.kind == .sessionOpened ? live.insert(id).inserted : live.remove(id) != nil
        try probe.expect(isNews, "each session to open once, and to close once after that", found: "\(event)")
        try probe.expect(live.count <= 5, "at most 5 alive", found: "\(live.count)")
      }
      try probe.equal(live, Set(try await probe.live("anna").map(\.id)), "those alive in the end")
    },
  ]

  static let replayCases = [
    EventStoreCase("log race: replayed, it leaves every session as the store has it") { probe, log in
      let random = SeededRandom(seed: 7)
      let steps = (0..<600).map { _ in (random.next() % 8, random.next() % 40) }
      _ = try await probe.together(20) { worker in
        for (verb, number) in steps[worker * 30..<worker * 30 + 30] { try await probe.perform(verb, on: number) }
      }
      var replayed: [SessionID: SessionStory] = [:]
      for event in try await log.story(probe) {
        let id = try probe.unwrap(event.sessionID, "a session")
        try probe.expect(replayed[id, default: .absent].follows(event), "an entry that can follow", found: "\(event)")
      }
      for number in 0..<40 as Range<UInt64> {
        let id = probe.session(number).id
        let stored = try await probe.store.session(id)
        try probe.equal(replayed[id] ?? .absent, SessionStory(stored), "what the log says of session \(number)")
      }
    }
  ]

  /// Reads on from the last number that is known until `count` entries were seen.
  private static func follow(_ log: any EventStore, until count: Int) async throws -> [LoggedEvent] {
    var seen: [LoggedEvent] = []
    var next: Int64 = 0
    while seen.count < count, !Task.isCancelled {
      let page = try await log.events(after: next, kinds: nil, limit: 7)
      seen += page.entries
      next = page.next
      await Task.yield()
    }
    return seen
  }
}

/// A session as its entries in the log tell of it.
private enum SessionStory: Equatable {
  case absent
  case open(changes: Int)
  case closed(reason: String?)

  init(_ stored: Session?) {
    guard let stored else {
      self = .absent
      return
    }
    self =
      stored.closeTime == nil
      ? .open(changes: Int(stored.revision) - 1) : .closed(reason: stored.closeReason?.rawValue)
  }

  /// Goes on with an entry; `false` if it can't follow.
  mutating func follows(_ event: Event) -> Bool {
    switch (self, event.kind) {
    case (.absent, .sessionOpened): self = .open(changes: 0)
    case (.open(let changes), .sessionRenewed), (.open(let changes), .sessionChanged):
      self = .open(changes: changes + 1)
    case (.open, .sessionClosed): self = .closed(reason: event.reason)
    case (.closed, .sessionRemoved): self = .absent
    default: return false
    }
    return true
  }
}

extension ConformanceProbe {
  /// Does something to a session, whatever comes of it.
  fileprivate func perform(_ verb: UInt64, on number: UInt64) async throws {
    // Half of the sessions are past their time at `now`.
    let session = session(
      number, user: number % 3 == 0 ? "anna" : "bert", age: number % 2 == 0 ? .minutes(1) : .hours(2))
    switch verb {
    case 0, 1: _ = try await store.insert(session, limit: nil, now: now - .hours(2))
    case 2, 3, 4:
      guard let stored = try await store.session(session.id) else { return }
      let change: SessionEvent.Change = verb == 2 ? .renewed : .updated
      _ = try await store.replace(
        stored.with { $0.revision += 1 }, revision: stored.revision, as: change, by: .tester, now: session.openTime)
    case 5: _ = try await store.close(session.id, reason: .logout, now: now)
    case 6: _ = try await store.remove(session.id)
    default:
      _ = try await store.close(matching: .live("anna"), excluding: nil, reason: .revoked, now: now, limit: 2)
      _ = try await store.reap(now: now, limit: 2)
    }
  }
}
