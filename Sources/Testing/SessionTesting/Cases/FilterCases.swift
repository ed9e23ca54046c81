internal import SessionCore

extension SessionStoreCase {
  static let filterCases =
    [
      SessionStoreCase("filter: alive is before the deadline, not alive is from then on or closed") { probe in
        let open = probe.session(1)
        let closed = probe.session(2).closed(.logout, at: probe.now - .seconds(9))
        try await probe.add(open, closed)
        let moments = [(open.deadline - TimeSpan(milliseconds: 1), true), (open.deadline, false)]
        for (time, isAlive) in moments {
          for order in SessionOrder.every {
            for user in [nil, "anna"] as [ExactText?] {
              let found = try await probe.ids(true, user, order, at: time)
              try probe.equal(found, isAlive ? [open.id] : [], "the live sessions by \(order)")
              let others = try await probe.ids(false, user, order, at: time)
              try probe.equal(
                Set(others), isAlive ? [closed.id] : [open.id, closed.id], "the sessions not alive by \(order)")
              let all = try await probe.ids(nil, user, order, at: time)
              try probe.equal(all.count, 2, "the number of all sessions by \(order)")
            }
          }
        }
      },
      SessionStoreCase("filter: the lower time is included, the upper one is not") { probe in
        let times = (-1...1 as ClosedRange<Int64>).map { Timestamp(milliseconds: probe.now.milliseconds + $0 - 60_000) }
        let sessions = times.enumerated().map { index, time in
          probe.session(UInt64(index)).with {
            $0.openTime = time
            $0.requestTime = time
          }
        }
        try await probe.add(sessions)
        let conditions: [(SessionFilter, ArraySlice<Session>, String)] = [
          (.of { $0.openedFrom = times[1] }, sessions[1...], "openedFrom"),
          (.of { $0.openedBefore = times[1] }, sessions[..<1], "openedBefore"),
          (.of { $0.requestedFrom = times[1] }, sessions[1...], "requestedFrom"),
          (.of { $0.requestedBefore = times[1] }, sessions[..<1], "requestedBefore"),
        ]
        for (filter, expected, name) in conditions {
          for order in SessionOrder.every {
            let found = try await probe.all(SessionQuery(filter, order: order))
            try probe.equal(found, Array(expected).inOrder(order), "the sessions of \(name) by \(order)")
          }
          try probe.equal(try await probe.store.count(filter, now: probe.now), expected.count, "the count of \(name)")
        }
      },
      SessionStoreCase("filter: a range that a cursor lies outside of holds all the same") { probe in
        let sessions = (1...6 as ClosedRange<UInt64>).map { probe.session($0, age: .minutes(Int64($0))) }
        try await probe.add(sessions)
        let filter = SessionFilter.of {
          $0.openedFrom = sessions[4].openTime
          $0.openedBefore = sessions[1].openTime
        }
        for order in [SessionOrder.newest, SessionOrder(.opened, isDescending: false)] {
          let expected = Array(sessions[2...4]).inOrder(order)
          let ends = [Timestamp.latest, .earliest]
          for (time, all) in zip(order.isDescending ? ends : ends.reversed(), [expected, []]) {
            let after = SessionCursor(time: time, id: SessionID(high: 7, low: 7))
            let found = try await probe.all(SessionQuery(filter, order: order, after: after))
            try probe.equal(found.map(\.id), all.map(\.id), "what follows \(time) by \(order)")
          }
        }
      },
      SessionStoreCase("filter: an id finds that session alone, if it meets the other conditions too") { probe in
        let session = probe.session(1)
        try await probe.add(session, probe.session(2))
        for order in SessionOrder.every {
          let found = try await probe.all(SessionQuery(.of { $0.id = session.id }, order: order))
          try probe.equal(found, [session], "the session of that id by \(order)")
        }
        let others: [SessionFilter] = [
          .of { ($0.id, $0.userID) = (session.id, "bert") }, .of { ($0.id, $0.isAlive) = (session.id, false) },
          .of { ($0.id, $0.kind) = (session.id, "") }, .of { ($0.id, $0.openedFrom) = (session.id, probe.now) },
        ]
        for filter in others {
          try probe.equal(try await probe.all(SessionQuery(filter)), [], "the sessions of \(filter)")
          try probe.equal(try await probe.store.count(filter, now: probe.now), 0, "the count of \(filter)")
        }
        let after = SessionCursor(time: session.openTime, id: session.id)
        let rest = try await probe.all(SessionQuery(.of { $0.id = session.id }, after: after))
        try probe.equal(rest, [], "what follows it")
      },
    ] + members.map(comparedByBytes)

  private static let members: [(String, any WritableKeyPath<SessionFilter, ExactText?> & Sendable, Setter)] = [
    ("user", \.userID, { $0.userID = $1 }), ("kind", \.kind, { $0.kind = $1 }),
    ("status", \.status, { $0.status = $1 }),
    ("address", \.address, { $0.address = $1 }), ("client", \.client, { $0.client = $1 }),
  ]

  private typealias Setter = @Sendable (inout Session, ExactText) -> Void

  private static func comparedByBytes(
    _ name: String, _ member: any WritableKeyPath<SessionFilter, ExactText?> & Sendable, _ set: @escaping Setter
  ) -> SessionStoreCase {
    SessionStoreCase("filter: \(name) finds the same bytes only, in every order and state") { probe in
      let values: [ExactText] = [
        "\u{E9}", "e\u{301}", "E\u{301}", "e", "%", "_", " e", "1", "01", "1.0", "é' OR 1=1 --",
      ]
      var number: UInt64 = 0
      var sessions: [Session] = []
      for value in values {
        for isClosed in [false, true] {
          number += 1
          let session = probe.session(number, user: "user").with { set(&$0, value) }
          sessions.append(isClosed ? session.closed(.revoked, at: probe.now) : session)
        }
      }
      try await probe.add(sessions)
      try await probe.add(probe.session(number + 1, user: "another"))
      for (index, value) in values.enumerated() {
        let pair = Array(sessions[(2 * index)...(2 * index + 1)])
        for isAlive in [nil, true, false] as [Bool?] {
          let expected = pair.filter { isAlive == nil || $0.isAlive(at: probe.now) == isAlive }
          let filter = SessionFilter.of {
            $0[keyPath: member] = value
            $0.isAlive = isAlive
          }
          for order in SessionOrder.every {
            try probe.equal(
              try await probe.all(SessionQuery(filter, order: order, limit: 1)), expected.inOrder(order),
              "the sessions of \(value)")
          }
          try probe.equal(try await probe.store.count(filter, now: probe.now), expected.count, "the count of \(value)")
        }
      }
    }
  }
}

extension ConformanceProbe {
  fileprivate func ids(
    _ isAlive: Bool?, _ user: ExactText?, _ order: SessionOrder, at time: Timestamp
  ) async throws -> [SessionID] {
    let filter = SessionFilter.of {
      $0.isAlive = isAlive
      $0.userID = user
    }
    let page = try await store.page(SessionQuery(filter, order: order, counts: true), now: time)
    try equal(page.count, page.sessions.count, "the count with the page")
    return page.sessions.map(\.id)
  }
}
