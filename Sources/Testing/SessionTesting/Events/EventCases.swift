internal import JSON
internal import SessionCore

extension EventStoreCase {
  static let appendCases = [
    EventStoreCase("log append: entries come back byte for byte and in order, with rising numbers") { probe, log in
      var events = Event.Kind.allCases.map { probe.event($0) }
      for kind in [Actor.Kind.user, .service, .policy, .reaper] {
        events.append(Event(.sessionOpened, at: .earliest, by: Actor(kind)))
      }
      events.append(Event(.loginRefused, at: .latest, by: Actor(.user, name: "", address: "", requestID: "")))
      try await log.append(Array(events.prefix(3)))
      try await log.append([])
      try await log.append(Array(events.dropFirst(3)))
      let logged = try await log.all(probe)
      try probe.equal(logged.map(\.event), events, "the entries")
      try probe.expect(
        zip(logged, logged.dropFirst()).allSatisfy { $0.number < $1.number }, "rising numbers",
        found: "\(logged.map(\.number))")
      try probe.expect(logged.first.map { $0.number > 0 } ?? false, "numbers above 0")
    },
    EventStoreCase("log append: the last number is that of the newest entry, and 0 before the first") { probe, log in
      try probe.equal(try await log.lastEventNumber(), 0, "the number of no entry")
      for _ in 0..<3 {
        try await log.append([probe.event(.keyCreated), probe.event(.keyRevoked)])
        try probe.equal(try await log.lastEventNumber(), try await log.all(probe).last?.number, "the last number")
      }
    },
  ]

  static let pageCases = [
    EventStoreCase("log events: of an empty log there are none, wherever one begins") { probe, log in
      for number in [0, 7, .max] as [Int64] {
        try probe.equal(
          try await log.events(after: number, kinds: nil, limit: 10),
          EventPage(entries: [], next: number, hasMore: false), "the page after \(number)")
      }
    },
    EventStoreCase("log events: at most the limit, and the page says whether more follow") { probe, log in
      try await log.append((0..<25).map { probe.event(.accountChanged, $0) })
      let all = try await log.events(after: 0, kinds: nil, limit: 25)
      try probe.equal(all.entries.count, 25, "the number of entries")
      try probe.equal(all.hasMore, false, "whether more follow all of them")
      var next: Int64 = 0
      for (count, hasMore) in [(10, true), (10, true), (5, false), (0, false)] {
        let page = try await log.events(after: next, kinds: nil, limit: 10)
        try probe.equal(page.entries.count, count, "the number on the page after \(next)")
        try probe.equal(page.hasMore, hasMore, "whether more follow")
        try probe.equal(page.next, page.entries.last?.number ?? next, "where the next page begins")
        next = page.next
      }
      try probe.equal(try await log.all(probe, limit: 1), all.entries, "the entries one by one")
      try probe.equal(try await log.all(probe, limit: .max), all.entries, "the entries without a limit")
      try probe.equal(
        try await log.all(probe, after: all.entries[11].number), Array(all.entries.dropFirst(12)), "the later entries")
    },
    EventStoreCase("log events: kinds are picked out, and the next page begins behind what was looked at") {
      probe, log in
      let kinds = Event.Kind.allCases
      try await log.append((0..<120).map { probe.event(kinds[Int($0) % kinds.count], $0) })
      let all = try await log.all(probe)
      for wanted in [[.loginRefused], [.sessionOpened, .keyRevoked], Set(kinds), []] as [Set<Event.Kind>] {
        for limit in [1, 4, 1000] {
          try probe.equal(
            try await log.all(probe, kinds: wanted, limit: limit), all.filter { wanted.contains($0.event.kind) },
            "the entries of \(wanted)")
        }
        let page = try await log.events(after: 0, kinds: wanted, limit: 1000)
        try probe.equal(page.next, all.last?.number ?? 0, "the place behind all that were looked at")
      }
    },
    EventStoreCase("log events: a rare kind is found, however much lies before it") { probe, log in
      let many = [Event](repeating: probe.event(.sessionRenewed), count: 2600)
      try await log.append(many + [probe.event(.keyRevoked)] + many)
      let found = try await log.all(probe, kinds: [.keyRevoked], limit: 1)
      try probe.equal(found.map(\.event), [probe.event(.keyRevoked)], "the entry")
    },
  ]

