#if PostgreSQL
  import Foundation
  import PostgreSQLDriver

  /// The server that the tests of its driver run on, if the environment names one.
  enum PostgreSQLTestServer {
    static let text = ProcessInfo.processInfo.environment["SESAME_TEST_POSTGRESQL"]

    static func address() throws -> PostgreSQLAddress { try PostgreSQLAddress(text ?? "") }

    /// A connection whose calls wait long, for a machine that is busy.
    static func connect(_ settings: [(name: String, value: String)] = []) throws -> PostgreSQLConnection {
      let connection = try PostgreSQLConnection(address(), settings: settings, deadline: .now + .seconds(20))
      connection.deadline = .now + .seconds(30)
      return connection
    }

    static func client(
      _ change: (inout PostgreSQLClientConfiguration) -> Void = { _ in }
    ) throws -> PostgreSQLClient {
      var configuration = PostgreSQLClientConfiguration(try address())
      configuration.timeout = .seconds(20)
      configuration.connectTimeout = .seconds(10)
      configuration.writeLock = Int64.random(in: .min ... .max)
      change(&configuration)
      return try PostgreSQLClient(configuration)
    }
  }
#endif
