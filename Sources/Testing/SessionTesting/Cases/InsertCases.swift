internal import SessionCore

extension SessionStoreCase {
  static let insertCases = [
    SessionStoreCase("insert: every member comes back byte for byte") { probe in
      let session = probe.fullSession(1)
      try probe.equal(
        try await probe.store.insert(session, limit: nil, now: probe.now), .inserted(closed: []), "the answer")
      try await probe.expectStored(session)
      let text = try probe.unwrap(try await probe.store.session(session.id), "the session").userID.string
      try probe.expect(
        Array(text.utf8) == Array(session.userID.string.utf8), "the user's own bytes, whatever they are equivalent to")
    },
    SessionStoreCase("insert: a member that is nil stays nil, and an empty text stays empty") { probe in
      let session = probe.session(1)
      let other = probe.session(2).with { $0.userName = "" }
      try await probe.add(session, other)
      try await probe.expectStored(session)
      try await probe.expectStored(other)
    },
    SessionStoreCase("insert: the greatest and smallest numbers come back") { probe in
      let session = Session(
        id: SessionID(high: .max, low: .max), userID: "a", openTime: .latest,
        idleTimeout: TimeSpan(milliseconds: .max), lifetime: TimeSpan(milliseconds: .max)
      ).with {
        $0.generation = .max
        $0.revision = .max
        $0.authTime = .earliest
      }
      let other = Session(
        id: SessionID(high: 0, low: 0), userID: "a", openTime: .earliest, idleTimeout: .zero, lifetime: .zero)
      try await probe.add(session, other)
      try await probe.expectStored(session)
      try await probe.expectStored(other)
    },
    SessionStoreCase("insert: a closed session is kept as it is") { probe in
      let session = probe.session(1).closed(.reuse, at: probe.now - .seconds(3))
      try await probe.add(session)
      try await probe.expectStored(session)
    },
    SessionStoreCase("insert: an id that is taken answers duplicate and changes nothing") { probe in
      let session = probe.fullSession(1)
      try await probe.add(session)
      let other = probe.session(1, user: "bert")
      try probe.equal(try await probe.store.insert(other, limit: nil, now: probe.now), .duplicate, "the answer")
      try await probe.expectStored(session)
      try probe.equal(
        try await probe.store.count(.of { $0.userID = "bert" }, now: probe.now), 0, "the other's sessions")
    },
    SessionStoreCase("insert: an id that is taken by a closed session is taken") { probe in
      let session = probe.session(1).closed(.logout, at: probe.now)
      try await probe.add(session)
      try probe.equal(
        try await probe.store.insert(probe.session(1), limit: nil, now: probe.now), .duplicate, "the answer")
      try await probe.expectStored(session)
    },
    SessionStoreCase("insert: an id that is taken evicts nobody") { probe in
      let session = probe.session(1)
      let expired = probe.session(2, age: .hours(1))
      try await probe.add(session, expired)
      for (maximum, overflow) in [(1, .evictOldest), (9, .evictLeastRecent), (9, .deny)]
        as [(Int, LiveSessionLimit.Overflow)]
      {
        let limit = LiveSessionLimit(maximum: maximum, overflow: overflow)
        try probe.equal(try await probe.store.insert(session, limit: limit, now: probe.now), .duplicate, "the answer")
      }
      for session in [session, expired] { try await probe.expectStored(session) }
    },
    SessionStoreCase("insert: without a limit nothing is counted") { probe in
      let sessions = (1...20).map { probe.session($0) }
      try await probe.add(sessions)
      try probe.equal(try await probe.live("anna").count, 20, "the live sessions")
    },
  ]

