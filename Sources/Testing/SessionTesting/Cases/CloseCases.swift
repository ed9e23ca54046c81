internal import SessionCore

extension SessionStoreCase {
  static let closeCases = [
    SessionStoreCase("close: sets time and reason, drops user and data, raises the revision") { probe in
      for (number, reason) in CloseReason.allCases.enumerated() {
        let session = probe.fullSession(UInt64(number))
        try await probe.add(session)
        let closed = session.ended(reason, at: probe.now)
        try probe.equal(
          try await probe.store.close(session.id, reason: reason, now: probe.now),
          CloseOutcome(isClosedNow: true, session: closed), "the answer")
        try await probe.expectStored(closed)
      }
    },
    SessionStoreCase("close: a closed session keeps its first time and reason") { probe in
      let session = probe.session(1)
      try await probe.add(session)
      _ = try await probe.store.close(session.id, reason: .logout, now: probe.now)
      let closed = session.ended(.logout, at: probe.now)
      try probe.equal(
        try await probe.store.close(session.id, reason: .revoked, now: probe.now + .seconds(1)),
        CloseOutcome(isClosedNow: false, session: closed), "the answer")
      try await probe.expectStored(closed)
    },
    SessionStoreCase("close: an expired session is ended at its deadline, for its own reason, and once") { probe in
      let idle = probe.fullSession(1)
      let old = probe.carrying(2).with { ($0.idleTimeout, $0.lifetime) = (.seconds(50), .seconds(50)) }
      try await probe.add(idle, old)
      for (session, reason) in [(idle, .idle), (old, .lifetime)] as [(Session, CloseReason)] {
        let ended = session.ended(reason, at: session.deadline)
        for (isEndedNow, late) in [(true, .zero), (false, .zero), (false, .days(1))] as [(Bool, TimeSpan)] {
          try probe.equal(
            try await probe.store.close(session.id, reason: .logout, now: session.deadline + late),
            CloseOutcome(isClosedNow: false, isEndedNow: isEndedNow, session: ended), "the answer")
          try await probe.expectStored(ended)
        }
      }
    },
    SessionStoreCase("close: a request time that comes after it revives no session whose time was up") { probe in
      let session = probe.session(1)
      try await probe.add(session)
      _ = try await probe.store.close(session.id, reason: .logout, now: session.deadline + .seconds(1))
      for time in [session.deadline - .seconds(1), session.deadline + .seconds(1)] {
        try await probe.store.touch([SessionTouch(id: session.id, requestTime: time)])
        try await probe.expectStored(session.ended(.idle, at: session.deadline))
        try probe.equal(try await probe.live("anna").count, 0, "the live sessions")
      }
    },
    SessionStoreCase("close: a last request is kept, and the session lives on by it until it is closed") { probe in
      let session = probe.fullSession(1)
      try await probe.add(session)
      let touched = session.with { $0.requestTime = session.deadline - .seconds(1) }
      let closed = touched.ended(.logout, at: session.deadline)
      try probe.equal(
        try await probe.store.close(
          session.id, lastRequest: touched.requestTime, reason: .logout, by: .tester, now: session.deadline),
        CloseOutcome(isClosedNow: true, session: closed), "the answer")
      try await probe.expectStored(closed)
    },
    SessionStoreCase("close: an earlier last request takes nothing back, one that comes too late is kept") { probe in
      let sessions = [probe.fullSession(1), probe.fullSession(2)]
      try await probe.add(sessions)
      for (session, later) in zip(sessions, [-1, 1] as [Int64]) {
        let request = session.requestTime + .seconds(later)
        let kept = session.with { $0.requestTime = max(request, session.requestTime) }
        let ended = kept.ended(.idle, at: kept.deadline)
        try probe.equal(
          try await probe.store.close(
            session.id, lastRequest: request, reason: .logout, by: .tester, now: kept.deadline + .seconds(2)),
          CloseOutcome(isClosedNow: false, isEndedNow: true, session: ended), "the answer")
        try await probe.expectStored(ended)
      }
    },
    SessionStoreCase("close: a missing session is nil") { probe in
      try await probe.add(probe.session(1))
      try probe.equal(
        try await probe.store.close(probe.session(2).id, reason: .logout, now: probe.now), nil, "the answer")
    },
    SessionStoreCase("close: leaves every other session alone") { probe in
      let other = probe.fullSession(2)
      try await probe.add(probe.session(1), other)
      _ = try await probe.store.close(probe.session(1).id, reason: .logout, now: probe.now)
      try await probe.expectStored(other)
    },
  ]

