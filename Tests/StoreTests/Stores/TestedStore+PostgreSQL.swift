#if PostgreSQL
  import Foundation
  import PostgreSQLDriver
  import PostgreSQLStore

  extension TestedStore {
    /// Schemas of one database, each with its tables.
    static let postgreSQL = TestedServer("SESAME_TEST_POSTGRESQL") { address in
      TestedStore("PostgreSQL", isShared: true) {
        var configuration = PostgreSQLStoreConfiguration()
        configuration.namespace = StorePlace.newName()
        configuration.timeout = patience
        configuration.connections = 2
        let chosen = configuration
        return StorePlace {
          try await PostgreSQLStore(address: address, configuration: chosen)
        } remove: {
          try await drop(chosen.namespace, address)
        }
      }
    }

    private static func drop(_ schema: String, _ address: String) async throws {
      try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
        Thread {
          done.resume(
            with: Result {
              let connection = try PostgreSQLConnection(
                PostgreSQLAddress(address), settings: [], deadline: .now + .seconds(60))
              try connection.execute("SET client_min_messages = warning; DROP SCHEMA \(schema) CASCADE")
            })
        }.start()
      }
    }
  }
#endif
