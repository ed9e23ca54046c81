#if PostgreSQL
  import Foundation
  @testable import PostgreSQLDriver
  @testable import PostgreSQLStore
  import SessionCore

  /// A schema with so many rows that a wrong plan is tempting, and the plans that the server makes there for the
  /// statements of a store, once for all their values.
  struct PostgreSQLPlans {
    /// The server, if this machine runs one for the tests.
    static var address: String? { ProcessInfo.processInfo.environment["SESAME_TEST_POSTGRESQL"] }

    private let store: PostgreSQLStore

    /// Runs `body` on a schema of its own, twice: while it is empty, and once it is full.
    static func onSchema(_ body: (PostgreSQLPlans) async throws -> Void) async throws {
      var configuration = PostgreSQLStoreConfiguration()
      configuration.namespace = "sesame_plans_\(UInt64.random(in: 0...(.max)))"
      configuration.timeout = .minutes(1)
      let store = try await PostgreSQLStore(address: address ?? "", configuration: configuration)
      let plans = PostgreSQLPlans(store: store)
      let outcome: Result<Void, any Error>
      do {
        try await body(plans)
        try await plans.execute(rows)
        outcome = .success(try await body(plans))
      } catch {
        outcome = .failure(error)
      }
      try await plans.execute("SET client_min_messages = error; DROP SCHEMA \(configuration.namespace) CASCADE")
      await store.shutdown()
      try outcome.get()
    }

    /// The plan of a statement.
    ///
    /// It is prepared, so that the plan is the one for all values
    /// (https://www.postgresql.org/docs/15/sql-prepare.html).
    func plan(_ statement: PostgreSQLStatement) async throws -> PostgreSQLPlan {
      let values = statement.values.isEmpty ? "" : "(\(statement.values.map { _ in "NULL" }.joined(separator: ", ")))"
      let lines = try await store.read { (connection) throws(StoreError) in
        do throws(PostgreSQLError) {
          try connection.execute("PREPARE planned AS " + statement.sql)
          let rows = try connection.rows("EXPLAIN (COSTS OFF) EXECUTE planned\(raw: values)")
          try connection.execute("DEALLOCATE planned")
          return rows.map { $0.text(0) ?? "" }
        } catch {
          throw StoreError(error)
        }
      }
      return PostgreSQLPlan(lines)
    }

    private func execute(_ script: String) async throws {
      try await store.read { (connection) throws(StoreError) in
        do throws(PostgreSQLError) { try connection.execute(script) } catch { throw StoreError(error) }
      }
    }

    /// 4,000 accounts, few of which are administrators or not active, and 20,000 sessions, most of them of one user.
    private static let rows = """
      ALTER TABLE account DISABLE TRIGGER USER;
      ALTER TABLE session DISABLE TRIGGER USER;
      INSERT INTO account (email, email_key, username, first_name, level, is_active, is_verified, created, revision)
        SELECT 'a' || n || '@example.org', 'a' || n || '@example.org', 'u' || n, 'f' || n % 7,
          CASE WHEN n % 500 = 0 THEN 'A' ELSE 'U' END, n % 500 <> 1, n % 3 = 0, n, 1
        FROM generate_series(1, 4000) AS n;
      INSERT INTO account_link (issuer, subject, account_id, place)
        SELECT 'https://issuer.example', n, n, 0 FROM generate_series(1, 4000, 2) AS n;
      INSERT INTO session (id, user_id, address, open_time, request_time, renew_time, close_time, idle_timeout,
          lifetime, generation, is_remembered, revision)
        SELECT lpad(n::text, 26, '0'), CASE WHEN n % 10 = 0 THEN n % 4000 ELSE 1 END, '10.0.0.' || n % 250, n, n, n,
          CASE WHEN n % 2 = 0 THEN n END, 3600000, 36000000, 0, false, 1
        FROM generate_series(1, 20000) AS n;
      INSERT INTO login_attempt (key, count, end_time, not_before)
        SELECT n, 1, n, n FROM generate_series(1, 5000) AS n;
      INSERT INTO used_once (key, end_time) SELECT n, n FROM generate_series(1, 5000) AS n;
      ANALYZE account, account_link, session, login_attempt, used_once;
      """
  }

  /// A plan as the server tells it.
  struct PostgreSQLPlan {
    /// How a table is read.
    struct Scan {
      var index: String
      var condition = ""
    }

    /// The lines.
    let text: String
    /// By which index each table is read, by the name that the statement gives it; a table that is read without one has
    /// an empty name of an index.
    private(set) var scans: [String: Scan] = [:]
    /// The tables of which the rows are limited right where they are read.
    private(set) var limits: [String] = []

    init(_ lines: [String]) {
      text = "\n" + lines.joined(separator: "\n")
      var table = ""
      var isLimited = false
      for line in lines {
        let words = line.split(separator: " ").map(String.init)
        if let place = words.firstIndex(of: "on"), line.contains("Scan") {
          table = words[(place + 1)...].last ?? ""
          // "Index Scan using INDEX on TABLE NAME": the last word is the name, or the table's if it has no other.
          let index = words.firstIndex(of: "using").map { words[$0 + 1] } ?? ""
          if !line.contains("Subquery Scan") { scans[table] = Scan(index: index) }
          if isLimited { limits.append(table) }
        } else if line.contains("Index Cond:") {
          scans[table]?.condition = line
        }
        isLimited = words.last == "Limit"
      }
    }
  }
#endif
