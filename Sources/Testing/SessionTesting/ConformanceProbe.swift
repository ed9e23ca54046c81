internal import JSON
internal import SessionCore

/// A store under test, with what the cases say most often.
struct ConformanceProbe: CaseProbe {
  let caseName: String
  let store: any SessionStore

  /// A session opened `age` before now, of a day's lifetime and an hour's idle time.
  func session(_ number: UInt64, user: ExactText = "anna", age: TimeSpan = .minutes(1)) -> Session {
    // Spread ids, so that their order is not that of the numbers.
    let id = SessionID(high: number &* 0x9E37_79B9_7F4A_7C15, low: number)
    return Session(id: id, userID: user, openTime: now - age, idleTimeout: .hours(1), lifetime: .days(1))
  }

  /// A session with something in every member.
  func fullSession(_ number: UInt64) -> Session {
    var session = session(number, user: "anna/\u{65}\u{301} \u{E9} \u{1F468}\u{200D}\u{1F469}")
    session.userName = "Anna \"O'Neil\"; --\r\n\t"
    session.address = "2001:db8::1%25"
    session.client = ExactText(String(repeating: "c", count: 255))
    session.userAgent = "Mozilla/5.0 (X11; Linux) \\ % _ * ?"
    session.kind = "sign\u{FEFF}up"
    session.status = ""
    session.renewTime = now - .seconds(7)
    session.requestTime = now - .seconds(5)
    session.generation = 7
    session.isRemembered = true
    session.loginMethod = "password"
    session.authTime = now - .seconds(9)
    session.user = json(#"{"name":"Änne \u0000","n":1e400}"#)
    session.data = json(#"["#, repeating: #""0123456789","#, count: 2000, #"null]"#)
    session.revision = 41
    return session
  }

  func json(_ text: String) -> JSONText { JSONText(uncheckedMinified: Array(text.utf8)) }

  private func json(_ head: String, repeating middle: String, count: Int, _ tail: String) -> JSONText {
    json(head + String(repeating: middle, count: count) + tail)
  }

  /// Adds sessions without a limit.
  func add(_ sessions: Session...) async throws { try await add(sessions) }

  /// Adds sessions without a limit, many at once.
  func add(_ sessions: [Session]) async throws {
    let store = store
    try await withThrowingTaskGroup(of: Void.self) { group in
      for session in sessions {
        group.addTask { _ = try await store.insert(session, limit: nil, now: Self.now) }
      }
      try await group.waitForAll()
    }
  }

  /// Expects a session to be stored exactly so.
  func expectStored(_ expected: Session, _ what: String = "the stored session") async throws {
    try equal(try await store.session(expected.id), expected, what)
  }

  /// The live sessions of a user.
  func live(_ user: ExactText) async throws -> [Session] {
    try await store.page(SessionQuery(.live(user), limit: 1000, includesContents: true), now: now).sessions
  }

  /// All pages of a query, of `limit` each.
  func all(_ query: SessionQuery) async throws -> [Session] {
    var query = query
    var sessions: [Session] = []
    while true {
      let page = try await store.page(query, now: now)
      try expect(
        page.sessions.count <= query.limit, "at most \(query.limit) on a page", found: "\(page.sessions.count)")
      sessions += page.sessions
      guard let next = page.next else { return sessions }
      try expect(!page.sessions.isEmpty, "a page before another one to hold something")
      query.after = next
    }
  }
}

extension SessionFilter {
  /// The filter that `change` makes of the one that every session meets.
  static func of(_ change: (inout SessionFilter) -> Void) -> SessionFilter {
    var filter = SessionFilter()
    change(&filter)
    return filter
  }

  /// The live sessions of a user.
  static func live(_ user: ExactText) -> SessionFilter {
    of {
      $0.userID = user
      $0.isAlive = true
    }
  }
}

extension Session {
  /// The session with `change` made to it.
  func with(_ change: (inout Session) -> Void) -> Session {
    var session = self
    change(&session)
    return session
  }

  /// The session as a list without contents shows it.
  var withoutContents: Session {
    with {
      $0.user = nil
      $0.data = nil
      $0.carried = nil
    }
  }

  /// The session as a store leaves it after closing it.
  func ended(_ reason: CloseReason, at time: Timestamp) -> Session {
    closed(reason, at: time).with { $0.revision += 1 }
  }
}