  static let limitCases =
    [
      SessionStoreCase("insert: at the limit, deny adds nothing and closes nothing") { probe in
        let sessions = [probe.session(1), probe.session(2), probe.session(4, age: .hours(1))]
        try await probe.add(sessions)
        let limit = LiveSessionLimit(maximum: 2, overflow: .deny)
        try probe.equal(
          try await probe.store.insert(probe.session(3), limit: limit, now: probe.now), .limitReached, "the answer")
        try probe.equal(try await probe.store.session(probe.session(3).id), nil, "the third session")
        for session in sessions { try await probe.expectStored(session) }
      },
      SessionStoreCase("insert: below the limit, a session is added and none closed") { probe in
        for overflow in LiveSessionLimit.Overflow.allCases {
          let user = ExactText(overflow.rawValue)
          let number = UInt64(overflow.rawValue.utf8.count * 100)
          let limit = LiveSessionLimit(maximum: 2, overflow: overflow)
          for next in 0..<2 as Range<UInt64> {
            try probe.equal(
              try await probe.store.insert(probe.session(number + next, user: user), limit: limit, now: probe.now),
              .inserted(closed: []), "the answer to \(overflow)")
          }
          try probe.equal(try await probe.live(user).count, 2, "the live sessions")
        }
      },
      SessionStoreCase("insert: evict-oldest closes the one opened first, at now, as evicted") { probe in
        let oldest = probe.fullSession(1).with {
          $0.userID = "anna"
          $0.openTime = probe.now - .minutes(30)
          $0.requestTime = probe.now
        }
        let other = probe.session(2, age: .minutes(20))
        try await probe.add(oldest, other)
        let limit = LiveSessionLimit(maximum: 2, overflow: .evictOldest)
        let evicted = oldest.ended(.evicted, at: probe.now)
        try probe.equal(
          try await probe.store.insert(probe.session(3), limit: limit, now: probe.now), .inserted(closed: [evicted]),
          "the answer")
        try await probe.expectStored(evicted)
        try await probe.expectStored(other)
        try await probe.expectStored(probe.session(3))
      },
      SessionStoreCase("insert: evict-least-recent closes the one whose last request is longest ago") { probe in
        let oldest = probe.session(1, age: .minutes(30)).with { $0.requestTime = probe.now }
        let idlest = probe.session(2, age: .minutes(20))
        try await probe.add(oldest, idlest)
        let limit = LiveSessionLimit(maximum: 2, overflow: .evictLeastRecent)
        let evicted = idlest.ended(.evicted, at: probe.now)
        try probe.equal(
          try await probe.store.insert(probe.session(3), limit: limit, now: probe.now), .inserted(closed: [evicted]),
          "the answer")
        try await probe.expectStored(evicted)
        try await probe.expectStored(oldest)
      },
      SessionStoreCase("insert: a touch counts for evict-least-recent") { probe in
        let first = probe.session(1, age: .minutes(30))
        let second = probe.session(2, age: .minutes(20))
        try await probe.add(first, second)
        try await probe.store.touch([SessionTouch(id: first.id, requestTime: probe.now)])
        let limit = LiveSessionLimit(maximum: 2, overflow: .evictLeastRecent)
        try probe.equal(
          try await probe.store.insert(probe.session(3), limit: limit, now: probe.now),
          .inserted(closed: [second.ended(.evicted, at: probe.now)]), "the answer")
      },
      SessionStoreCase("insert: closed and expired sessions do not count for the limit, and the latter end") { probe in
        let closed = probe.session(1).closed(.logout, at: probe.now)
        let expired = probe.fullSession(2).with {
          ($0.userID, $0.requestTime) = ("anna", probe.now - $0.idleTimeout - .seconds(1))
        }
        try await probe.add(closed, expired, probe.session(4, user: "bert", age: .hours(1)))
        let limit = LiveSessionLimit(maximum: 1, overflow: .deny)
        let ended = expired.ended(.idle, at: expired.deadline)
        try probe.equal(
          try await probe.store.insert(probe.session(3), limit: limit, now: probe.now), .inserted(closed: [ended]),
          "the answer")
        for session in [closed, ended, probe.session(4, user: "bert", age: .hours(1))] {
          try await probe.expectStored(session)
        }
      },
      SessionStoreCase("insert: a request time that comes late makes no more live than the limit allows") { probe in
        for (index, overflow) in LiveSessionLimit.Overflow.allCases.enumerated() {
          let (user, base) = (ExactText(overflow.rawValue), UInt64(10 * index))
          let (expired, live) = (
            probe.session(base + 1, user: user, age: .hours(1)), probe.session(base + 2, user: user)
          )
          try await probe.add(expired, live)
          let limit = LiveSessionLimit(maximum: 2, overflow: overflow)
          try probe.equal(
            try await probe.store.insert(probe.session(base + 3, user: user), limit: limit, now: probe.now),
            .inserted(closed: [expired.ended(.idle, at: expired.deadline)]), "the answer to \(overflow)")
          try await probe.store.touch([SessionTouch(id: expired.id, requestTime: probe.now)])
          try probe.equal(try await probe.live(user).count, 2, "the live sessions with \(overflow)")
        }
      },
      SessionStoreCase("insert: a limit counts one user's sessions, compared by bytes") { probe in
        try await probe.add(probe.session(1, user: "\u{E9}"))
        let limit = LiveSessionLimit(maximum: 1, overflow: .deny)
        for (number, user) in [(2, "e\u{301}"), (3, "E\u{301}"), (4, "\u{E9} ")] as [(UInt64, ExactText)] {
          try probe.equal(
            try await probe.store.insert(probe.session(number, user: user), limit: limit, now: probe.now),
            .inserted(closed: []), "the answer to another user")
        }
        try probe.equal(
          try await probe.store.insert(probe.session(5, user: "\u{E9}"), limit: limit, now: probe.now), .limitReached,
          "the answer to the same user")
      },
      SessionStoreCase("insert: a lowered limit closes as many as are too many, the first first") { probe in
        let sessions = (1...5 as ClosedRange<UInt64>).map { probe.session($0, age: .minutes(60 - Int64($0))) }
        try await probe.add(sessions)
        let limit = LiveSessionLimit(maximum: 2, overflow: .evictOldest)
        try probe.equal(
          try await probe.store.insert(probe.session(6), limit: limit, now: probe.now),
          .inserted(closed: sessions.prefix(4).map { $0.ended(.evicted, at: probe.now) }), "the answer")
        try probe.equal(try await probe.live("anna").count, 2, "the live sessions")
      },
    ] + LiveSessionLimit.Overflow.allCases.map(manyAtOnce)

  /// However many run at once, never more than the limit live.
  private static func manyAtOnce(_ overflow: LiveSessionLimit.Overflow) -> SessionStoreCase {
    SessionStoreCase("insert: of 100 at once with a limit of 5 and \(overflow.rawValue), exactly 5 live") { probe in
      let limit = LiveSessionLimit(maximum: 5, overflow: overflow)
      let outcomes = try await probe.together(100) { index in
        try await probe.store.insert(probe.session(UInt64(index)), limit: limit, now: probe.now)
      }
      try probe.equal(try await probe.live("anna").count, 5, "the live sessions")
      var added = 0
      var evicted: Set<SessionID> = []
      for case .inserted(let closed) in outcomes {
        added += 1
        for session in closed {
          try probe.expect(evicted.insert(session.id).inserted, "each session to be evicted once")
          try await probe.expectStored(session, "an evicted session")
        }
      }
      try probe.equal(added, overflow == .deny ? 5 : 100, "the number added")
      try probe.equal(evicted.count, overflow == .deny ? 0 : 95, "the number evicted")
    }
  }
}
