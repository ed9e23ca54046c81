internal import SessionCore

extension EventStoreCase {
  /// The actor whom the cases name.
  private static let actor = Actor(.service, name: "back office", address: "192.0.2.7", requestID: "r-1")

  static let openingCases = [
    EventStoreCase("log insert: tells of the opening, by whom and when") { probe, log in
      let session = probe.session(1, user: "e\u{301}")
      _ = try await probe.store.insert(session, limit: nil, by: actor, now: probe.now)
      try probe.equal(
        try await log.story(probe), [Event(.opened, of: session, at: probe.now, by: actor)], "the entries")
    },
    EventStoreCase("log insert: tells of nothing when the id is taken or the limit denies") { probe, log in
      let session = probe.session(1)
      try await probe.add(session)
      let denying = LiveSessionLimit(maximum: 1, overflow: .deny)
      let evicting = LiveSessionLimit(maximum: 1, overflow: .evictOldest)
      for (next, limit) in [(session, denying), (session, evicting), (probe.session(2), denying), (session, nil)] {
        _ = try await probe.store.insert(next, limit: limit, by: actor, now: probe.now)
      }
      try probe.equal(try await log.story(probe, from: 1), [], "the entries")
    },
    EventStoreCase("log insert: tells of each eviction, by the policy, before the opening") { probe, log in
      for overflow in [LiveSessionLimit.Overflow.evictOldest, .evictLeastRecent] {
        let user = ExactText("\(overflow)")
        let base: UInt64 = overflow == .evictOldest ? 10 : 20
        let old = (0..<4).map { probe.session(base + $0, user: user, age: .minutes(30 - Int64($0))) }
        let expired = probe.session(base + 8, user: user, age: .hours(2))
        try await probe.add(old + [expired])
        let before = try await log.all(probe).count
        let session = probe.session(base + 9, user: user)
        _ = try await probe.store.insert(
          session, limit: LiveSessionLimit(maximum: 2, overflow: overflow), by: actor, now: probe.now)
        let evictions = old.prefix(3).map { Event(.closed(.evicted), of: $0, at: probe.now, by: Actor(.policy)) }
        let end = Event(.closed(.idle), of: expired, at: expired.deadline, by: Actor(.reaper))
        let story = try await log.story(probe, from: before)
        try probe.expect(story.contains(end), "the end of the one whose time was up", found: "\(story)")
        try probe.equal(
          story.filter { $0 != end }, evictions + [Event(.opened, of: session, at: probe.now, by: actor)],
          "the other entries")
        try probe.equal(story.last?.kind, .sessionOpened, "the last entry")
      }
    },
    EventStoreCase("log insert and reap: what carries a token is closed there before it is gone") { probe, log in
      let ended = probe.carrying(1).with { ($0.idleTimeout, $0.lifetime) = (.seconds(9), .seconds(9)) }
      let closing = Event(closing: ended.settled(at: probe.now), by: Actor(.reaper))
      let next = ended.with { ($0.openTime, $0.requestTime, $0.revision) = (probe.now, probe.now, 2) }
      try await probe.add(ended)
      _ = try await probe.store.insert(next, limit: nil, by: actor, now: probe.now)
      let later = probe.now + .seconds(9)
      _ = try await probe.store.reap(now: later, limit: 9)
      try probe.equal(
        try await log.story(probe, from: 1),
        [
          closing, Event(.opened, of: next, at: probe.now, by: actor),
          Event(closing: next.settled(at: later), by: Actor(.reaper)),
        ], "the entries")
    },
  ]

  static let changingCases = [
    EventStoreCase("log replace: tells of a renewal as renewed, and of an update as changed") { probe, log in
      let session = probe.session(1)
      try await probe.add(session)
      for (index, change) in [SessionEvent.Change.renewed, .updated].enumerated() {
        let revision = Int64(index) + 1
        _ = try await probe.store.replace(
          session.with { $0.revision = revision + 1 }, revision: revision, as: change, by: actor, now: probe.now)
      }
      try probe.equal(
        try await log.story(probe, from: 1),
        [SessionEvent.Change.renewed, .updated].map { Event($0, of: session, at: probe.now, by: actor) }, "the entries")
    },
    EventStoreCase("log replace: tells of nothing that was not replaced") { probe, log in
      let live = probe.session(1)
      let closed = probe.session(2).closed(.logout, at: probe.now)
      let expired = probe.session(3, age: .hours(2))
      try await probe.add(live, closed, expired)
      for (session, revision) in [(live, 2), (closed, 1), (expired, 1), (probe.session(4), 1)] as [(Session, Int64)] {
        _ = try await probe.store.replace(session, revision: revision, as: .renewed, by: actor, now: probe.now)
      }
      try probe.equal(try await log.story(probe, from: 3), [], "the entries")
    },
    EventStoreCase("log touch: tells of nothing, and neither do reads and the purging of sessions") { probe, log in
      let session = probe.session(1)
      try await probe.add(session, probe.session(2).closed(.logout, at: probe.now - .hours(1)))
      try await probe.store.touch([SessionTouch(id: session.id, requestTime: probe.now)])
      _ = try await probe.store.session(session.id)
      _ = try await probe.store.page(SessionQuery(), now: probe.now)
      _ = try await probe.store.count(SessionFilter(), now: probe.now)
      try probe.equal(try await probe.store.purge(closedBefore: probe.now, limit: 5).count, 1, "the number purged")
      try await probe.store.check()
      try probe.equal(try await log.story(probe, from: 2), [], "the entries")
    },
  ]

