public import Accounts
internal import PostgreSQLDriver
public import SessionCore

extension PostgreSQLStore: MovingStore {
  /// So many rows that a server is done with them long before a call's time is up.
  private static let sessionsAtOnce = 200

  /// Adds sessions, two hundred in a transaction with whatever else waits; each transaction has its own time-out.
  public func insertAll(_ sessions: [Session]) async throws(StoreError) -> Int {
    var count = 0
    for start in stride(from: 0, to: sessions.count, by: Self.sessionsAtOnce) {
      let statements = sessions[start..<min(start + Self.sessionsAtOnce, sessions.count)].map { session in
        """
        INSERT INTO session (\(raw: SessionRow.columns)) VALUES (\(SessionRow.values(session)))
        ON CONFLICT (id) DO NOTHING RETURNING 1
        """ as PostgreSQLStatement
      }
      count += try await write(statements) { answers in answers.reduce(0) { $0 + $1.count } }
    }
    return count
  }

  /// Adds an account, its row and its links, under its own number.
  public func move(_ moved: MovedAccount) async throws(StoreError) -> AccountMoveOutcome {
    let (id, profile) = (moved.account.id.number, moved.account.profile)
    let taken: PostgreSQLStatement = """
      account_taken(\(id), \(profile.email?.key), \(profile.username), \(profile.links.map(\.issuer)),
        \(profile.links.map(\.subject)))
      """
    let look: PostgreSQLStatement = "SELECT (SELECT created FROM account WHERE id = \(id)), \(taken)"
    let add: PostgreSQLStatement = """
      WITH added AS (INSERT INTO account (
        id, email, email_key, username, name, first_name, last_name, picture, timezone, level, is_active, is_verified,
        created, password_hash, revision, closing_due)
      OVERRIDING SYSTEM VALUE
      SELECT \(id), \(profile.email?.text), \(profile.email?.key), \(profile.username), \(profile.name),
        \(profile.firstName), \(profile.lastName), \(profile.picture), \(profile.timezone),
        \(profile.level.rawValue), \(profile.isActive), \(profile.isVerified), \(moved.account.created),
        \(text: moved.password?.text), \(moved.account.revision), \(moved.due != nil)
      WHERE \(taken) IS NULL AND NOT EXISTS (SELECT FROM account WHERE id = \(id)) RETURNING id)
      INSERT INTO account_link (issuer, subject, account_id, place)
      SELECT given.issuer, given.subject, added.id, given.place - 1 FROM added,
        unnest(\(profile.links.map(\.issuer)), \(profile.links.map(\.subject)))
          WITH ORDINALITY AS given (issuer, subject, place)
      """
    // Numbers go on above it (https://www.postgresql.org/docs/15/functions-sequence.html).
    let goOn: PostgreSQLStatement = """
      SELECT setval(numbers, \(id)) FROM (SELECT pg_get_serial_sequence('account', 'id')::regclass AS numbers) AS given
      WHERE coalesce(pg_sequence_last_value(numbers), 0) < \(id) AND EXISTS (SELECT FROM account WHERE id = \(id))
      """
    return try await write(look, add, goOn) { (answers) throws(StoreError) in
      guard let row = answers.first?.first else { throw AccountRow.damaged }
      if let created = row.time(0) { return moved.outcome(besideOneOf: created) }
      if let member = row.text(1) { return .taken(try AccountRow.member(member)) }
      return .added
    }
  }

  /// The digest, by one look-up.
  public func digest(ofKey id: Int64) async throws(StoreError) -> [UInt8]? {
    try await find("SELECT digest FROM service_key WHERE id = \(id)") { (rows) throws(StoreError) in
      guard let row = rows.first else { return nil }
      return try ServiceKeyRow.digest(row.text(0))
    }
  }
}
