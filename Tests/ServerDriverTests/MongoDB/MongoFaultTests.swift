#if MongoDB
  import MongoDriver
  import Testing

  @Suite("The driver of MongoDB and a server that fails", .enabled(if: MongoServer.address != nil), .serialized)
  struct MongoFaultTests {
    private func options(_ timeout: Int64 = 300) -> MongoOptions {
      var options = MongoOptions()
      options.answerTimeout = timeout
      options.selectionTimeout = timeout
      return options
    }

    /// Runs a command until the server answers it.
    private func answered(_ client: MongoClient) async -> Bool {
      await eventually { (try? client.run(["ping": 1], on: "admin")) != nil }
    }

    @Test("nobody there: nothing was sent")
    func nobody() throws {
      let pool = try MongoPool(address: "mongodb://127.0.0.1:\(freePort())/", options: options(50))
      let client = try #require(pool.client())
      let error = #expect(throws: MongoError.self) { try client.run(["ping": 1], on: "admin") }
      #expect(error?.code == .unreachable)
    }

    @Test("a server that hangs is given up, its late answer is nobody's, and it is found again when it goes on")
    func hanging() async throws {
      let server = try #require(try await BreakableMongo())
      let client = try #require(try MongoPool(address: server.address, options: options()).client())
      #expect(await answered(client))
      try client.run(
        ["insert": "things", "documents": .array((0..<10).map { ["_id": .int32($0)] })], on: "hang")
      server.hold()
      for _ in 0..<2 {
        let error = #expect(throws: MongoError.self) {
          try client.documents(["find": "things", "filter": ["_id": 0]], on: "hang")
        }
        #expect(error?.isOfConnection == true)
      }
      server.goOn()
      #expect(await answered(client))
      for number in 1..<10 as Range<Int32> {
        let found = try client.documents(["find": "things", "filter": ["_id": .int32(number)]], on: "hang")
        #expect(found.map { $0["_id"] } == [.int32(number)])
      }
    }

    @Test("a server that was killed is found again when it is back, and has what was committed")
    func restart() async throws {
      let server = try #require(try await BreakableMongo())
      let client = try #require(try MongoPool(address: server.address, options: options()).client())
      #expect(await answered(client))
      try client.run(["create": "things"], on: "again")
      let transaction = try MongoTransaction(client)
      try transaction.begin()
      try client.run(["insert": "things", "documents": [["_id": 1]]], on: "again", in: transaction)
      try transaction.commit()
      try transaction.begin()
      try client.run(["insert": "things", "documents": [["_id": 2]]], on: "again", in: transaction)
      server.end()
      let lost = #expect(throws: MongoError.self) {
        try client.run(["insert": "things", "documents": [["_id": 3]]], on: "again", in: transaction)
      }
      #expect(lost?.isOfConnection == true)
      #expect(try await server.start())
      #expect(await answered(client))
      let found = try client.documents(["find": "things"], on: "again")
      #expect(found.compactMap { $0["_id"]?.int } == [1])
    }

    @Test("a change stream of a server that was killed says so, and a new one hears what comes then")
    func changes() async throws {
      let server = try #require(try await BreakableMongo())
      let pool = try MongoPool(address: server.address, options: options())
      let client = try #require(pool.client())
      #expect(await answered(client))
      try client.run(["create": "things"], on: "watch")
      let stream = try MongoChangeStream(of: "things", in: "watch", pipeline: [], patience: 20, through: client)
      #expect(try stream.next() == nil)
      server.end()
      #expect(throws: MongoError.self) { while try stream.next() == nil {} }
      #expect(try await server.start())
      let other = try #require(pool.client())
      #expect(await answered(other))
      let next = try MongoChangeStream(of: "things", in: "watch", pipeline: [], patience: 20, through: other)
      try client.run(["insert": "things", "documents": [["_id": 1]]], on: "watch")
      let hasHeard = try await eventually { try next.next() != nil }
      #expect(hasHeard)
    }
  }
#endif
