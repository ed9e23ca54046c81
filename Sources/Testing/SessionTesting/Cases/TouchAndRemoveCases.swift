internal import SessionCore

extension SessionStoreCase {
  static let touchCases = [
    SessionStoreCase("touch: moves the request time and the deadline forward; the revision stays") { probe in
      let session = probe.fullSession(1)
      try await probe.add(session)
      try await probe.store.touch([SessionTouch(id: session.id, requestTime: probe.now)])
      try await probe.expectStored(session.with { $0.requestTime = probe.now })
      let filter = SessionFilter.live(session.userID)
      try probe.equal(
        try await probe.store.count(filter, now: session.deadline), 1, "the live sessions at the old deadline")
      try probe.equal(try await probe.store.reap(now: session.deadline, limit: 9), [], "the expired sessions then")
      try probe.equal(
        try await probe.store.count(filter, now: probe.now + session.idleTimeout), 0, "the live ones at the new one")
    },
    SessionStoreCase("touch: an earlier time than the stored one changes nothing") { probe in
      let session = probe.session(1)
      try await probe.add(session)
      try await probe.store.touch([SessionTouch(id: session.id, requestTime: session.requestTime - .minutes(5))])
      try await probe.expectStored(session)
    },
    SessionStoreCase("touch: a closed session stays as it is") { probe in
      let session = probe.session(1).closed(.logout, at: probe.now - .seconds(1))
      try await probe.add(session)
      try await probe.store.touch([SessionTouch(id: session.id, requestTime: probe.now)])
      try await probe.expectStored(session)
    },
    SessionStoreCase("touch: missing and closed sessions do not stand in the way of the others") { probe in
      let open = [probe.session(1), probe.session(2)]
      let closed = probe.session(3).closed(.logout, at: probe.now)
      try await probe.add(open + [closed])
      let ids = [open[0].id, probe.session(4).id, closed.id, open[1].id]
      try await probe.store.touch(ids.map { SessionTouch(id: $0, requestTime: probe.now) })
      for session in open { try await probe.expectStored(session.with { $0.requestTime = probe.now }) }
      try await probe.expectStored(closed)
      try probe.equal(try await probe.store.session(probe.session(4).id), nil, "the missing session")
    },
    SessionStoreCase("touch: none at all is no error") { probe in try await probe.store.touch([]) },
    SessionStoreCase("touch: of several times for one session the latest counts, in whatever order") { probe in
      let session = probe.session(1)
      try await probe.add(session)
      let times = [probe.now - .seconds(2), probe.now, probe.now - .seconds(1)]
      try await probe.store.touch(times.map { SessionTouch(id: session.id, requestTime: $0) })
      try await probe.expectStored(session.with { $0.requestTime = probe.now })
    },
    SessionStoreCase("touch: does not move the end of the lifetime") { probe in
      let session = probe.session(1).with { $0.lifetime = .minutes(10) }
      try await probe.add(session)
      try await probe.store.touch([SessionTouch(id: session.id, requestTime: session.openTime + .minutes(9))])
      try probe.equal(
        try await probe.store.count(.live("anna"), now: session.openTime + .minutes(10)), 0, "the live sessions then")
    },
    SessionStoreCase("touch: reaches an open session that seems expired by its stored time") { probe in
      // Request times reach the store late: those between the stored one and this one were kept in memory only.
      let session = probe.session(1).with { $0.idleTimeout = .seconds(2) }
      try await probe.add(session)
      try await probe.store.touch([SessionTouch(id: session.id, requestTime: probe.now)])
      try probe.equal(try await probe.live("anna").count, 1, "the live sessions")
    },
    SessionStoreCase("touch: of 100 at once the latest counts") { probe in
      let session = probe.session(1)
      try await probe.add(session)
      _ = try await probe.together(100) { index in
        let time = probe.now - TimeSpan(milliseconds: Int64(index * 37 % 100))
        try await probe.store.touch([SessionTouch(id: session.id, requestTime: time)])
      }
      try await probe.expectStored(session.with { $0.requestTime = probe.now })
    },
  ]

  static let removeCases = [
    SessionStoreCase("remove: answers the session as it was, open or closed, and it is gone") { probe in
      let open = probe.fullSession(1)
      let closed = probe.session(2).closed(.logout, at: probe.now)
      try await probe.add(open, closed)
      for session in [open, closed] {
        try probe.equal(try await probe.store.remove(session.id), session, "the answer")
        try probe.equal(try await probe.store.session(session.id), nil, "the session")
      }
      try probe.equal(try await probe.all(SessionQuery()), [], "all sessions")
      try probe.equal(try await probe.store.count(SessionFilter(), now: probe.now), 0, "the count")
      try probe.equal(try await probe.store.reap(now: .latest, limit: 9), [], "the expired sessions")
      try probe.equal(try await probe.store.purge(closedBefore: .latest, limit: 9), [], "the closed sessions")
    },
    SessionStoreCase("remove: a missing session is nil, and no other is touched") { probe in
      let session = probe.session(1)
      try await probe.add(session)
      try probe.equal(try await probe.store.remove(probe.session(2).id), nil, "the answer")
      try await probe.expectStored(session)
    },
    SessionStoreCase("remove: an id is free again") { probe in
      let session = probe.session(1)
      try await probe.add(session)
      _ = try await probe.store.remove(session.id)
      try probe.equal(
        try await probe.store.insert(session, limit: nil, now: probe.now), .inserted(closed: []), "the answer")
    },
  ]
}
