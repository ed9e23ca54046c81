internal import SessionCore

extension SessionStoreCase {
  static let randomCases = ([1, 2, 3] as [UInt64]).map { seed in
    SessionStoreCase("random: lists and counts are those of a plain model (seed \(seed))") { probe in
      try await compare(probe, seed: seed)
    }
  }

  /// Compares the store with an array that is filtered and sorted.
  private static func compare(_ probe: ConformanceProbe, seed: UInt64) async throws {
    let random = SeededRandom(seed: seed)
    var sessions = (0..<1500).map { random.session(UInt64($0), now: probe.now) }
    try await probe.add(sessions)
    for index in sessions.indices where random.chance(of: 10) && sessions[index].closeTime == nil {
      let time = sessions[index].requestTime + .seconds(random.number(below: 600))
      sessions[index].requestTime = time
      try await probe.store.touch([SessionTouch(id: sessions[index].id, requestTime: time)])
    }
    for _ in 0..<250 {
      let query = random.query(sessions, now: probe.now)
      let expected = plainPage(query, of: sessions, now: probe.now)
      let found = try await probe.store.page(query, now: probe.now)
      let what = "the ids of \(query) with seed \(seed)"
      try probe.equal(found.sessions.map(\.id), expected.sessions.map(\.id), what)
      try probe.expect(found.sessions == expected.sessions, "equal sessions of \(query) with seed \(seed)")
      try probe.equal(found.next, expected.next, "the cursor of \(query) with seed \(seed)")
      try probe.equal(found.count, expected.count, "the count of \(query) with seed \(seed)")
      let count = sessions.filter { query.filter.matches($0, at: probe.now) }.count
      try probe.equal(
        try await probe.store.count(query.filter, now: probe.now), count, "the count of \(query.filter), seed \(seed)")
    }
  }

  /// The page, by looking at every session.
  private static func plainPage(_ query: SessionQuery, of sessions: [Session], now: Timestamp) -> SessionPage {
    let matching = sessions.filter { query.filter.matches($0, at: now) }
    let ordered = matching.inOrder(query.order).filter { session in
      guard let after = query.after else { return true }
      return query.order.precedes(after, SessionCursor(time: query.order.time(of: session), id: session.id))
    }
    let page = ordered.dropFirst(query.skip).prefix(query.limit)
    let last = page.last.map { SessionCursor(time: query.order.time(of: $0), id: $0.id) }
    return SessionPage(
      sessions: query.includesContents ? Array(page) : page.map(\.withoutContents),
      next: ordered.count > query.skip + query.limit ? last : nil, count: query.counts ? matching.count : nil)
  }
}

extension SeededRandom {
  /// A number from 0 to below `end`.
  fileprivate func number(below end: Int64) -> Int64 {
    var generator = self
    return Int64.random(in: 0..<end, using: &generator)
  }

  /// True in so many of a hundred cases.
  fileprivate func chance(of percent: Int64) -> Bool { number(below: 100) < percent }

  /// One of the values.
  fileprivate func pick<Value>(_ values: [Value]) -> Value { values[Int(number(below: Int64(values.count)))] }

  private static let values: [ExactText] = ["a", "A", "\u{E9}", "e\u{301}", "b"]

  fileprivate func session(_ index: UInt64, now: Timestamp) -> Session {
    // Few different times, so that many are equal.
    let age = TimeSpan.minutes(number(below: 40) * 3)
    let id = SessionID(high: next(), low: index)
    var session = Session(
      id: id, userID: pick(Self.values), openTime: now - age, idleTimeout: .minutes(20 + number(below: 3) * 30),
      lifetime: .minutes(60 + number(below: 3) * 40))
    session.requestTime = session.openTime + .minutes(number(below: 10) * 5)
    session.kind = chance(of: 50) ? pick(Self.values) : nil
    session.status = chance(of: 70) ? pick(Self.values) : nil
    session.address = chance(of: 90) ? pick(Self.values) : nil
    session.client = chance(of: 30) ? pick(Self.values) : nil
    guard chance(of: 30) else { return session }
    return session.closed(pick(CloseReason.allCases), at: session.requestTime + .minutes(number(below: 10)))
  }

  fileprivate func query(_ sessions: [Session], now: Timestamp) -> SessionQuery {
    var filter = SessionFilter()
    if chance(of: 3) { filter.id = pick(sessions).id }
    if chance(of: 30) { filter.userID = pick(Self.values) }
    if chance(of: 50) { filter.isAlive = chance(of: 50) }
    if chance(of: 15) { filter.kind = pick(Self.values) }
    if chance(of: 15) { filter.status = pick(Self.values) }
    if chance(of: 15) { filter.address = pick(Self.values) }
    if chance(of: 15) { filter.client = pick(Self.values) }
    if chance(of: 20) { filter.requestedFrom = pick(sessions).requestTime }
    if chance(of: 20) { filter.requestedBefore = pick(sessions).requestTime }
    if chance(of: 20) { filter.openedFrom = pick(sessions).openTime }
    if chance(of: 20) { filter.openedBefore = pick(sessions).openTime }
    let order = SessionOrder(pick(SessionOrder.Key.allCases), isDescending: chance(of: 50))
    let last = pick(sessions)
    return SessionQuery(
      filter, order: order, after: chance(of: 50) ? SessionCursor(time: order.time(of: last), id: last.id) : nil,
      skip: chance(of: 20) ? Int(number(below: 30)) : 0, limit: 1 + Int(number(below: 60)),
      includesContents: chance(of: 50), counts: chance(of: 30))
  }
}
