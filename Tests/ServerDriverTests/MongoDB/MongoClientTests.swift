#if MongoDB
  import MongoDriver
  import Testing

  @Suite("The driver of MongoDB", .enabled(if: MongoServer.address != nil)) struct MongoClientTests {
    @Test("every kind of value comes back from the server byte for byte")
    func kinds() throws {
      try MongoServer.use { _, client, database in
        var document: BSONDocument = ["_id": "a\u{0}b"]
        document.append(contentsOf: BSONTests.everything)
        try client.run(["insert": "things", "documents": [.document(document)]], on: database)
        let found = try client.documents(["find": "things", "filter": ["_id": "a\u{0}b"]], on: database)
        #expect(found == [document])
      }
    }

    @Test("a list is fetched to its end, in and outside a transaction")
    func cursor() throws {
      try MongoServer.use { _, client, database in
        let documents = (0..<1234).map { BSONValue.document(["_id": .int64($0)]) }
        try client.run(["insert": "things", "documents": .array(documents)], on: database)
        let command: BSONDocument = ["find": "things", "sort": ["_id": 1], "batchSize": 100]
        #expect(try client.documents(command, on: database).count == 1234)
        let transaction = try MongoTransaction(client)
        try transaction.begin()
        let found = try client.documents(command, on: database, in: transaction)
        transaction.abort()
        #expect(found.compactMap { $0["_id"]?.int } == Array(0..<1234))
      }
    }

    @Test("what the server refuses is thrown with its number")
    func refusals() throws {
      try MongoServer.use { _, client, database in
        let insertion: BSONDocument = ["insert": "things", "documents": [["_id": 1]]]
        try client.run(insertion, on: database)
        let duplicate = #expect(throws: MongoError.self) { try client.run(insertion, on: database) }
        #expect(duplicate?.code == .refused)
        #expect(duplicate?.number == 11000)
        let unknown = #expect(throws: MongoError.self) { try client.run(["noSuchCommand": 1], on: database) }
        #expect(unknown?.code == .refused)
        #expect(unknown?.number == 59)
      }
    }

    @Test("a transaction is seen when it is committed, and never when it is aborted")
    func transactions() throws {
      try MongoServer.use { pool, client, database in
        try client.run(["create": "things"], on: database)
        let other = try #require(pool.client())
        let count = { () throws -> Int in try other.documents(["find": "things"], on: database).count }
        let transaction = try MongoTransaction(client)
        try transaction.begin()
        try client.run(["insert": "things", "documents": [["_id": 1]]], on: database, in: transaction)
        #expect(try count() == 0)
        try transaction.commit()
        #expect(try count() == 1)
        try transaction.begin()
        try client.run(["insert": "things", "documents": [["_id": 2]]], on: database, in: transaction)
        transaction.abort()
        #expect(try count() == 1)
      }
    }

    @Test("of two transactions that change one document, the second hears at once that it is to begin again")
    func conflicts() throws {
      try MongoServer.use { pool, client, database in
        try client.run(["insert": "things", "documents": [["_id": 1]]], on: database)
        let change: BSONDocument = [
          "update": "things", "updates": [["q": ["_id": 1], "u": ["$inc": ["number": 1]]]],
        ]
        let first = try MongoTransaction(client)
        try first.begin()
        try client.run(change, on: database, in: first)
        let other = try #require(pool.client())
        let second = try MongoTransaction(other)
        try second.begin()
        let conflict = #expect(throws: MongoError.self) { try other.run(change, on: database, in: second) }
        #expect(conflict?.isTransient == true)
        second.abort()
        try first.commit()
        try second.begin()
        try other.run(change, on: database, in: second)
        try second.commit()
        #expect(try other.documents(["find": "things"], on: database).first?["number"]?.int == 2)
      }
    }

    @Test("the transaction of a session that was ended by others is to begin again")
    func endedSession() throws {
      try MongoServer.use { pool, client, database in
        try client.run(["insert": "things", "documents": [["_id": 1]]], on: database)
        let change: BSONDocument = ["update": "things", "updates": [["q": ["_id": 1], "u": ["$inc": ["number": 1]]]]]
        let transaction = try MongoTransaction(client)
        try transaction.begin()
        try client.run(change, on: database, in: transaction)
        let other = try #require(pool.client())
        try other.run(["killSessions": [.document(transaction.id)]], on: "admin")
        let ended = #expect(throws: MongoError.self) { try transaction.commit() }
        #expect(ended?.isTransient == true)
        try transaction.begin()
        try client.run(change, on: database, in: transaction)
        try transaction.commit()
        #expect(try other.documents(["find": "things"], on: database).first?["number"]?.int == 1)
      }
    }

    @Test("a change stream hears what is committed, in order, and nothing that was there before")
    func changes() throws {
      try MongoServer.use { pool, client, database in
        try client.run(["insert": "things", "documents": [["_id": 0]]], on: database)
        let stream = try MongoChangeStream(
          of: "things", in: database, pipeline: [["$match": ["operationType": "insert"]]], patience: 50,
          through: client)
        let other = try #require(pool.client())
        let transaction = try MongoTransaction(other)
        for number in 1...3 as ClosedRange<Int32> {
          try transaction.begin()
          try other.run(
            ["insert": "things", "documents": [["_id": .int32(number * 10)]]], on: database, in: transaction)
          transaction.abort()
          try transaction.begin()
          try other.run(["insert": "things", "documents": [["_id": .int32(number)]]], on: database, in: transaction)
          try transaction.commit()
        }
        var heard: [Int64] = []
        let end = ContinuousClock.now + .seconds(30)
        while heard.count < 3, ContinuousClock.now < end {
          if let number = try stream.next()?["fullDocument"]?.document?["_id"]?.int { heard.append(number) }
        }
        #expect(heard == [1, 2, 3])
      }
    }

    @Test("a pool has as many clients as it may, and no more")
    func pool() throws {
      let pool = try MongoServer.pool { $0.connections = 2 }
      let first = try #require(pool.client())
      do {
        let second = try #require(pool.client())
        #expect(pool.client() == nil)
        withExtendedLifetime(second) {}
      }
      #expect(pool.client() != nil)
      withExtendedLifetime(first) {}
    }

    @Test("an address names the database, and one that can't be read is refused without being told")
    func addresses() throws {
      let options = MongoOptions()
      #expect(try MongoPool(address: "mongodb://127.0.0.1/shop", options: options).database == "shop")
      #expect(try MongoPool(address: "mongodb://127.0.0.1/", options: options).database == nil)
      for address in ["", "http://127.0.0.1", "mongodb://", "mongodb://user:canary@a:b:c/?x", "mongodb://a\u{0}b/"] {
        let error = #expect(throws: MongoError.self) { try MongoPool(address: address, options: options) }
        #expect(error?.code == .misuse)
        #expect(error?.description.contains("canary") == false)
      }
    }
  }
#endif
