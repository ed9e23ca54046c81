internal import SessionCore

extension SessionStoreCase {
  static let carriedTokenCases = [
    SessionStoreCase("insert: a carried token comes back whole, in a read and in a list with contents") { probe in
      let session = probe.carrying(1)
      try await probe.add(session)
      try await probe.expectStored(session)
      try probe.equal(try await probe.live("anna"), [session], "the list with contents")
      let page = try await probe.store.page(SessionQuery(.live("anna")), now: probe.now)
      try probe.equal(page.sessions, [session.with { $0.carried = nil }], "the list without")
    },
    SessionStoreCase("insert: what has ended makes room for a later session of the same carried token") { probe in
      let closed = probe.carrying(1).ended(.logout, at: probe.now - .seconds(1))
      let expired = probe.carrying(2).with { ($0.idleTimeout, $0.lifetime) = (.seconds(1), .seconds(1)) }
      for earlier in [closed, expired] {
        try await probe.add(earlier)
        let later = probe.carrying(earlier.id.low).with { $0.revision = earlier.revision + 1 }
        let limit = LiveSessionLimit(maximum: 2, overflow: .deny)
        try probe.equal(
          try await probe.store.insert(later, limit: limit, now: probe.now), .inserted(closed: []), "the answer")
        try await probe.expectStored(later)
      }
      try probe.equal(try await probe.store.count(SessionFilter(), now: probe.now), 2, "what is there")
    },
    SessionStoreCase("insert: a live session, a later revision, and one without a token make room for nobody") {
      probe in
      let live = probe.carrying(1)
      let later = probe.carrying(2).with { $0.revision = 9 }.closed(.logout, at: probe.now)
      try await probe.add(live, later)
      for (stored, other) in [
        (live, live.with { $0.revision = 100 }), (later, probe.carrying(2).with { $0.revision = 9 }),
        (later, probe.session(2).with { $0.revision = 100 }),
      ] {
        try probe.equal(try await probe.store.insert(other, limit: nil, now: probe.now), .duplicate, "the answer")
        try await probe.expectStored(stored)
      }
    },
    SessionStoreCase("insert: of many that open one carried token again, one does") { probe in
      try await probe.add(probe.carrying(1).ended(.logout, at: probe.now - .seconds(1)))
      let store = probe.store
      let session = probe.carrying(1).with { $0.revision = 50 }
      let outcomes = try await withThrowingTaskGroup(of: InsertOutcome.self) { group in
        for _ in 0..<50 { group.addTask { try await store.insert(session, limit: nil, now: probe.now) } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      try probe.equal(outcomes.count { $0 == .inserted(closed: []) }, 1, "how many were inserted")
      try await probe.expectStored(session)
    },
    SessionStoreCase("replace: the open time and the carried token are replaced too, in every list") { probe in
      let session = probe.carrying(1)
      try await probe.add(session, probe.session(2))
      let next = session.with {
        $0.openTime = probe.now
        $0.requestTime = probe.now
        $0.carried = probe.token(9)
        $0.revision += 1
      }
      try probe.expect(
        try await probe.store.replace(next, revision: session.revision, now: probe.now), "it to be replaced")
      try await probe.expectStored(next)
      try probe.equal(try await probe.live("anna"), [next, probe.session(2)], "the list, newest first")
    },
    SessionStoreCase("close: drops the carried token") { probe in
      let session = probe.carrying(1)
      let other = probe.carrying(2)
      try await probe.add(session, other)
      _ = try await probe.store.close(session.id, reason: .logout, now: probe.now)
      _ = try await probe.store.close(
        matching: SessionFilter(), excluding: nil, reason: .revoked, now: probe.now, limit: 9)
      try await probe.expectStored(session.ended(.logout, at: probe.now))
      try await probe.expectStored(other.ended(.revoked, at: probe.now))
    },
    SessionStoreCase("reap: removes what carries a token, and answers it with the token") { probe in
      let session = probe.carrying(1).with { ($0.idleTimeout, $0.lifetime) = (.seconds(9), .seconds(9)) }
      let other = probe.session(2).with { $0.lifetime = .seconds(9) }
      try await probe.add(session, other)
      let reaped = try await probe.store.reap(now: probe.now, limit: 9)
      let ended = session.ended(.lifetime, at: session.deadline).with { $0.carried = session.carried }
      try probe.equal(reaped.first { $0.id == session.id }, ended, "the answer")
      try probe.equal(try await probe.store.session(session.id), nil, "the session")
      try await probe.expectStored(other.ended(.lifetime, at: other.deadline))
    },
  ]
}

extension ConformanceProbe {
  /// A carried token; of the same number always the same.
  func token(_ number: UInt8) -> CarriedToken? {
    // Version 1, a key, a generation, a digest, and something sealed: 39 bytes.
    let head: [UInt8] = Array("AQcAAAAD".utf8)
    let rest = [UInt8](repeating: 0x41 + number % 26, count: 44)
    return CarriedToken(text: head + rest)
  }

  /// A session that carries a token.
  func carrying(_ number: UInt64) -> Session {
    session(number).with { $0.carried = token(UInt8(truncatingIfNeeded: number)) }
  }
}
