internal import Accounts
internal import SQLiteDriver
internal import SessionCore

/// A list of live sessions with their accounts, as one statement of fixed texts whose values are bound.
///
/// The index is named, so that no plan depends on statistics: the user's where a condition leads to one, else that of
/// the order.
struct AccountSessionSearch {
  private enum Value {
    case number(Int64)
    case text(String)
  }

  private let userID: ExactText?
  private var texts: [String] = []
  private var values: [Value] = []

  /// The search for what meets `condition`; `userID` is the one user that it leads to, if it does.
  init(_ condition: AccountSessionCondition, userID: ExactText?, after: SessionCursor?, now: Timestamp) {
    self.userID = userID
    if let userID {
      texts.append("user_id = ?")
      values.append(.text(userID.string))
    }
    texts += ["is_open = 1", "deadline > ?"]
    values.append(.number(now.milliseconds))
    if let after {
      texts.append("(open_time, id) < (?, ?)")
      values += [.number(after.time.milliseconds), .text(after.id.description)]
    }
    texts.append(add(condition))
  }

  /// Accounts are joined by their number, which is the row's, and by the whole text: "07" and "7x" are no account's.
  var sql: String {
    """
    SELECT id, user_id, address, open_time, account_id, account_created, account_username, account_email,
      account_email_key, account_first_name, account_last_name
    FROM session INDEXED BY \(userID == nil ? "session_by_opened" : "session_by_user")
    LEFT JOIN (
      SELECT account.id AS account_id, created AS account_created, username AS account_username,
        email AS account_email, email_key AS account_email_key, first_name AS account_first_name,
        last_name AS account_last_name
      FROM account
    ) ON account_id = CAST(user_id AS INTEGER) AND CAST(account_id AS TEXT) = user_id
    WHERE \(texts.joined(separator: " AND "))
    ORDER BY open_time DESC, id DESC LIMIT ?
    """
  }

  /// Adds the values of a condition, and answers its text.
  private mutating func add(_ condition: AccountSessionCondition) -> String {
    switch condition {
    case .all(let conditions): return joined(conditions, by: " AND ", none: "true")
    case .any(let conditions): return joined(conditions, by: " OR ", none: "false")
    case .text(let field, let comparison, let value):
      values.append(.text(value.string))
      return "\(Self.column(field)) \(Self.sign(comparison)) ?"
    case .time(let field, let comparison, let value):
      values.append(.number(value.milliseconds))
      return "\(Self.column(field)) \(Self.sign(comparison)) ?"
    case .account(let comparison, let value):
      values.append(.number(value))
      return "account_id \(Self.sign(comparison)) ?"
    case .isNull(let field): return "\(Self.column(field)) IS NULL"
    case .isNotNull(let field): return "\(Self.column(field)) IS NOT NULL"
    }
  }

  private mutating func joined(
    _ conditions: [AccountSessionCondition], by word: String, none: String
  ) -> String {
    var parts: [String] = []
    for condition in conditions { parts.append(add(condition)) }
    return parts.isEmpty ? none : "(\(parts.joined(separator: word)))"
  }

  private static func column(_ field: AccountSessionCondition.TextField) -> String {
    switch field {
    case .id: "id"
    case .userID: "user_id"
    case .address: "address"
    case .username: "account_username"
    case .email: "account_email_key"
    case .firstName: "account_first_name"
    case .lastName: "account_last_name"
    }
  }

  private static func column(_ field: AccountSessionCondition.TimeField) -> String {
    switch field {
    case .opened: "open_time"
    case .accountCreated: "account_created"
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

  /// Binds the values, and answers the number of the next parameter.
  func bind(to statement: SQLiteStatement) -> Int32 {
    var index: Int32 = 1
    for value in values {
      switch value {
      case .number(let number): statement.bind(number, at: index)
      case .text(let text): statement.bind(text, at: index)
      }
      index += 1
    }
    return index
  }
}

extension AccountSessionSearch {
  /// One page, whose statements all see the same sessions and accounts.
  static func page(
    _ query: AccountSessionQuery, now: Timestamp, on connection: SQLiteConnection
  ) throws(StoreError) -> AccountSessionPage {
    try connection.snapshot { () throws(StoreError) in
      var userID: ExactText?
      switch try user(of: query.condition, on: connection) {
      case .nobody: return AccountSessionPage(rows: [], next: nil)
      case .one(let user): userID = user
      case .anybody: break
      }
      let search = AccountSessionSearch(query.condition, userID: userID, after: query.after, now: now)
      // The text holds as many conditions as the caller gave: it is not worth keeping.
      let statement: SQLiteStatement
      do throws(SQLiteError) { statement = try connection.prepare(search.sql) } catch { throw StoreError(error) }
      defer { statement.reset() }
      let limit = max(1, query.limit)
      // One more row than the page holds says whether others follow.
      let (rows, isTooMany) = Int64(limit).addingReportingOverflow(1)
      statement.bind(isTooMany ? .max : rows, at: search.bind(to: statement))
      var page = AccountSessionPage(rows: [], next: nil)
      while page.next == nil, try statement.next() {
        if page.rows.count == limit { page.next = page.rows.last?.place } else { page.rows.append(try read(statement)) }
      }
      return page
    }
  }

  /// Whose sessions alone can meet a condition.
  private enum ConditionUser {
    case anybody
    case one(ExactText)
    case nobody
  }

  private static func user(
    of condition: AccountSessionCondition, on connection: SQLiteConnection
  ) throws(StoreError) -> ConditionUser {
    if let userID = condition.required(.userID) { return .one(userID) }
    let (leading, value): (String, ExactText)
    if let username = condition.required(.username) {
      (leading, value) = (AccountRow.byUsername, username)
    } else if let email = condition.required(.email) {
      (leading, value) = (AccountRow.byEmail, email)
    } else {
      return .anybody
    }
    let account = try connection.account(where: leading) { $0.bind(value.string, at: 1) }
    return account.map { .one($0.id.userID) } ?? .nobody
  }

  private static func read(_ row: SQLiteStatement) throws(StoreError) -> AccountSession {
    guard let id = SessionRow.id(row, 0), let userID = row.text(1) else { throw SessionRow.damaged }
    var holder: SessionHolder?
    if !row.isNull(4) {
      var known = SessionHolder(id: try AccountRow.id(row, 4), created: Timestamp(milliseconds: row.int(5)))
      known.username = row.text(6).map { ExactText($0) }
      known.email = try AccountRow.email(row.text(7), key: row.text(8))
      known.firstName = row.text(9).map { ExactText($0) }
      known.lastName = row.text(10).map { ExactText($0) }
      holder = known
    }
    return AccountSession(
      id: id, userID: ExactText(userID), address: row.text(2).map { ExactText($0) },
      opened: Timestamp(milliseconds: row.int(3)), account: holder)
  }
}