  static let closeMatchingCases = [
    SessionStoreCase("close matching: closes those that match and live, as close does each") { probe in
      let matching = probe.fullSession(1).with { $0.userID = "anna" }
      let other = probe.fullSession(2)
      let closed = probe.session(3).closed(.logout, at: probe.now - .seconds(1))
      try await probe.add(matching, other, closed)
      let ended = matching.ended(.account, at: probe.now)
      for (isAlive, expected) in [(nil, [ended]), (true, [])] as [(Bool?, [Session])] {
        let filter = SessionFilter.of {
          $0.userID = "anna"
          $0.isAlive = isAlive
        }
        try probe.equal(
          try await probe.store.close(matching: filter, excluding: nil, reason: .account, now: probe.now, limit: 10),
          expected, "the answer")
      }
      for session in [ended, other, closed] { try await probe.expectStored(session) }
    },
    SessionStoreCase("close matching: ends those whose time was up, each at its deadline and for its reason") { probe in
      for (user, isAlive) in [("anna", nil), ("bert", true)] as [(ExactText, Bool?)] {
        let base: UInt64 = isAlive == nil ? 10 : 20
        let live = probe.session(base, user: user)
        let idle = probe.session(base + 1, user: user, age: .hours(2))
        let old = probe.carrying(base + 2).with {
          ($0.userID, $0.idleTimeout, $0.lifetime) = (user, .seconds(1), .seconds(1))
        }
        let other = probe.session(base + 3, user: "carl", age: .hours(2))
        try await probe.add(live, idle, old, other)
        let expected = [
          live.ended(.account, at: probe.now), idle.ended(.idle, at: idle.deadline),
          old.ended(.lifetime, at: old.deadline),
        ]
        let filter = SessionFilter.of { ($0.userID, $0.isAlive) = (user, isAlive) }
        var closed: [Session] = []
        for count in [2, 1] {
          let batch = try await probe.store.close(
            matching: filter, excluding: nil, reason: .account, now: probe.now, limit: 2)
          try probe.equal(batch.count, count, "the number closed")
          closed += batch
        }
        for session in expected {
          try probe.expect(closed.contains(session), "it to be answered: \(session)", found: "\(closed)")
          try await probe.expectStored(session)
        }
        try await probe.expectStored(other)
      }
    },
    SessionStoreCase("close matching: a request time that comes after it revives none whose time was up") { probe in
      let session = probe.session(1, age: .hours(2))
      let excluded = probe.session(2, age: .hours(2))
      try await probe.add(session, excluded)
      _ = try await probe.store.close(
        matching: .live("anna"), excluding: excluded.id, reason: .account, now: probe.now, limit: 10)
      try await probe.store.touch([session, excluded].map { SessionTouch(id: $0.id, requestTime: probe.now) })
      try await probe.expectStored(session.ended(.idle, at: session.deadline))
      try await probe.expectStored(excluded.with { $0.requestTime = probe.now })
    },
    SessionStoreCase("close matching: a filter for what is not alive closes nothing") { probe in
      let sessions = [probe.session(1), probe.session(2, age: .hours(2))]
      try await probe.add(sessions)
      try probe.equal(
        try await probe.store.close(
          matching: .of { $0.isAlive = false }, excluding: nil, reason: .revoked, now: probe.now, limit: 10), [],
        "the answer")
      for session in sessions { try await probe.expectStored(session) }
    },
    SessionStoreCase("close matching: the excluded session is left alone") { probe in
      let sessions = (1...4).map { probe.session($0) }
      try await probe.add(sessions)
      let closed = try await probe.store.close(
        matching: .of { $0.userID = "anna" }, excluding: sessions[1].id, reason: .revoked, now: probe.now, limit: 3)
      try probe.equal(Set(closed.map(\.id)), Set(sessions.map(\.id)).subtracting([sessions[1].id]), "the closed ones")
      try await probe.expectStored(sessions[1])
      let rest = try await probe.store.close(
        matching: SessionFilter(), excluding: sessions[1].id, reason: .revoked, now: probe.now, limit: 1)
      try probe.equal(rest, [], "what is left")
    },
    SessionStoreCase("close matching: at most the limit, and fewer only when none are left") { probe in
      try await probe.add((1...25).map { probe.session($0) })
      var closed: Set<SessionID> = []
      for expected in [10, 10, 5, 0] {
        let batch = try await probe.store.close(
          matching: .of { $0.userID = "anna" }, excluding: nil, reason: .revoked, now: probe.now, limit: 10)
        try probe.equal(batch.count, expected, "the number closed")
        for session in batch { try probe.expect(closed.insert(session.id).inserted, "each to be closed once") }
      }
      try probe.equal(try await probe.live("anna").count, 0, "the live sessions")
    },
    SessionStoreCase("close matching: goes by every condition of the filter") { probe in
      let session = probe.fullSession(1)
      let filters: [SessionFilter] = [
        .of { $0.id = session.id }, .of { $0.userID = session.userID }, .of { $0.kind = session.kind },
        .of { $0.status = session.status }, .of { $0.address = session.address }, .of { $0.client = session.client },
        .of { $0.requestedFrom = session.requestTime },
        .of { $0.requestedBefore = probe.now - .minutes(1) }, .of { $0.openedFrom = session.openTime },
        .of { $0.openedBefore = probe.now - .minutes(1) },
      ]
      for (index, filter) in filters.enumerated() {
        var (matching, other) = (session, probe.session(9, user: "bert", age: .minutes(2)))
        if filter.requestedBefore != nil || filter.openedBefore != nil { swap(&matching, &other) }
        try await probe.add(matching, other)
        try probe.equal(
          try await probe.store.close(matching: filter, excluding: nil, reason: .revoked, now: probe.now, limit: 5),
          [matching.ended(.revoked, at: probe.now)], "what condition \(index) closes")
        try await probe.expectStored(other)
        for id in [matching.id, other.id] { _ = try await probe.store.remove(id) }
      }
    },
  ]
}
