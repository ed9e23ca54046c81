internal import SessionCore

extension SessionStoreCase {
  static let pageCases = [
    SessionStoreCase("page: each order, in both directions, with ids deciding between equal times") { probe in
      let sessions = probe.tied()
      try await probe.add(sessions)
      for order in SessionOrder.every {
        let expected = sessions.inOrder(order)
        let page = try await probe.store.page(SessionQuery(order: order, limit: 100), now: probe.now)
        try probe.equal(page.sessions.map(\.id), expected.map(\.id), "the ids by \(order)")
        try probe.equal(page.next, nil, "what follows the last page")
      }
    },
    SessionStoreCase("page: pages of any size, one after the other, neither skip nor repeat") { probe in
      let sessions = probe.tied()
      try await probe.add(sessions)
      for order in SessionOrder.every {
        for limit in [1, 2, 3, 7, sessions.count - 1, sessions.count, sessions.count + 1] {
          let all = try await probe.all(SessionQuery(order: order, limit: limit))
          try probe.equal(all.map(\.id), sessions.inOrder(order).map(\.id), "the ids by \(order), \(limit) a page")
        }
      }
    },
    SessionStoreCase("page: says where the next begins, and that none does, exactly") { probe in
      let sessions = probe.tied().inOrder(.newest)
      try await probe.add(sessions)
      let full = try await probe.store.page(SessionQuery(limit: sessions.count), now: probe.now)
      try probe.equal(full.next, nil, "what follows a page that holds exactly the rest")
      let short = try await probe.store.page(SessionQuery(limit: sessions.count - 1), now: probe.now)
      let last = sessions[sessions.count - 2]
      try probe.equal(
        short.next, SessionCursor(time: last.openTime, id: last.id), "what follows a page before the last")
      let none = try await probe.store.page(SessionQuery(.of { $0.userID = "nobody" }), now: probe.now)
      try probe.equal(none, SessionPage(sessions: [], next: nil, count: nil), "a page of nothing")
    },
    SessionStoreCase("page: a cursor's own session need not be there any more") { probe in
      let sessions = probe.tied().inOrder(.newest)
      try await probe.add(sessions)
      let first = try await probe.store.page(SessionQuery(limit: 3), now: probe.now)
      _ = try await probe.store.remove(sessions[2].id)
      let rest = try await probe.all(SessionQuery(after: first.next))
      try probe.equal(rest.map(\.id), sessions.dropFirst(3).map(\.id), "what follows")
    },
    SessionStoreCase("page: skip leaves out so many after the cursor") { probe in
      let sessions = probe.tied().inOrder(.newest)
      try await probe.add(sessions)
      let first = try await probe.store.page(SessionQuery(limit: 3), now: probe.now)
      let page = try await probe.store.page(SessionQuery(after: first.next, skip: 2, limit: 4), now: probe.now)
      try probe.equal(page.sessions.map(\.id), sessions[5..<9].map(\.id), "the ids")
      let last = page.sessions.last.map { SessionCursor(time: $0.openTime, id: $0.id) }
      try probe.equal(page.next, last, "what follows")
      let beyond = try await probe.store.page(SessionQuery(skip: 1000), now: probe.now)
      try probe.equal(beyond, SessionPage(sessions: [], next: nil, count: nil), "the page beyond the end")
    },
    SessionStoreCase("page: user and data come only when asked for") { probe in
      let session = probe.fullSession(1)
      try await probe.add(session)
      let plain = try await probe.store.page(SessionQuery(), now: probe.now)
      try probe.equal(plain.sessions, [session.withoutContents], "the list without contents")
      let full = try await probe.store.page(SessionQuery(includesContents: true), now: probe.now)
      try probe.equal(full.sessions, [session], "the list with contents")
    },
    SessionStoreCase("page: sessions are answered as stored, not settled") { probe in
      let expired = probe.fullSession(1).with { $0.idleTimeout = .seconds(1) }
      try await probe.add(expired)
      let page = try await probe.store.page(SessionQuery(includesContents: true), now: probe.now)
      try probe.equal(page.sessions, [expired], "the list")
    },
    SessionStoreCase("page: counts all that match, whatever the page, only when asked") { probe in
      let sessions = probe.tied()
      try await probe.add(sessions)
      let query = SessionQuery(skip: 2, limit: 3, counts: true)
      let page = try await probe.store.page(query, now: probe.now)
      try probe.equal(page.count, sessions.count, "the count")
      let next = try await probe.store.page(
        SessionQuery(.of { $0.isAlive = true }, after: page.next, limit: 1, counts: true), now: probe.now)
      try probe.equal(next.count, sessions.filter { $0.isAlive(at: probe.now) }.count, "the count of live ones")
      try probe.equal(try await probe.store.page(SessionQuery(), now: probe.now).count, nil, "a count not asked for")
    },
    SessionStoreCase("page: while others open and close, each session there throughout comes exactly once") { probe in
      let sessions = (0..<200 as Range<UInt64>).map { probe.session($0, age: .seconds(Int64($0 / 4))) }
      try await probe.add(sessions)
      async let disturbance: [Void] = probe.together(100) { index in
        let new = probe.session(1000 + UInt64(index), age: .seconds(Int64(index % 50)))
        _ = try await probe.store.insert(new, limit: nil, now: probe.now)
        _ = try await probe.store.close(new.id, reason: .logout, now: probe.now)
        _ = try await probe.store.close(sessions[index].id, reason: .logout, now: probe.now)
        _ = try await probe.store.remove(new.id)
      }
      for isDescending in [true, false] {
        let all = try await probe.all(SessionQuery(order: SessionOrder(.opened, isDescending: isDescending), limit: 7))
        let seen = all.map(\.id).filter { id in id.low < 200 }
        try probe.equal(seen.count, 200, "the number of them")
        try probe.equal(Set(seen).count, 200, "the number of different ones")
      }
      _ = try await disturbance
    },
  ]
}

extension ConformanceProbe {
  /// Sessions of few times and every state, so that ids must decide.
  fileprivate func tied() -> [Session] {
    (0..<30 as Range<UInt64>).map { number in
      let session = session(number, user: number % 2 == 0 ? "anna" : "bert", age: .minutes(Int64(number % 4 * 20)))
        .with { $0.requestTime = now - .minutes(Int64(number % 3)) }
      return number % 5 == 0 ? session.closed(.logout, at: now) : session
    }
  }
}

extension SessionOrder {
  /// Both keys in both directions.
  static var every: [SessionOrder] {
    Key.allCases.flatMap { [SessionOrder($0, isDescending: false), SessionOrder($0, isDescending: true)] }
  }
}

extension [Session] {
  /// The sessions sorted plainly.
  func inOrder(_ order: SessionOrder) -> [Session] {
    sorted {
      order.precedes(
        SessionCursor(time: order.time(of: $0), id: $0.id), SessionCursor(time: order.time(of: $1), id: $1.id))
    }
  }
}
