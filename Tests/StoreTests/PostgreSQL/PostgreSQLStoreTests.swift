#if PostgreSQL
  import Foundation
  import JSON
  import PostgreSQLDriver
  @testable import PostgreSQLStore
  import SessionCore
  import SessionTesting
  import Testing

  @Suite("The PostgreSQL store", .enabled(if: PostgreSQLPlace.address != nil)) struct PostgreSQLStoreTests {
    @Test("texts with U+0000 and U+0001 come back whole, and are told from each other")
    func nulls() async throws {
      try await PostgreSQLPlace.use { place in
        let store = try await place.open()
        let texts = [
          "\u{0}", "\u{1}", "\u{1}\u{1}", "\u{1}\u{2}", "\u{0}\u{1}", "a\u{0}b", "a\u{1}\u{1}b", "\u{2}", "",
        ]
        for (number, text) in texts.enumerated() {
          var session = place.session(UInt64(number), user: ExactText("u" + text))
          session.userName = ExactText(text)
          (session.kind, session.status, session.client) = (session.userName, session.userName, session.userName)
          (session.address, session.userAgent, session.loginMethod) = (session.kind, session.kind, session.kind)
          session.user = JSONText(uncheckedMinified: Array("\"\(text)\"".utf8))
          #expect(try await store.insert(session, limit: nil, now: place.now) == .inserted(closed: []))
          #expect(try await store.session(session.id) == session)
        }
        for text in texts {
          var filter = SessionFilter()
          filter.kind = ExactText(text)
          #expect(try await store.count(filter, now: place.now) == 1)
        }
        await store.shutdown()
      }
    }

    @Test("a text is kept as it is, unless it has U+0000 or U+0001, and in its order")
    func encoding() {
      let texts = [[], [0], [0, 0], [0, 1], [0, 2], [1], [1, 0], [1, 1], [1, 2], [2], [0x61]] as [[UInt8]]
      let kept = texts.map(StoredText.encode)
      for (text, kept) in zip(texts, kept) {
        #expect(StoredText.decode(kept) == text)
        #expect(!kept.contains(0))
        #expect(text.contains { $0 <= 1 } || kept == text)
      }
      for (left, right) in zip(kept, kept.dropFirst()) { #expect(left.lexicographicallyPrecedes(right)) }
      for never in [[1], [1, 3], [1, 0x61], [0x61, 1]] as [[UInt8]] { #expect(StoredText.decode(never) == nil) }
    }

    @Test(
      "a session that was damaged by hand is corrupt, and the others are not",
      arguments: [
        "close_reason = 'whim'", "generation = -1", "generation = 4294967296", "user_id = E'\\x01'",
        "data = E'\\x01\\x03'", "carried = 'no token'", "id = 'no id'",
      ])
    func damage(assignment: String) async throws {
      try await PostgreSQLPlace.use { place in
        let store = try await place.open()
        for number in 1...2 as ClosedRange<UInt64> {
          _ = try await store.insert(place.session(number), limit: nil, now: place.now)
        }
        let id = place.session(1).id
        try place.connect().execute("UPDATE session SET \(assignment) WHERE id = '\(id)'")
        if assignment.hasPrefix("id") {
          #expect(try await store.session(id) == nil)
        } else {
          let error = await #expect(throws: StoreError.self) { try await store.session(id) }
          #expect(error?.code == .corrupt)
        }
        let query = SessionQuery(includesContents: true)
        let error = await #expect(throws: StoreError.self) { try await store.page(query, now: place.now) }
        #expect(error?.code == .corrupt)
        #expect(try await store.session(place.session(2).id) == place.session(2))
        await store.shutdown()
      }
    }

    @Test("an event that was damaged by hand is corrupt", arguments: ["kind = 'whim'", "actor_kind = 'nobody'"])
    func damagedEvent(assignment: String) async throws {
      try await PostgreSQLPlace.use { place in
        let store = try await place.open()
        _ = try await store.insert(place.session(1), limit: nil, now: place.now)
        try place.connect().execute("UPDATE event SET \(assignment)")
        let error = await #expect(throws: StoreError.self) { try await store.events(after: 0, kinds: nil, limit: 9) }
        #expect(error?.code == .corrupt)
        await store.shutdown()
      }
    }

    @Test("an older schema is refused where migrating is forbidden, a newer one always, and this one never")
    func versions() async throws {
      try await PostgreSQLPlace.use { place in
        let empty = await #expect(throws: StoreError.self) { try await place.open { $0.migrates = false } }
        #expect(empty?.code == .outdated)
        await (try await place.open()).shutdown()
        await (try await place.open { $0.migrates = false }).shutdown()
        try place.connect().execute("INSERT INTO migration (version) VALUES (1000)")
        let newer = await #expect(throws: StoreError.self) { try await place.open() }
        #expect(newer?.code == .corrupt)
      }
    }

    @Test(
      "what can't be opened is unavailable, and says nothing of where it is",
      arguments: [
        "postgres://sesame@127.0.0.1:1/postgres", "postgresql://nobody:hunter2@[::1]:1/hunter2", "mysql://hunter2", "",
      ])
    func unavailable(address: String) async {
      let error = await #expect(throws: StoreError.self) { try await PostgreSQLStore(address: address) }
      #expect(error?.code == .unavailable)
      #expect(error.map { $0.description.contains("127.0.0.1") || $0.description.contains("hunter2") } == false)
    }

    @Test("a database that can't hold every text is refused, and nothing is made in it")
    func foreignEncoding() async throws {
      try await PostgreSQLPlace.use { place in
        let connection = try place.connect()
        try connection.execute("CREATE DATABASE \(place.namespace) TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'")
        var address = try #require(URLComponents(string: PostgreSQLPlace.address ?? ""))
        address.path = "/\(place.namespace)"
        let opening = await #expect(throws: StoreError.self) {
          _ = try await PostgreSQLStore(address: address.string ?? "")
        }
        #expect(opening?.code == .unavailable && opening?.description.contains("LATIN1") == true)
        try connection.execute("DROP DATABASE \(place.namespace)")
      }
    }

    @Test("a schema's name may have any characters, and one that is too long or empty is refused")
    func namespaces() async throws {
      let name = "a \"b\" 'c' \\ $$ ; é \(UInt64.random(in: 0 ... .max))"
      var configuration = PostgreSQLStoreConfiguration()
      try await PostgreSQLPlace.use(namespace: name) { place in
        let store = try await place.open()
        _ = try await store.insert(place.session(1), limit: nil, now: place.now)
        #expect(try await store.session(place.session(1).id) == place.session(1))
        await store.shutdown()
      }
      for name in ["", String(repeating: "a", count: 64), "a\u{0}"] {
        configuration.namespace = name
        let error = await #expect(throws: StoreError.self) {
          try await PostgreSQLStore(address: PostgreSQLPlace.address ?? "", configuration: configuration)
        }
        #expect(error?.code == .unavailable)
      }
    }

    @Test("a person can read the tables, times and comments with psql")
    func readable() async throws {
      try await PostgreSQLPlace.use { place in
        let store = try await place.open()
        _ = try await store.insert(place.session(1), limit: nil, now: place.now)
        let row = try place.connect().rows(
          """
          SELECT id, user_id, to_timestamp(open_time / 1000.0) AT TIME ZONE 'UTC', deadline,
            col_description('session'::regclass, 9), obj_description('event'::regclass)
          FROM session WHERE close_time IS NULL
          """
        ).first
        #expect(row?.text(0) == place.session(1).id.description)
        #expect(row?.text(1) == "anna")
        #expect(row?.text(2) == "2023-11-14 22:13:20")
        #expect(row?.int(3) == place.session(1).deadline.milliseconds)
        #expect(row?.text(4)?.contains("milliseconds since 1970") == true)
        #expect(row?.isNull(5) == false)
        await store.shutdown()
      }
    }

    @Test("every text may be as long as it may be: indexes hold what can't be made shorter")
    func lengths() async throws {
      try await PostgreSQLPlace.use { place in
        let store = try await place.open()
        let random = SeededRandom(seed: 7)
        let limit = SessionPolicy.textLimit
        let dense = String(decoding: (0..<limit).map { _ in UInt8(0x21 + random.next() % 94) }, as: UTF8.self)
        for (number, text) in [dense, String(repeating: "\u{1}", count: limit)].enumerated() {
          var session = place.session(UInt64(number), user: ExactText(String(text.prefix(SessionPolicy.userIDLimit))))
          (session.userName, session.address, session.client) = (ExactText(text), ExactText(text), ExactText(text))
          (session.kind, session.status, session.loginMethod) = (ExactText(text), ExactText(text), ExactText(text))
          session.userAgent = ExactText(text + text)
          #expect(try await store.insert(session, limit: nil, now: place.now) == .inserted(closed: []))
          var filter = SessionFilter()
          (filter.kind, filter.status, filter.address, filter.client) = (
            session.kind, session.kind, session.kind, session.kind
          )
          let page = try await store.page(SessionQuery(filter, includesContents: true), now: place.now)
          #expect(page.sessions == [session])
        }
        await store.shutdown()
      }
    }

    @Test("a deadline is what the session says, whatever its times and spans are")
    func deadlines() async throws {
      try await PostgreSQLPlace.use { place in
        let store = try await place.open()
        let times = [Timestamp.earliest, Timestamp(milliseconds: -1), place.now, .latest]
        let spans = [TimeSpan.zero, .seconds(1), .days(365_000), TimeSpan(milliseconds: .max)]
        var number: UInt64 = 0
        for (open, request) in times.flatMap({ open in times.map { (open, $0) } }) {
          for (idle, lifetime) in spans.flatMap({ idle in spans.map { (idle, $0) } }) {
            number += 1
            var session = Session(
              id: SessionID(high: 0, low: number), userID: "anna", openTime: open, idleTimeout: idle, lifetime: lifetime
            )
            session.requestTime = request
            _ = try await store.insert(session, limit: nil, now: place.now)
            let id = session.id
            let row = try await store.find(
              "SELECT deadline, \(raw: SessionRow.deadlineReason) FROM session WHERE id = \(id)"
            ) { [$0.first?.text(0), $0.first?.text(1)] }
            #expect(row == ["\(session.deadline.milliseconds)", session.deadlineReason.rawValue])
          }
        }
        await store.shutdown()
      }
    }
  }
#endif
