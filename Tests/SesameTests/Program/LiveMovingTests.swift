import Foundation
import HTTPTesting
import Testing

#if MongoDB
  import MongoDriver

  extension RunningProgramTests {
    @Suite("Importing from a MongoDB that runs") struct MongoMovingTests {
      static let address = ProcessInfo.processInfo.environment["SESAME_TEST_MONGODB"]

      /// A document as Pip.Services writes it through MongoDB's own driver: dates are dates, and what is missing null.
      private static func document(_ number: Int, active: Bool, now: Int64) -> BSONDocument {
        [
          "_id": .string("0f0e0d0c0b0a4908870605040\("0000000\(number)".suffix(7))"),
          "user_id": .string("u\(number)"), "user_name": .string("Änne"), "active": .bool(active),
          "open_time": .date(now - 60_000),
          "close_time": .null, "request_time": .date(now - 1000), "address": .string("192.0.2.1"),
          "client": .string("app"), "user": ["id": .string("u\(number)"), "roles": ["admin"], "age": .double(41.5)],
          "data": ["seen": .date(now), "count": .int64(7), "owner": .other(kind: 7, Array(0..<12))],
        ]
      }

      @Test("all documents of a collection are read, some at once", .enabled(if: address != nil))
      func collection() async throws {
        let address = try #require(Self.address)
        var options = MongoOptions()
        options.answerTimeout = 20_000
        options.selectionTimeout = 20_000
        let pool = try MongoPool(address: address, options: options)
        let client = try #require(pool.client())
        let database = "moving_test_\(UInt64.random(in: 0 ... .max))"
        defer { _ = try? client.run(["dropDatabase": 1], on: database) }
        let now = Int64(Date().timeIntervalSince1970 * 1000)
        var documents = (0..<2500).map { Self.document($0, active: $0 % 10 != 0, now: now) }
        documents.append(["_id": "abc", "active": true])
        documents.append(["_id": "0f0e0d0c0b0a49088706050409999999", "data": .binary([1])])
        try client.run(["insert": "some.sessions", "documents": .array(documents.map { .document($0) })], on: database)
        let folder = try TemporaryFolder()
        let place = Self.place(address, "\(database).some.sessions")
        let run = try ProgramRun(
          sesame: ["import", "--data", "data", "--skip-bad", "--json", "--from", "pip-services", place],
          in: folder.path)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.first?.contains(#""imported":{"keys":0,"accounts":0,"sessions":2250}"#) == true)
        #expect(run.output.first?.contains(#""closed sessions":250,"#) == true, "\(run.output)")
        #expect(run.output.first?.contains(#""bad":1,"#) == true, "\(run.output)")
        try await withProgram(folder: folder) { program in
          let shown = try program.client().send("GET", "/v2/sessions?user_id=u7&include=user,data")
          for part in ["Änne", #""age":41.5"#, #""$oid":"000102030405060708090a0b""#, #""count":7"#] {
            #expect(shown.text.contains(part), "\(shown.text)")
          }
        }
      }

      /// The address of a collection of the server at `address`.
      static func place(_ address: String, _ names: String) -> String {
        let parts = address.split(separator: "?", maxSplits: 1)
        let hosts = parts[0].split(separator: "/", omittingEmptySubsequences: true).prefix(2).joined(separator: "//")
        return "\(hosts)/\(names)\(parts.count == 2 ? "?\(parts[1])" : "")"
      }

      @Test(
        "an address without a database, or where nobody answers, is refused with a sentence",
        arguments: [
          ("mongodb://127.0.0.1:1", "Name the collection so"), ("mongodb://127.0.0.1:1/", "Name the collection so"),
          ("mongodb://127.0.0.1:1/db.", "Name the collection so"),
          ("mongodb://secret:password@127.0.0.1:1/db.c?serverSelectionTimeoutMS=10", "The MongoDB"),
        ])
      func refused(address: String, part: String) throws {
        let folder = try TemporaryFolder()
        let run = try ProgramRun(
          sesame: ["import", "--data", "data", "--from", "pip-services", address], in: folder.path)
        #expect(run.status == 1)
        #expect(run.complaint.contains(part) && !run.complaint.contains("password"), "\(run.complaint)")
      }
    }
  }
#endif

#if Redis
  import RedisDriver

  extension RunningProgramTests {
    @Suite("Importing from a Redis Cluster that runs") struct RedisClusterMovingTests {
      static let address = ProcessInfo.processInfo.environment["SESAME_TEST_REDIS_CLUSTER"]

      @Test("the sessions of all primaries of a Cluster are found", .enabled(if: address != nil))
      func cluster() async throws {
        let address = try #require(Self.address)
        var configuration = RedisConfiguration()
        configuration.timeout = .seconds(20)
        let client = try RedisClient(address: address, configuration: configuration)
        let prefix = "moving[\(UInt64.random(in: 0 ... .max))]:"
        let keys = (0..<1200).map { RedisArgument("\(prefix)\($0)") }
        let value = #"{"cookie":{"expires":"2099-01-02T03:04:05.000Z"},"user":7}"#
        let folder = try TemporaryFolder()
        try folder.write("keyboard cat\n", to: "secret")
        _ = try await client.send(keys.map { RedisCommand("SET", key: $0, RedisArgument(value), "EX", "600") })
        let run = try ProgramRun(
          sesame: [
            "import", "--data", "data", "--json", "--from", "connect-redis", address, "--secret-file", "secret",
            "--user-member", "user", "--prefix", prefix,
          ],
          in: folder.path)
        _ = try await client.send(keys.map { RedisCommand("DEL", key: $0) })
        await client.stop()
        #expect(run.status == 0, "\(run.errors)")
        #expect(
          run.output.first?.contains(#""imported":{"keys":0,"accounts":0,"sessions":1200}"#) == true, "\(run.output)")
      }
    }
  }
#endif
