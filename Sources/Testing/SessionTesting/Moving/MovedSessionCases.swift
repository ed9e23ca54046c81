internal import JSON
internal import SessionCore

extension MovingStoreCase {
  static let sessionCases = [
    MovingStoreCase("sessions: they come as they are, open and closed, and are found by every way") { probe in
      let full = probe.sessions.fullSession(1)
      let closed = probe.sessions.session(2).closed(.logout, at: probe.now - .seconds(3))
      try probe.equal(try await probe.store.insertAll([full, closed]), 2, "how many were added")
      try await probe.sessions.expectStored(full)
      try await probe.sessions.expectStored(closed)
      try probe.equal(
        try await probe.sessions.live(full.userID).map(\.id), [full.id], "the live sessions of the user")
      for (isAlive, id) in [(true, full.id), (false, closed.id)] {
        var filter = SessionFilter()
        filter.isAlive = isAlive
        let found = try await probe.sessions.all(SessionQuery(filter, limit: 10))
        try probe.equal(found.map(\.id), [id], "the sessions of a list")
      }
    },
    MovingStoreCase("sessions: one whose id is taken is passed over, and stays as it is") { probe in
      var first = probe.sessions.session(1)
      first.status = "kept"
      try await probe.sessions.add(first)
      var other = probe.sessions.session(1, user: "ben")
      other.revision = 9
      let new = probe.sessions.session(2)
      try probe.equal(try await probe.store.insertAll([other, new, new]), 1, "how many were added")
      try await probe.sessions.expectStored(first)
      try await probe.sessions.expectStored(new)
      try probe.equal(try await probe.sessions.live("ben").count, 0, "the sessions of the other user")
      _ = try await probe.store.close(first.id, reason: .logout, by: Actor(.service), now: probe.now)
      try probe.equal(try await probe.store.insertAll([first, new]), 0, "how many were added the second time")
      try probe.equal(
        try await probe.store.session(first.id)?.closeReason, .logout, "why the closed one is closed")
    },
    MovingStoreCase("sessions: no limit holds, none are evicted, and the log hears of nothing") { probe in
      let end = try await probe.logEnd()
      let many = (1...501).map { probe.sessions.session($0, user: $0 % 2 == 0 ? "anna" : "ben") }
      try probe.equal(try await probe.store.insertAll(many), 501, "how many were added")
      try probe.equal(try await probe.sessions.live("anna").count, 250, "the sessions of one user")
      try probe.equal(try await probe.sessions.live("ben").count, 251, "the sessions of the other")
      try probe.equal(try await probe.logged(after: end), [], "what the log has got")
      try probe.equal(try await probe.store.insertAll([]), 0, "how many of none were added")
    },
    MovingStoreCase("sessions: what has been moved in lives on, is closed and expires like any other") { probe in
      let sessions = (1...3).map { probe.sessions.session($0) }
      try probe.equal(try await probe.store.insertAll(sessions), 3, "how many were added")
      let touch = SessionTouch(id: sessions[0].id, requestTime: probe.now)
      try await probe.store.touch([touch])
      try probe.equal(
        try await probe.store.session(sessions[0].id)?.requestTime, probe.now, "the time of the last request")
      let closed = try await probe.store.close(
        sessions[1].id, reason: .revoked, by: Actor(.service), now: probe.now)
      try probe.equal(closed?.isClosedNow, true, "whether it was closed")
      let reaped = try await probe.store.reap(now: probe.now + .hours(2), limit: 10)
      try probe.equal(
        Set(reaped.map(\.id)), [sessions[0].id, sessions[2].id], "the sessions whose time was up")
    },
  ]
}
