#if MongoDB
  import Foundation
  import MongoDriver
  import MongoStore

  extension TestedStore {
    /// A database for each place.
    static let mongoDB = TestedServer("SESAME_TEST_MONGODB") { address in
      TestedStore("MongoDB", isShared: true) {
        let database = StorePlace.newName()
        var configuration = MongoStoreConfiguration()
        configuration.namespace = database
        configuration.timeout = patience
        configuration.connections = 3
        let chosen = configuration
        return StorePlace {
          try await MongoStore(address: address, configuration: chosen)
        } remove: {
          try await drop(database, address)
        }
      }
    }

    private static func drop(_ database: String, _ address: String) async throws {
      try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
        Thread {
          done.resume(
            with: Result {
              var options = MongoOptions()
              options.answerTimeout = patience.milliseconds
              options.selectionTimeout = patience.milliseconds
              let pool = try MongoPool(address: address, options: options)
              try pool.client()?.run(["dropDatabase": .int32(1)], on: database)
            })
        }.start()
      }
    }
  }
#endif
