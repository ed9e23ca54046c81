#if MongoDB
  import Foundation
  import MongoDriver
  import MongoStore
  import SessionCore

  /// A database of its own on the server of the tests.
  struct MongoPlace: Sendable {
    /// The server; `nil` if this machine runs none for the tests.
    static let address = ProcessInfo.processInfo.environment["SESAME_TEST_MONGODB"]

    private static let turnstile = Turnstile(width: 6)
    /// For what tests do beside the stores.
    private static let pool = address.flatMap { try? MongoPool(address: $0, options: MongoOptions()) }

    /// Runs `body` on a new, empty place, of which nothing is left afterwards.
    static func use(_ body: (MongoPlace) async throws -> Void) async throws {
      await turnstile.enter()
      defer { turnstile.leave() }
      let place = MongoPlace()
      defer { try? place.remove() }
      try await body(place)
    }

    let address: String
    let database: String

    /// A place without a name taken.
    init(_ address: String = MongoPlace.address ?? "mongodb://127.0.0.1/") {
      self.address = address
      database = "sesame_test_\(UInt64.random(in: 0..<UInt64.max))"
    }

    /// A store on it.
    func open(_ change: (inout MongoStoreConfiguration) -> Void = { _ in }) async throws -> MongoStore {
      var configuration = MongoStoreConfiguration()
      configuration.namespace = database
      configuration.timeout = .seconds(20)
      change(&configuration)
      return try await MongoStore(address: address, configuration: configuration)
    }

    /// Runs a command on the database, beside the store.
    @discardableResult
    func run(_ command: BSONDocument) throws -> BSONDocument {
      guard let client = Self.pool?.client() else { return [:] }
      return try client.run(command, on: database)
    }

    /// Leaves nothing behind.
    func remove() throws { try run(["dropDatabase": 1]) }
  }
#endif
