#if PostgreSQL
  @testable import PostgreSQLDriver
  @testable import PostgreSQLStore
  import SessionCore
  import SessionTesting
  import Synchronization
  import Testing

  @Suite("Several nodes on one PostgreSQL", .enabled(if: PostgreSQLPlace.address != nil))
  struct PostgreSQLNodesTests {
    @Test("of 100 openings at once on two nodes with a limit of 5, exactly 5 live")
    func limit() async throws {
      try await PostgreSQLPlace.use { place in
        let nodes = [try await place.open(), try await place.open()]
        for overflow in LiveSessionLimit.Overflow.allCases {
          let user = ExactText(overflow.rawValue)
          let limit = LiveSessionLimit(maximum: 5, overflow: overflow)
          let first = UInt64(overflow.hashValue.magnitude) << 8
          try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<100 as Range<UInt64> {
              let session = place.session(first &+ number, user: user)
              group.addTask {
                _ = try await nodes[Int(number % 2)].insert(session, limit: limit, now: place.now)
              }
            }
            try await group.waitForAll()
          }
          var filter = SessionFilter()
          filter.userID = user
          filter.isAlive = true
          for node in nodes { #expect(try await node.count(filter, now: place.now) == 5) }
        }
        for node in nodes { await node.shutdown() }
      }
    }

    @Test("the limit holds, and the tables are made once, where transactions see what was there when they began")
    func isolation() async throws {
      try await PostgreSQLPlace.use { place in
        let options = "-c default_transaction_isolation=repeatable\\ read"
        let nodes = try await withThrowingTaskGroup(of: PostgreSQLStore.self) { group in
          for _ in 0..<3 { group.addTask { try await place.open(options: options) } }
          return try await group.reduce(into: []) { $0.append($1) }
        }
        let limit = LiveSessionLimit(maximum: 5, overflow: .deny)
        try await withThrowingTaskGroup(of: Void.self) { group in
          for number in 0..<90 as Range<UInt64> {
            group.addTask {
              _ = try await nodes[Int(number % 3)].insert(place.session(number), limit: limit, now: place.now)
            }
          }
          try await group.waitForAll()
        }
        #expect(try await nodes[0].count(SessionFilter(), now: place.now) == 5)
        for node in nodes { await node.shutdown() }
      }
    }

    @Test("a node that vanishes in the middle of a statement is noticed by the server within seconds")
    func vanished() async throws {
      try await PostgreSQLPlace.use { place in
        let node = try await place.open()
        let connection = try PostgreSQLConnection(
          node.clientConfiguration.address, settings: node.clientConfiguration.settings, deadline: .now + .seconds(20))
        connection.deadline = .now + .seconds(60)
        let isByNetwork = try connection.rows("SELECT inet_client_addr() IS NOT NULL").first?.bool(0) == true
        let idle = try connection.rows("SELECT current_setting('tcp_keepalives_idle')::bigint").first?.int(0)
        #expect(idle == (isByNetwork ? 2 : 0))
        await node.shutdown()
      }
    }

    @Test("a server that can only be read fails the check, and is read")
    func readOnly() async throws {
      try await PostgreSQLPlace.use { place in
        let node = try await place.open()
        _ = try await node.insert(place.session(1), limit: nil, now: place.now)
        let reader = try await place.open(options: "-c default_transaction_read_only=on")
        let error = await #expect(throws: StoreError.self) { try await reader.check() }
        #expect(error?.code == .unavailable)
        #expect(try await reader.session(place.session(1).id) == place.session(1))
        for node in [node, reader] { await node.shutdown() }
      }
    }

    @Test("a reader that follows the log sees what two nodes write in the order of the numbers, and misses none")
    func events() async throws {
      try await PostgreSQLPlace.use { place in
        let nodes = [try await place.open(), try await place.open()]
        let reader = try await place.open()
        let following = Task {
          var numbers: [Int64] = []
          var last: Int64 = 0
          while numbers.count < 1000 {
            let page = try await reader.events(after: last, kinds: nil, limit: 7)
            numbers += page.entries.map(\.number)
            last = page.next
          }
          return numbers
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
          for (index, node) in nodes.enumerated() {
            for lane in 0..<20 {
              group.addTask {
                for step in 0..<25 {
                  let number = UInt64(index * 1000 + lane * 25 + step)
                  _ = try await node.insert(place.session(number), limit: nil, now: place.now)
                }
              }
            }
          }
          try await group.waitForAll()
        }
        let numbers = try await following.value
        let all = try await reader.events(after: 0, kinds: nil, limit: 2000).entries.map(\.number)
        #expect(numbers == all)
        #expect(all == all.sorted())
        #expect(Set(all).count == 1000)
        for node in nodes + [reader] { await node.shutdown() }
      }
    }

    @Test("a node that stops in the middle of a transaction does not keep the others from writing")
    func stoppedWriter() async throws {
      try await PostgreSQLPlace.use { place in
        let node = try await place.open()
        let stopped = try PostgreSQLConnection(
          node.clientConfiguration.address, settings: node.clientConfiguration.settings, deadline: .now + .seconds(20))
        stopped.deadline = .now + .seconds(60)
        try stopped.execute("BEGIN; SELECT pg_advisory_xact_lock(\(node.clientConfiguration.writeLock))")
        // The server ends the stopped one's session when it has said nothing for half a second.
        #expect(
          try await node.insert(place.session(1), limit: nil, now: place.now) == .inserted(closed: []))
        #expect(throws: PostgreSQLError.self) { try stopped.execute("COMMIT") }
        await node.shutdown()
      }
    }

    @Test("nodes that start at once make the tables once")
    func migrations() async throws {
      try await PostgreSQLPlace.use { place in
        let nodes = try await withThrowingTaskGroup(of: PostgreSQLStore.self) { group in
          for _ in 0..<6 { group.addTask { try await place.open() } }
          return try await group.reduce(into: []) { $0.append($1) }
        }
        let steps = try place.connect().rows("SELECT version FROM migration ORDER BY version")
        #expect(steps.map { $0.int(0) } == (1...PostgreSQLSchema.version).map { Int64($0) })
        for node in nodes {
          try await node.check()
          await node.shutdown()
        }
      }
    }

    @Test("every node hears of what another one, or somebody by hand, has changed, and of touches nothing")
    func notes() async throws {
      try await PostgreSQLPlace.use { place in
        let (node, other) = (try await place.open(), try await place.open())
        let listener = Listener()
        let following = Task { await other.follow(listener) }
        while !listener.isOpen { await Task.yield() }
        let session = place.session(1)
        _ = try await node.insert(session, limit: nil, now: place.now)
        try await node.touch([SessionTouch(id: session.id, requestTime: place.now + .seconds(1))])
        _ = try await node.close(session.id, reason: .logout, now: place.now + .seconds(2))
        try place.connect().execute("UPDATE session SET close_reason = 'revoked'")
        _ = try await node.remove(session.id)
        try await node.sendHeartbeat(.max, along: 0)
        let expected: [ChangeNote] = [
          .session(session.id, revision: 1), .session(session.id, revision: 2), .session(session.id, revision: 2),
          .session(session.id, revision: .max), .heartbeat(.max),
        ]
        while listener.notes.count < expected.count { await Task.yield() }
        #expect(listener.notes == expected)
        following.cancel()
        await following.value
        await node.shutdown()
        await other.shutdown()
      }
    }

    @Test("a task is its holder's until the server's clock says that the time is over, or it is given back")
    func tasks() async throws {
      try await PostgreSQLPlace.use { place in
        let (node, other) = (try await place.open(), try await place.open())
        #expect(try await node.holdTask("reaper\u{0}", as: "a", for: .hours(1)))
        #expect(try await node.holdTask("reaper\u{0}", as: "a", for: .hours(1)))
        #expect(try await !other.holdTask("reaper\u{0}", as: "b", for: .hours(1)))
        #expect(try await other.holdTask("reaper", as: "b", for: .hours(1)))
        try await other.releaseTask("reaper\u{0}", as: "b")
        #expect(try await !other.holdTask("reaper\u{0}", as: "b", for: .hours(1)))
        try await node.releaseTask("reaper\u{0}", as: "a")
        #expect(try await other.holdTask("reaper\u{0}", as: "b", for: TimeSpan(milliseconds: .max)))
        // As if an hour had passed.
        try place.connect().execute("UPDATE task SET until = clock_timestamp() WHERE holder = 'b'")
        #expect(try await node.holdTask("reaper", as: "a", for: .zero))
        #expect(try await other.holdTask("reaper", as: "b", for: .hours(1)))
        await node.shutdown()
        await other.shutdown()
      }
    }
  }

  /// Keeps what it hears.
  private final class Listener: ChangeListener {
    private struct State {
      var isOpen = false
      var notes: [ChangeNote] = []
    }

    private let state = Mutex(State())

    var isOpen: Bool { state.withLock { $0.isOpen } }
    var notes: [ChangeNote] { state.withLock { $0.notes } }

    func laneOpened(_ lane: Int) { state.withLock { $0.isOpen = true } }
    func laneClosed(_ lane: Int) { state.withLock { $0.isOpen = false } }
    func heard(_ note: ChangeNote, along lane: Int) { state.withLock { $0.notes.append(note) } }
  }
#endif
