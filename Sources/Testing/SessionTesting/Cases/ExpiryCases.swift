internal import SessionCore

extension SessionStoreCase {
  static let countCases = [
    SessionStoreCase("count: live, ended and all sessions at a given time") { probe in
      var sessions = (0..<40 as Range<UInt64>).map { probe.session($0, age: .minutes(Int64($0) * 3)) }
      for index in stride(from: 0, to: 40, by: 4) { sessions[index] = sessions[index].closed(.logout, at: probe.now) }
      try await probe.add(sessions)
      for time in [probe.now, probe.now + .minutes(30), probe.now + .days(2)] {
        for isAlive in [nil, true, false] as [Bool?] {
          for user in [nil, "anna", "bert"] as [ExactText?] {
            let filter = SessionFilter.of { ($0.isAlive, $0.userID) = (isAlive, user) }
            let expected = sessions.filter { filter.matches($0, at: time) }.count
            try probe.equal(try await probe.store.count(filter, now: time), expected, "the count of \(filter)")
          }
        }
      }
    },
    SessionStoreCase("count: an empty store has none") { probe in
      try probe.equal(try await probe.store.count(SessionFilter(), now: probe.now), 0, "the count")
      try probe.equal(
        try await probe.store.count(.of { $0.isAlive = true }, now: probe.now), 0, "the count of live ones")
    },
  ]

  static let reapCases = [
    SessionStoreCase("reap: closes each at its own deadline, for its reason, without user and data") { probe in
      let idle = probe.fullSession(1).with { $0.idleTimeout = .seconds(2) }
      let old = probe.fullSession(2).with { $0.lifetime = .seconds(50) }
      let both = probe.session(3).with { ($0.idleTimeout, $0.lifetime) = (.seconds(30), .seconds(30)) }
      try await probe.add(idle, old, both)
      let expected = [
        idle.ended(.idle, at: idle.requestTime + .seconds(2)), old.ended(.lifetime, at: old.openTime + .seconds(50)),
        both.ended(.lifetime, at: both.openTime + .seconds(30)),
      ]
      let reaped = try await probe.store.reap(now: probe.now, limit: 10)
      try probe.equal(reaped.inOrder(.newest), expected.inOrder(.newest), "the answer")
      for session in expected { try await probe.expectStored(session) }
    },
    SessionStoreCase("reap: takes a session at its deadline, and none before it") { probe in
      let session = probe.session(1)
      try await probe.add(session)
      let before = session.deadline - TimeSpan(milliseconds: 1)
      try probe.equal(try await probe.store.reap(now: before, limit: 10), [], "the answer before")
      try await probe.expectStored(session)
      let ended = session.ended(.idle, at: session.deadline)
      try probe.equal(try await probe.store.reap(now: session.deadline, limit: 10), [ended], "the answer at it")
    },
    SessionStoreCase("reap: leaves closed sessions alone") { probe in
      let closed = probe.session(1, age: .hours(3)).closed(.logout, at: probe.now - .hours(2))
      try await probe.add(closed)
      try probe.equal(try await probe.store.reap(now: probe.now, limit: 10), [], "the answer")
      try await probe.expectStored(closed)
    },
    SessionStoreCase("reap: at most the limit, and fewer only when none are left") { probe in
      try await probe.add((1...25).map { probe.session($0, age: .hours(2)) } + [probe.session(99)])
      var reaped: Set<SessionID> = []
      for expected in [10, 10, 5, 0] {
        let batch = try await probe.store.reap(now: probe.now, limit: 10)
        try probe.equal(batch.count, expected, "the number reaped")
        for session in batch { try probe.expect(reaped.insert(session.id).inserted, "each to be reaped once") }
      }
      try await probe.expectStored(probe.session(99))
    },
    SessionStoreCase("reap: the end of time is no deadline beyond it") { probe in
      let session = probe.session(1).with {
        ($0.idleTimeout, $0.lifetime) = (TimeSpan(milliseconds: .max), TimeSpan(milliseconds: .max))
        $0.revision = .max - 1
      }
      try await probe.add(session)
      try probe.equal(
        try await probe.store.reap(now: .latest, limit: 9), [session.ended(.lifetime, at: .latest)], "the answer")
    },
  ]

  static let purgeCases = [
    SessionStoreCase("purge: removes what was closed before the time, and keeps what was closed at it") { probe in
      let before = probe.session(1).closed(.logout, at: probe.now - TimeSpan(milliseconds: 1))
      let exactly = probe.session(2).closed(.logout, at: probe.now)
      try await probe.add(before, exactly)
      try probe.equal(try await probe.store.purge(closedBefore: probe.now, limit: 10), [before.id], "the answer")
      try probe.equal(try await probe.store.session(before.id), nil, "the purged session")
      try await probe.expectStored(exactly)
    },
    SessionStoreCase("purge: keeps open sessions, expired ones too") { probe in
      let sessions = [probe.session(1), probe.session(2, age: .days(30))]
      try await probe.add(sessions)
      try probe.equal(try await probe.store.purge(closedBefore: .latest, limit: 10), [], "the answer")
      for session in sessions { try await probe.expectStored(session) }
    },
    SessionStoreCase("purge: at most the limit, and fewer only when none are left") { probe in
      try await probe.add((1...25).map { probe.session($0).closed(.logout, at: probe.now - .hours(1)) })
      var purged: Set<SessionID> = []
      for expected in [10, 10, 5, 0] {
        let batch = try await probe.store.purge(closedBefore: probe.now, limit: 10)
        try probe.equal(batch.count, expected, "the number purged")
        for id in batch { try probe.expect(purged.insert(id).inserted, "each to be purged once") }
      }
      try probe.equal(try await probe.store.count(SessionFilter(), now: probe.now), 0, "what is left")
    },
    SessionStoreCase("purge: knows what reap and close have closed") { probe in
      let sessions = [probe.session(1), probe.session(2, age: .hours(2))]
      try await probe.add(sessions)
      _ = try await probe.store.close(sessions[0].id, reason: .logout, now: probe.now)
      _ = try await probe.store.reap(now: probe.now, limit: 10)
      let purged = try await probe.store.purge(closedBefore: probe.now + .seconds(1), limit: 10)
      try probe.equal(Set(purged), Set(sessions.map(\.id)), "the answer")
    },
  ]
}
