#if MongoDB
  import Foundation
  import MongoDriver
  import MongoStore
  import SessionCore
  import SessionTesting
  import Synchronization

  /// A database of its own on a server of the tests.
  struct MongoPlace: Sendable {
    /// The server; `nil` if this machine runs none for the tests.
    static let shared = servers.first

    /// Those that share the load: the same kind of server each.
    private static let servers = ["SESAME_TEST_MONGODB", "SESAME_TEST_MONGODB_2"].compactMap {
      ProcessInfo.processInfo.environment[$0]
    }

    private static let turnstile = Turnstile(width: 4)
    private static let places = Mutex(0)
    /// For what tests do beside the stores, by the server.
    private static let pools = Dictionary(
      uniqueKeysWithValues: servers.compactMap { server in
        (try? MongoPool(address: server, options: options)).map { (server, $0) }
      })

    private static var options: MongoOptions {
      var options = MongoOptions()
      options.answerTimeout = TestedStore.patience.milliseconds
      options.selectionTimeout = TestedStore.patience.milliseconds
      options.connections = 20
      return options
    }

    /// Runs `body` on a new, empty place, of which nothing is left afterwards.
    static func use(_ body: (MongoPlace) async throws -> Void) async throws {
      await turnstile.enter()
      defer { turnstile.leave() }
      let place = MongoPlace()
      do {
        try await body(place)
      } catch {
        await place.remove()
        throw error
      }
      await place.remove()
    }

    let address: String
    let database = "sesame_test_\(UInt64.random(in: 0..<UInt64.max))"

    /// A place on that server.
    init(_ address: String) { self.address = address }

    /// A place on the servers of the tests: each in its turn.
    init() {
      let number = Self.places.withLock { places in
        places += 1
        return places
      }
      self.init(Self.servers.isEmpty ? "mongodb://127.0.0.1/" : Self.servers[number % Self.servers.count])
    }

    /// A store on it.
    func open(_ change: (inout MongoStoreConfiguration) -> Void = { _ in }) async throws -> MongoStore {
      var configuration = MongoStoreConfiguration()
      configuration.namespace = database
      configuration.timeout = TestedStore.patience
      change(&configuration)
      return try await MongoStore(address: address, configuration: configuration)
    }

    /// Does something on the database, beside the store, on a thread of its own.
    func beside<Result: Sendable>(
      _ body: @escaping @Sendable (MongoClient, _ database: String) throws -> Result
    ) async throws -> Result {
      let (pool, database) = (Self.pools[address], database)
      return try await withCheckedThrowingContinuation { (done: CheckedContinuation<Result, any Error>) in
        Thread {
          done.resume(
            with: Swift.Result {
              guard let client = pool?.client() else { throw MongoError(.exhausted, "No client.") }
              return try body(client, database)
            })
        }.start()
      }
    }

    /// Runs a command beside the store.
    @discardableResult
    func run(_ command: BSONDocument) async throws -> BSONDocument {
      try await beside { client, database in try client.run(command, on: database) }
    }

    /// What a command with a cursor finds.
    func documents(_ command: BSONDocument) async throws -> [BSONDocument] {
      try await beside { client, database in try client.documents(command, on: database) }
    }

    /// Leaves nothing behind, if the server does its part.
    ///
    /// SecantusDB sometimes never answers this; what it keeps is gone with it when the tests have ended.
    func remove() async { _ = try? await run(["dropDatabase": 1]) }
  }
#endif
