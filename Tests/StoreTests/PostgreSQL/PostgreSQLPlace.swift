#if PostgreSQL
  import Foundation
  @testable import PostgreSQLDriver
  @testable import PostgreSQLStore
  import SessionCore

  /// A schema of its own on the server that the environment names, of which nothing is left afterwards.
  struct PostgreSQLPlace: Sendable {
    /// The server, if this machine runs one for the tests.
    static let address = ProcessInfo.processInfo.environment["SESAME_TEST_POSTGRESQL"]

    let namespace: String
    let now = Timestamp(milliseconds: 1_700_000_000_000)

    /// Runs `body` on a new schema.
    static func use(
      namespace: String = "t\(UInt64.random(in: 0 ... .max))", _ body: (PostgreSQLPlace) async throws -> Void
    ) async throws {
      let place = PostgreSQLPlace(namespace: namespace)
      let outcome: Result<Void, any Error>
      do { outcome = .success(try await body(place)) } catch { outcome = .failure(error) }
      try place.connect().execute(
        "SET client_min_messages = error; DROP SCHEMA IF EXISTS \(PostgreSQLSchema.quoted(namespace)) CASCADE")
      try outcome.get()
    }

    /// A store, to be shut down by the caller, with a timeout for a machine that is busy.
    ///
    /// `options` are settings of the server's that somebody made the usual ones: "-c name=value".
    func open(
      options: String = "", _ change: (inout PostgreSQLStoreConfiguration) -> Void = { _ in }
    ) async throws -> PostgreSQLStore {
      var configuration = PostgreSQLStoreConfiguration()
      configuration.namespace = namespace
      configuration.timeout = .seconds(20)
      change(&configuration)
      var address = Self.address ?? ""
      if let escaped = options.addingPercentEncoding(withAllowedCharacters: .alphanumerics), !options.isEmpty {
        address += (address.contains("?") ? "&" : "?") + "options=" + escaped
      }
      return try await PostgreSQLStore(address: address, configuration: configuration)
    }

    /// A connection of somebody else's, who sees the tables without naming the schema.
    func connect() throws -> PostgreSQLConnection {
      let connection = try PostgreSQLConnection(
        PostgreSQLAddress(Self.address ?? ""), settings: [("search_path", PostgreSQLSchema.quoted(namespace))],
        deadline: .now + .seconds(20))
      connection.deadline = .now + .seconds(60)
      return connection
    }

    func session(_ number: UInt64, user: ExactText = "anna") -> Session {
      Session(
        id: SessionID(high: number, low: number), userID: user, openTime: now, idleTimeout: .hours(1),
        lifetime: .days(1))
    }
  }
#endif