  static let closingCases = [
    EventStoreCase("log close: tells of the end once, with its reason and by whom") { probe, log in
      let sessions = CloseReason.allCases.indices.map { probe.session(UInt64($0)) }
      try await probe.add(sessions)
      for (session, reason) in zip(sessions, CloseReason.allCases) {
        for _ in 0..<2 {
          _ = try await probe.store.close(session.id, reason: reason, by: actor, now: probe.now)
        }
      }
      try probe.equal(
        try await log.story(probe, from: sessions.count),
        zip(sessions, CloseReason.allCases).map { Event(.closed($1), of: $0, at: probe.now, by: actor) }, "the entries")
    },
    EventStoreCase("log close: tells of nothing that is missing, and by the reaper of what ended by itself") {
      probe, log in
      let session = probe.session(1)
      try await probe.add(session)
      for _ in 0..<2 {
        _ = try await probe.store.close(
          session.id, reason: .logout, by: actor, now: session.deadline + .seconds(1))
      }
      _ = try await probe.store.close(probe.session(2).id, reason: .logout, by: actor, now: probe.now)
      _ = try await probe.store.reap(now: session.deadline + .days(1), limit: 9)
      try probe.equal(
        try await log.story(probe, from: 1),
        [Event(.closed(.idle), of: session, at: session.deadline, by: Actor(.reaper))], "the entries")
    },
    EventStoreCase("log close matching: tells by the reaper of what ended by itself") { probe, log in
      let session = probe.session(1, age: .hours(2))
      try await probe.add(session)
      for _ in 0..<2 {
        _ = try await probe.store.close(
          matching: .live("anna"), excluding: nil, reason: .account, by: actor, now: probe.now, limit: 3)
      }
      _ = try await probe.store.reap(now: probe.now, limit: 9)
      try probe.equal(
        try await log.story(probe, from: 1),
        [Event(.closed(.idle), of: session, at: session.deadline, by: Actor(.reaper))], "the entries")
    },
    EventStoreCase("log close matching: tells of each session that it closed, and of no other") { probe, log in
      let sessions = (1...5).map { probe.session($0) }
      let others = [probe.session(6, user: "bert"), probe.session(7, user: "bert", age: .hours(2))]
      try await probe.add(sessions + others)
      var closed: [Session] = []
      for _ in 0..<3 {
        closed += try await probe.store.close(
          matching: .live("anna"), excluding: sessions[2].id, reason: .account, by: actor, now: probe.now, limit: 3)
      }
      try probe.equal(closed.count, 4, "the number closed")
      try probe.equal(
        try await log.story(probe, from: 7), closed.map { Event(.closed(.account), of: $0, at: probe.now, by: actor) },
        "the entries")
    },
    EventStoreCase("log reap: tells of each at its deadline, for its reason and by the reaper") { probe, log in
      let idle = probe.session(1, age: .hours(2))
      let lived = probe.session(2, age: .days(2)).with { $0.requestTime = $0.openTime + .hours(24) - .seconds(1) }
      try await probe.add(idle, lived, probe.session(3), probe.session(4).closed(.logout, at: probe.now))
      for _ in 0..<2 { _ = try await probe.store.reap(now: probe.now, limit: 10) }
      let story = try await log.story(probe, from: 4)
      let expected = [
        Event(.closed(.idle), of: idle, at: idle.deadline, by: Actor(.reaper)),
        Event(.closed(.lifetime), of: lived, at: lived.deadline, by: Actor(.reaper)),
      ]
      try probe.equal(story.count, 2, "the number of entries")
      for event in expected { try probe.expect(story.contains(event), "an entry \(event)", found: "\(story)") }
    },
  ]

  static let removingCases = [
    EventStoreCase("log remove: tells of the removal, and before it of the end of a session that was open") {
      probe, log in
      let live = probe.session(1)
      let closed = probe.session(2).closed(.logout, at: probe.now - .seconds(5))
      let expired = probe.session(3, age: .hours(2))
      try await probe.add(live, closed, expired)
      for session in [live, closed, expired, live, probe.session(4)] {
        _ = try await probe.store.remove(session.id, by: actor, now: probe.now)
      }
      try probe.equal(
        try await log.story(probe, from: 3),
        [
          Event(.closed(.revoked), of: live, at: probe.now, by: actor),
          Event(.removed, of: live, at: probe.now, by: actor),
          Event(.removed, of: closed, at: probe.now, by: actor),
          Event(.closed(.idle), of: expired, at: expired.deadline, by: Actor(.reaper)),
          Event(.removed, of: expired, at: probe.now, by: actor),
        ], "the entries")
    }
  ]
}
