#if PostgreSQL
  @testable import PostgreSQLDriver
  import Synchronization
  import Testing

  @Suite("A client of PostgreSQL", .enabled(if: PostgreSQLTestServer.text != nil))
  struct PostgreSQLClientTests {
    private let lock = Int64.random(in: .min ... .max)

    private func client(_ change: (inout PostgreSQLClientConfiguration) -> Void = { _ in }) throws -> PostgreSQLClient {
      try PostgreSQLTestServer.client { configuration in
        configuration.writeLock = lock
        change(&configuration)
      }
    }

    /// Runs `body` while somebody else has the lock of all writers.
    private func whileLocked<Answer: Sendable>(
      _ body: (_ release: @Sendable () throws -> Void) async throws -> Answer
    ) async throws -> Answer {
      let holder = try PostgreSQLTestServer.connect()
      _ = try holder.rows("SELECT pg_advisory_lock(\(lock))")
      let holders = Mutex<[Int64?]>([try holder.rows("SELECT pg_backend_pid()").first?.int(0)])
      return try await body {
        let release = try PostgreSQLTestServer.connect()
        for number in holders.withLock({ $0 }) {
          _ = try release.rows("SELECT pg_terminate_backend(\(number)::integer)")
        }
      }
    }

    /// Returns once somebody waits for the lock.
    private func untilOneWaits() async throws {
      let observer = try PostgreSQLTestServer.connect()
      let waiters: PostgreSQLStatement = """
        SELECT count(*) FROM pg_locks
        WHERE locktype = 'advisory' AND NOT granted AND (classid::bigint << 32 | objid::bigint) = \(lock)
        """
      while try observer.rows(waiters).first?.int(0) == 0 { await Task.yield() }
    }

    @Test("writes that wait are one transaction")
    func groups() async throws {
      let client = try client { $0.queueCapacity = 100 }
      let transactions = try await whileLocked { release in
        try await withThrowingTaskGroup(of: String?.self) { group in
          for number in 0..<50 {
            group.addTask { try await client.write(["SELECT txid_current()"]) { $0.first?.first?.text(0) } }
            if number == 0 { try await untilOneWaits() }
          }
          while client.waitingWrites < 49 { await Task.yield() }
          try release()
          return try await group.reduce(into: []) { $0.append($1) }
        }
      }
      // The first began alone, before the others came.
      #expect(Set(transactions).count == 2)
      #expect(!transactions.contains(nil))
      await client.shutdown()
    }

    @Test("a write that is refused takes no other with it, and has no effect itself")
    func refusal() async throws {
      let client = try client()
      let table = "driver_\(UInt64.random(in: 0 ... .max))"
      let setUp = try PostgreSQLTestServer.connect()
      try setUp.execute("CREATE TABLE \(table) (number bigint)")
      let answers = try await whileLocked { release in
        try await withThrowingTaskGroup(of: Bool.self) { group in
          for number in 0..<40 as Range<Int64> {
            group.addTask {
              do throws(PostgreSQLError) {
                return try await client.write([
                  "INSERT INTO \(raw: table) VALUES (\(number))", "SELECT 1 / (SELECT \(number % 10))",
                ]) { $0.count == 2 }
              } catch {
                #expect(error.state == "22012")
                #expect(!error.mayBeStored)
                return false
              }
            }
          }
          try release()
          return try await group.reduce(into: []) { $0.append($1) }
        }
      }
      #expect(answers.count { $0 } == 36)
      let rows = try setUp.rows("SELECT count(*), count(*) FILTER (WHERE number % 10 = 0) FROM \(raw: table)").first
      #expect(rows?.int(0) == 36)
      #expect(rows?.int(1) == 0)
      try setUp.execute("DROP TABLE \(table)")
      await client.shutdown()
    }

    @Test("pieces are as large as one call of the system sends, and every statement is in one")
    func pieces() {
      let size = PostgreSQLConnection.pieceSize
      for (sizes, ends) in [
        ([], []), ([1], [true]), ([1, 2, 3], [false, false, true]), ([size, 1], [true, true]),
        ([1, size - 1, 1], [false, true, true]), ([1, size, 1], [true, true, true]),
        ([9 * size, 9 * size], [true, true]), ([1, 9 * size, 1, 1], [true, true, false, true]),
      ] as [([Int], [Bool])] {
        #expect(PostgreSQLConnection.endsOfPieces(sizes) == ends)
      }
    }

    @Test("a writer that stops between two pieces keeps nobody from writing, and stores nothing")
    func stopping() async throws {
      let client = try client()
      let stopped = try PostgreSQLTestServer.connect([("idle_in_transaction_session_timeout", "100")])
      let pieces = ["BEGIN", "SELECT pg_advisory_xact_lock(\(lock))"].map(PreparedStatement.init)
      #expect(try stopped.prepare(pieces).isEmpty)
      for statement in pieces { try stopped.send(statement) }
      try stopped.sendSync()
      try stopped.flush()
      #expect(try await client.write(["SELECT 5"]) { $0.first?.first?.int(0) } == 5)
      await client.shutdown()
    }

    @Test("a writer that stops while its answers come keeps nobody from writing")
    func stoppingLate() async throws {
      let client = try client()
      let stopped = try PostgreSQLTestServer.connect([("tcp_user_timeout", "100")])
      let statements: [PostgreSQLStatement] = [
        "BEGIN", "SELECT pg_advisory_xact_lock(\(lock))", "SELECT repeat('0123456789', 5000000)", "COMMIT",
      ]
      let pieces = statements.map(PreparedStatement.init)
      #expect(try stopped.prepare(pieces).isEmpty)
      for statement in pieces { try stopped.send(statement) }
      try stopped.sendSync()
      try stopped.flush()
      #expect(try await client.write(["SELECT 5"]) { $0.first?.first?.int(0) } == 5)
      #expect(throws: PostgreSQLError.self) { for _ in pieces { _ = try stopped.answer() } }
      await client.shutdown()
    }

    @Test("a write of many pieces is stored whole")
    func manyPieces() async throws {
      let client = try client()
      let text = String(repeating: "0123456789", count: 2000)
      let statements: [PostgreSQLStatement] = (0..<30 as Range<Int64>).map { "SELECT txid_current(), \($0), \(text)" }
      let rows = try await client.write(statements) { answers in
        answers.map { [$0.first?.text(0), $0.first?.text(1), $0.first?.text(2)] }
      }
      #expect(Set(rows.map { $0[0] }).count == 1)
      #expect(rows.map { $0[1] } == (0..<30).map { "\($0)" })
      #expect(rows.allSatisfy { $0[2] == text })
      let refused = await #expect(throws: PostgreSQLError.self) {
        try await client.write(statements + ["SELECT 1 / (SELECT 0)"] + statements) { _ in }
      }
      #expect(refused?.state == "22012")
      #expect(try await client.write(["SELECT 6"]) { $0.first?.first?.int(0) } == 6)
      await client.shutdown()
    }

    @Test("a write that does not get the lock in time surely did not happen")
    func locked() async throws {
      let client = try client { $0.timeout = .milliseconds(600) }
      _ = try? await client.write(["SELECT 1"]) { _ in }
      try await whileLocked { _ in
        let error = await #expect(throws: PostgreSQLError.self) { try await client.write(["SELECT 1"]) { _ in } }
        #expect(error?.code == .refused)
        #expect(error?.state == "55P03")
        #expect(error?.mayBeStored == false)
      }
      await client.shutdown()
    }

    @Test("a write whose connection ends may have been stored, and the next one has another connection")
    func lostWrite() async throws {
      let client = try client()
      let error = await #expect(throws: PostgreSQLError.self) {
        try await client.write(["SELECT pg_terminate_backend(pg_backend_pid()), pg_sleep(10)"]) { _ in }
      }
      #expect(error?.code == .lost)
      #expect(error?.mayBeStored == true)
      #expect(try await client.write(["SELECT 7"]) { $0.first?.first?.int(0) } == 7)
      await client.shutdown()
    }

    @Test("a reading is done again when somebody ended its connection in the middle, and only once")
    func lostRead() async throws {
      let client = try client()
      let ends = Mutex(1)
      let suicide: PostgreSQLStatement = "SELECT pg_terminate_backend(pg_backend_pid()), pg_sleep(10)"
      let read: @Sendable (PostgreSQLConnection) throws(PostgreSQLError) -> Int64? = { connection in
        let isToEnd = ends.withLock { number in
          number -= 1
          return number >= 0
        }
        if isToEnd { _ = try connection.rows(suicide) }
        return try connection.rows("SELECT 9").first?.int(0)
      }
      #expect(try await client.read(read) == 9)
      ends.withLock { $0 = 2 }
      let error = await #expect(throws: PostgreSQLError.self) { try await client.read(read) }
      #expect(error?.code == .lost)
      #expect(try await client.read(read) == 9)
      await client.shutdown()
    }

    @Test("what is found is asked again when somebody ended the connection")
    func lostFind() async throws {
      let client = try client { $0.finders = 1 }
      let number = try await client.find("SELECT pg_backend_pid()") { $0.first?.int(0) }
      let other = try PostgreSQLTestServer.connect()
      _ = try other.rows("SELECT pg_terminate_backend(\(number)::integer)")
      #expect(try await client.find("SELECT 8") { $0.first?.int(0) } == 8)
      await client.shutdown()
    }

    @Test("every answer belongs to its question, whoever gives up waiting and whatever is refused meanwhile")
    func belonging() async throws {
      let client = try client { configuration in
        configuration.lookUp = { "SELECT key, 'row of ' || key FROM unnest(\($0)) AS list (key) WHERE key <> '13'" }
      }
      await withTaskGroup(of: Void.self) { group in
        for number in 0..<2000 as Range<Int64> {
          group.addTask {
            switch number % 4 {
            case 0:
              let found = try? await client.find("SELECT \(number)") { $0.first?.int(0) }
              #expect(found == .some(number))
            case 1:
              let text = try? await client.lookUp(Array("\(number)".utf8)) { $0?.text(1) }
              #expect(text == .some(number == 13 ? nil : "row of \(number)"))
            case 2:
              let found = try? await client.write(["SELECT \(number)", "SELECT -\(number)"]) {
                $0.map { $0.first?.int(0) }
              }
              #expect(found == [number, -number])
            default:
              let error = await #expect(throws: PostgreSQLError.self) {
                try await client.find("SELECT 1 / (SELECT \(number - number))") { _ in }
              }
              #expect(error?.state == "22012")
            }
          }
          if number % 5 == 0 {
            group.addTask {
              let task = Task { try await client.find("SELECT \(number)") { $0.first?.int(0) } }
              task.cancel()
              let found = try? await task.value
              #expect(found == .some(number))
            }
          }
        }
      }
      await client.shutdown()
    }

    @Test("without a server calls fail at once, and none was stored")
    func unreachable() async throws {
      let nowhere = try PostgreSQLAddress("postgres://sesame@127.0.0.1:1/postgres")
      let client = try PostgreSQLClient(PostgreSQLClientConfiguration(nowhere))
      for _ in 0..<50 {
        let write = await #expect(throws: PostgreSQLError.self) { try await client.write(["SELECT 1"]) { _ in } }
        #expect(write?.code == .unreachable)
        #expect(write?.mayBeStored == false)
        let find = await #expect(throws: PostgreSQLError.self) { try await client.find("SELECT 1") { _ in } }
        #expect(find?.code == .unreachable)
      }
      await client.shutdown()
    }

    @Test("a full queue refuses, and answers what it accepted")
    func full() async throws {
      let client = try client { ($0.queueCapacity, $0.batchLimit) = (3, 1) }
      let outcomes = try await whileLocked { release in
        try await withThrowingTaskGroup(of: PostgreSQLError.Code?.self) { group in
          for number in 0..<20 {
            group.addTask {
              do throws(PostgreSQLError) {
                try await client.write(["SELECT 1"]) { _ in }
                return nil
              } catch {
                return error.code
              }
            }
            if number == 0 { try await untilOneWaits() }
          }
          var refused: [PostgreSQLError.Code?] = []
          // One is with the server, three wait.
          while refused.count < 16, let outcome = try await group.next() { refused.append(outcome) }
          try release()
          return try await group.reduce(into: refused) { $0.append($1) }
        }
      }
      #expect(outcomes.count { $0 == .busy } == 16)
      #expect(outcomes.count { $0 == nil } == 4)
      await client.shutdown()
    }

    @Test("a shutdown finishes what was accepted, and refuses what comes later")
    func shutdown() async throws {
      let client = try client { $0.batchLimit = 1 }
      let answers = try await whileLocked { release in
        try await withThrowingTaskGroup(of: Int64?.self) { group in
          for number in 0..<20 as Range<Int64> {
            group.addTask { try await client.write(["SELECT \(number)"]) { $0.first?.first?.int(0) } }
          }
          // One is with the server, the others wait.
          while client.waitingWrites < 19 { await Task.yield() }
          group.addTask {
            await client.shutdown()
            return -1
          }
          while !client.isStopping { await Task.yield() }
          let error = await #expect(throws: PostgreSQLError.self) { try await client.write(["SELECT 1"]) { _ in } }
          #expect(error?.code == .stopped)
          try release()
          return try await group.reduce(into: []) { $0.append($1) }
        }
      }
      #expect(Set(answers) == Set(-1..<20))
      let read = await #expect(throws: PostgreSQLError.self) { try await client.read { _ in } }
      #expect(read?.code == .stopped)
    }
  }
#endif
