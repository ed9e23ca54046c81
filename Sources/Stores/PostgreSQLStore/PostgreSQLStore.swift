internal import PostgreSQLDriver
public import SessionCore

/// A store in PostgreSQL 14 or later, which several nodes share.
///
/// An answered write is committed, as durably as the server's `synchronous_commit` says. One connection writes, and
/// takes all writes that are waiting into one transaction, under an advisory lock that the writers of all nodes take:
/// they follow one another, so that limits hold over all nodes and the numbers of events appear in their order. What
/// changes a session, an account or a key notifies the channel of the schema's name in the same transaction.
///
/// The tables can be read with `psql` at any time.
public final class PostgreSQLStore: Sendable {
  let client: PostgreSQLClient
  let clientConfiguration: PostgreSQLClientConfiguration
  let namespace: String

  /// Connects, and brings the tables up to date; several nodes may do so at once.
  ///
  /// Throws `outdated` if migrating was forbidden and is needed, `corrupt` if the schema is of a newer version, and
  /// `unavailable` if the server can't be reached or the address can't be read. A store must be shut down: its threads
  /// end no other way.
  ///
  /// - Parameters:
  ///   - address: An address of libpq's, `postgres://USER@HOST:PORT/DATABASE?sslmode=verify-full`, or `postgresql://`.
  ///   - configuration: What else can be chosen.
  /// - Throws: What stands in the way.
  public init(
    address: String, configuration: PostgreSQLStoreConfiguration = PostgreSQLStoreConfiguration()
  ) async throws(StoreError) {
    namespace = configuration.namespace
    guard !namespace.isEmpty, namespace.utf8.count <= 63, !namespace.utf8.contains(0) else {
      throw StoreError(.unavailable, "The name of the session database's schema must have 1 to 63 bytes.")
    }
    do throws(PostgreSQLError) {
      clientConfiguration = try PostgreSQLClientConfiguration(address: address, configuration)
      client = try PostgreSQLClient(clientConfiguration)
    } catch {
      throw StoreError(error)
    }
    do throws(StoreError) {
      let (namespace, lock, migrates) = (namespace, clientConfiguration.writeLock, configuration.migrates)
      try await read(within: .seconds(30)) { (connection) throws(StoreError) in
        try PostgreSQLSchema.apply(to: connection, namespace: namespace, lock: lock, migrates: migrates)
      }
    } catch {
      await shutdown()
      throw error
    }
  }

  // MARK: For the verbs

  /// Runs the statements of one writing verb, in one transaction with whatever else waits.
  ///
  /// `read` makes the answer of the rows of each statement, after the commit. What it throws is the answer, and undoes
  /// nothing.
  func write<Answer: Sendable>(
    _ statements: PostgreSQLStatement...,
    read: @escaping @Sendable ([PostgreSQLRows]) throws(StoreError) -> Answer
  ) async throws(StoreError) -> Answer {
    try await write(statements, read: read)
  }

  /// As ``write(_:read:)``, with a list of statements.
  func write<Answer: Sendable>(
    _ statements: [PostgreSQLStatement], read: @escaping @Sendable ([PostgreSQLRows]) throws(StoreError) -> Answer
  ) async throws(StoreError) -> Answer {
    let outcome: Result<Answer, StoreError>
    do throws(PostgreSQLError) {
      outcome = try await client.write(statements) { rows in
        Result { () throws(StoreError) in try read(rows) }
      }
    } catch {
      throw StoreError(writing: error)
    }
    return try outcome.get()
  }

  /// Runs one short reading statement, in one round trip with whatever else waits.
  func find<Answer: Sendable>(
    _ statement: PostgreSQLStatement, read: @escaping @Sendable (PostgreSQLRows) throws(StoreError) -> Answer
  ) async throws(StoreError) -> Answer {
    let outcome: Result<Answer, StoreError>
    do throws(PostgreSQLError) {
      outcome = try await client.find(statement) { rows in Result { () throws(StoreError) in try read(rows) } }
    } catch {
      throw StoreError(error)
    }
    return try outcome.get()
  }

  /// Reads what takes longer, or several round trips, on a connection of its own.
  func read<Answer: Sendable>(
    within timeout: Duration? = nil,
    _ body: @escaping @Sendable (PostgreSQLConnection) throws(StoreError) -> Answer
  ) async throws(StoreError) -> Answer {
    let outcome: Result<Answer, StoreError>
    do throws(PostgreSQLError) {
      outcome = try await client.read(within: timeout) { connection in
        Result { () throws(StoreError) in try body(connection) }
      }
    } catch {
      throw StoreError(error)
    }
    return try outcome.get()
  }

  /// Whether the writer and those who read can do their work; stores nothing.
  public func check() async throws(StoreError) {
    try await write(
      "SELECT current_setting('transaction_read_only'), EXISTS (SELECT FROM session)"
    ) { (answers) throws(StoreError) in
      guard answers.first?.first?.text(0) == "off" else {
        throw StoreError(.unavailable, "The session database can only be read now.")
      }
    }
    try await find("SELECT 1 FROM session LIMIT 1") { _ in }
    try await read { (connection) throws(StoreError) in _ = try connection.answer("SELECT 1 FROM session LIMIT 1") }
  }

  /// Finishes what was accepted, and closes the connections.
  public func shutdown() async { await client.shutdown() }
}

extension PostgreSQLConnection {
  /// The rows of one statement.
  func answer(_ statement: PostgreSQLStatement) throws(StoreError) -> PostgreSQLRows {
    do throws(PostgreSQLError) { return try rows(statement) } catch { throw StoreError(error) }
  }

  /// The rows of several statements that all see the same database.
  func answers(_ statements: [PostgreSQLStatement]) throws(StoreError) -> [PostgreSQLRows] {
    do throws(PostgreSQLError) { return try snapshot(statements) } catch { throw StoreError(error) }
  }
}
