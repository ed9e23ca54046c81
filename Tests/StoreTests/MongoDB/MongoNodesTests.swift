#if MongoDB
  import MongoDriver
  import MongoStore
  import SessionCore
  import SessionTesting
  import Testing

  @Suite("Several nodes on one MongoDB", .enabled(if: MongoPlace.shared != nil)) struct MongoNodesTests {
    @Test("of 100 openings at once on two nodes with a limit of 5, exactly 5 live", arguments: [0, 1, 2])
    func limit(number: Int) async throws {
      try await MongoPlace.use { place in
        let nodes = [try await place.open(), try await place.open()]
        let limit = LiveSessionLimit(maximum: 5, overflow: LiveSessionLimit.Overflow.allCases[number])
        try await withThrowingTaskGroup(of: Void.self) { group in
          for number in 0..<100 as Range<UInt64> {
            group.addTask {
              _ = try await nodes[Int(number % 2)].insert(place.session(number), limit: limit, now: place.now)
            }
          }
          try await group.waitForAll()
        }
        var filter = SessionFilter()
        filter.userID = "anna"
        filter.isAlive = true
        for node in nodes { #expect(try await node.count(filter, now: place.now) == 5) }
        for node in nodes { await node.shutdown() }
      }
    }

    @Test("a reader that follows the log sees what two nodes write in the order of the numbers, and misses none")
    func events() async throws {
      try await MongoPlace.use { place in
        let nodes = [try await place.open(), try await place.open()]
        let reader = try await place.open()
        let following = Task {
          var numbers: [Int64] = []
          var last: Int64 = 0
          while numbers.count < 400 {
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
                for step in 0..<10 {
                  let session = place.session(UInt64(index * 1000 + lane * 10 + step))
                  _ = try await node.insert(session, limit: nil, now: place.now)
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
        #expect(Set(all).count == 400)
        for node in nodes + [reader] { await node.shutdown() }
      }
    }

    @Test("a writer that stops in the middle of a transaction does not keep the others from writing")
    func stoppedWriter() async throws {
      try await MongoPlace.use { place in
        let node = try await place.open()
        // As a node does it that then dies: it says which session is its own, and takes the log's place.
        let stopped = try await place.beside { client, database -> StoppedWriter in
          let transaction = try MongoTransaction(client)
          try client.run(
            [
              "update": "writers",
              "updates": [
                ["q": ["_id": .document(transaction.id)], "u": ["seen": .date(MongoTime.now())], "upsert": true]
              ],
            ], on: database)
          try transaction.begin()
          try client.run(
            ["update": "places", "updates": [["q": ["_id": "log"], "u": ["$inc": ["last": .int64(1)]]]]], on: database,
            in: transaction)
          return StoppedWriter(transaction)
        }
        // Less than the server's own limit of a minute.
        #expect(try await node.insert(place.session(1), limit: nil, now: place.now) == .inserted(closed: []))
        #expect(throws: MongoError.self) { try stopped.commit() }
        #expect(try await node.session(place.session(1).id) != nil)
        #expect(try await node.lastEventNumber() == 1)
        await node.shutdown()
      }
    }

    @Test("a session that two nodes close and renew at once is one or the other, and is told so once")
    func conflict() async throws {
      try await MongoPlace.use { place in
        let nodes = [try await place.open(), try await place.open()]
        for number in 0..<20 as Range<UInt64> {
          let session = place.session(number)
          _ = try await nodes[0].insert(session, limit: nil, now: place.now)
          var next = session
          next.revision = 2
          let renewed = next
          async let replacement = nodes[0].replace(
            renewed, revision: 1, as: .renewed, by: place.actor, now: place.now)
          async let closing = nodes[1].close(session.id, reason: .logout, by: place.actor, now: place.now)
          let isRenewed = try await replacement
          let outcome = try await closing
          #expect(outcome?.isClosedNow == true)
          let stored = try await nodes[0].session(session.id)
          #expect(stored?.closeReason == .logout)
          #expect(stored?.revision == (isRenewed ? 3 : 2))
        }
        for node in nodes { await node.shutdown() }
      }
    }
  }

  /// A transaction that nobody goes on with.
  ///
  /// It is handed from the thread that began it to the test, and used by nobody else.
  private final class StoppedWriter: @unchecked Sendable {
    private let transaction: MongoTransaction
    init(_ transaction: MongoTransaction) { self.transaction = transaction }
    func commit() throws { try transaction.commit() }
  }
#endif
