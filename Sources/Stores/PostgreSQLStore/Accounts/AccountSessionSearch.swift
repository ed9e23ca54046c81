internal import Accounts
internal import PostgreSQLDriver
internal import SessionCore

/// A list of live sessions with their accounts, as one statement of fixed texts whose values are bound; it sees one
/// moment.
///
/// A condition that leads to one user leads to the sessions of that user by their index; any other walks the open
/// sessions in the order of the list. Each plan is forced, so that none depends on statistics: by an order that no
/// other index has, and by a user who is compared twice, lest the server see that all rows have the same one.
struct AccountSessionSearch {
  private let query: AccountSessionQuery
  private let now: Timestamp

  /// The search for a page.
  init(_ query: AccountSessionQuery, now: Timestamp) {
    self.query = query
    self.now = now
  }

  /// The statement.
  ///
  /// Accounts are joined by the whole text of their number: "07" and "7x" are no account's. `OFFSET 0` has each looked
  /// up for its session, whatever is asked of it, and that something is added to a deadline keeps its index out.
  var statement: PostgreSQLStatement {
    var conditions: [PostgreSQLStatement] = ["session.close_time IS NULL", "session.deadline + 0 > \(now)"]
    if let user {
      if let after = query.after {
        conditions.append(
          "(session.user_id, session.open_time, session.id) < (\(user), \(after.time), \(after.id))")
      } else {
        conditions.append("session.user_id <= \(user)")
      }
      conditions.append("session.user_id >= \(user)")
    } else if let after = query.after {
      conditions.append("(session.open_time, session.id) < (\(after.time), \(after.id))")
    }
    let condition = Self.statement(of: query.condition)
    // Wrapped up, what is asked of the user besides is no reason for another plan.
    conditions.append(user == nil ? condition : "(\(condition)) IS TRUE")
    // One more row than the page holds says whether others follow.
    let (rows, isTooMany) = Int64(max(1, query.limit)).addingReportingOverflow(1)
    return """
      SELECT session.id, session.user_id, session.address, session.open_time, account.id, account.created,
        account.username, account.email, account.email_key, account.first_name, account.last_name
      FROM session LEFT JOIN LATERAL (
        SELECT * FROM account WHERE account.user_id = session.user_id OFFSET 0
      ) AS account ON true
      WHERE \(.joined(conditions, by: " AND "))
      ORDER BY \(raw: user == nil ? "" : "session.user_id DESC, ")session.open_time DESC, session.id DESC
      LIMIT \(isTooMany ? .max : rows)
      """
  }

  /// Whose sessions alone can meet the condition; `nil` if anybody's can.
  private var user: PostgreSQLStatement? {
    if let userID = query.condition.required(.userID) { return "\(userID)" }
    if let username = query.condition.required(.username) {
      return "(SELECT user_id FROM account WHERE username = \(username))"
    }
    if let email = query.condition.required(.email) {
      return "(SELECT user_id FROM account WHERE email_key = \(email))"
    }
    return nil
  }

  private static func statement(of condition: AccountSessionCondition) -> PostgreSQLStatement {
    switch condition {
    case .all(let conditions): joined(conditions, by: " AND ", none: "true")
    case .any(let conditions): joined(conditions, by: " OR ", none: "false")
    case .text(let field, let comparison, let value): "\(raw: column(field)) \(raw: sign(comparison)) \(value)"
    case .time(let field, let comparison, let value): "\(raw: column(field)) \(raw: sign(comparison)) \(value)"
    case .account(let comparison, let value): "account.id \(raw: sign(comparison)) \(value)"
    case .isNull(let field): "\(raw: column(field)) IS NULL"
    case .isNotNull(let field): "\(raw: column(field)) IS NOT NULL"
    }
  }

  private static func joined(
    _ conditions: [AccountSessionCondition], by word: PostgreSQLStatement, none: PostgreSQLStatement
  ) -> PostgreSQLStatement {
    conditions.isEmpty ? none : "(\(.joined(conditions.map { statement(of: $0) }, by: word)))"
  }

  private static func column(_ field: AccountSessionCondition.TextField) -> String {
    switch field {
    case .id: "session.id"
    case .userID: "session.user_id"
    case .address: "session.address"
    case .username: "account.username"
    case .email: "account.email_key"
    case .firstName: "account.first_name"
    case .lastName: "account.last_name"
    }
  }

  private static func column(_ field: AccountSessionCondition.TimeField) -> String {
    switch field {
    case .opened: "session.open_time"
    case .accountCreated: "account.created"
    }
  }

  private static func sign(_ comparison: AccountSessionCondition.Comparison) -> String {
    switch comparison {
    case .equal: "="
    case .notEqual: "<>"
    case .less: "<"
    case .lessOrEqual: "<="
    case .greater: ">"
    case .greaterOrEqual: ">="
    }
  }
}

extension AccountSessionSearch {
  /// The page that the statement's rows are.
  func page(_ rows: PostgreSQLRows) throws(StoreError) -> AccountSessionPage {
    var page = AccountSessionPage(rows: [], next: nil)
    let limit = max(1, query.limit)
    for index in 0..<min(rows.count, limit) { page.rows.append(try Self.read(rows[index])) }
    if rows.count > limit { page.next = page.rows.last?.place }
    return page
  }

  private static func read(_ row: PostgreSQLRow) throws(StoreError) -> AccountSession {
    let damage = StoreError(.corrupt, "The session database holds a session that can't be read.")
    guard let id = row.sessionID(0), let userID = try row.exactText(1, or: damage), let opened = row.time(3) else {
      throw damage
    }
    var holder: SessionHolder?
    if !row.isNull(4) {
      guard let created = row.time(5) else { throw AccountRow.damaged }
      var known = SessionHolder(id: try AccountRow.id(row, 4), created: created)
      known.username = try AccountRow.text(row, 6)
      known.email = try AccountRow.email(AccountRow.text(row, 7), key: AccountRow.text(row, 8))
      known.firstName = try AccountRow.text(row, 9)
      known.lastName = try AccountRow.text(row, 10)
      holder = known
    }
    return AccountSession(
      id: id, userID: userID, address: try row.exactText(2, or: damage), opened: opened, account: holder)
  }
}