  static let purgeCases = [
    EventStoreCase("log purge: takes the oldest from before the time, at most the limit") { probe, log in
      try await log.append((0..<30).map { probe.event(.sessionOpened, $0) })
      let all = try await log.all(probe)
      let time = all[25].event.time
      for (count, left) in [(10, 20), (10, 10), (5, 5), (0, 5)] {
        try probe.equal(try await log.purgeEvents(before: time, limit: 10), count, "the number removed")
        try probe.equal(try await log.all(probe), Array(all.suffix(left)), "what is left")
      }
      for after in [0, all[10].number] {
        try probe.equal(
          try await log.events(after: after, kinds: nil, limit: 1).entries, [all[25]], "the first after \(after)")
      }
      try probe.equal(try await log.purgeEvents(before: .latest, limit: 0), 0, "the number removed of none")
    },
    EventStoreCase("log purge: an entry that tells of an earlier time stays as long as those before it") {
      probe, log in
      try await log.append([5, 1, 6, 7].map { probe.event(.sessionClosed, $0) })
      try probe.equal(
        try await log.purgeEvents(before: probe.now + .seconds(5), limit: 10), 0, "the number removed")
      try probe.equal(
        try await log.purgeEvents(before: probe.now + .seconds(6), limit: 10), 2, "the number removed later")
    },
    EventStoreCase("log purge: the newest stays, and numbers go on") { probe, log in
      try probe.equal(try await log.purgeEvents(before: .latest, limit: 10), 0, "the number removed of none")
      try await log.append((0..<5).map { probe.event(.sessionOpened, $0) })
      let last = try await log.lastEventNumber()
      try probe.equal(try await log.purgeEvents(before: .latest, limit: 100), 4, "the number removed")
      try probe.equal(try await log.purgeEvents(before: .latest, limit: 100), 0, "the number removed of one")
      try probe.equal(try await log.all(probe).map(\.number), [last], "what is left")
      try await log.append([probe.event(.sessionOpened)])
      try probe.expect(try await log.lastEventNumber() > last, "a number that was never given")
    },
  ]

  static let cursorCases = [
    EventStoreCase("log cursor: is nil at first, then what was noted last, for each follower") { probe, log in
      let followers = ["webhooks", "Webhooks", "", "\u{E9}", "e\u{301}", "a\u{0}b", "a"]
      for follower in followers {
        try probe.equal(try await log.eventCursor(of: follower), nil, "the cursor of \(follower)")
      }
      for numbers in [[1, 2, 3, 4, 5, 6, 7], [9, 8, 7, 6, 5, 4, 0], [.max, 0, 1, 1, 1, 1, 1]] as [[Int64]] {
        for (follower, number) in zip(followers, numbers) { try await log.setEventCursor(number, of: follower) }
        for (follower, number) in zip(followers, numbers) {
          try probe.equal(try await log.eventCursor(of: follower), number, "the cursor of \(follower)")
        }
      }
      try probe.equal(try await log.lastEventNumber(), 0, "the last number, for a cursor is no entry")
    }
  ]

  static let lifecycleCases = [
    EventStoreCase("log shutdown: every later call throws closed") { probe, log in
      await probe.store.shutdown()
      for verb in StoreVerb.ofEvents {
        do {
          try await verb.call(log, with: probe.event(.keyCreated))
        } catch let error as StoreError {
          try probe.equal(error.code, .closed, "the error of \(verb)")
          continue
        }
        try probe.expect(false, "\(verb) to throw after the shutdown", found: "an answer")
      }
    }
  ]
}

extension StoreVerb {
  /// Calls a verb of ``EventStore``.
  fileprivate func call(_ log: any EventStore, with event: Event) async throws {
    switch self {
    case .append: try await log.append([event])
    case .events: _ = try await log.events(after: 0, kinds: nil, limit: 1)
    case .lastEventNumber: _ = try await log.lastEventNumber()
    case .purgeEvents: _ = try await log.purgeEvents(before: .latest, limit: 1)
    case .eventCursor: _ = try await log.eventCursor(of: "a")
    case .setEventCursor: try await log.setEventCursor(1, of: "a")
    default: return
    }
  }
}

extension ConformanceProbe {
  /// An event with something in every member, `seconds` after now.
  func event(_ kind: Event.Kind, _ seconds: Int64 = 0) -> Event {
    var event = Event(
      kind, at: now + .seconds(seconds),
      by: Actor(.service, name: "B\u{0}\r\n\u{E9}", address: "2001:db8::1%25", requestID: "e\u{301}\u{2028}"),
      reason: "'; --\u{1F468}\u{200D}\u{1F469}")
    event.sessionID = session(UInt64(seconds)).id
    event.userID = "anna/\u{65}\u{301} \u{E9}"
    event.keyID = .max - seconds
    event.details = json(#"{"members":["name","Änne\u0000"],"n":1e400}"#)
    return event
  }
}
