internal import Accounts
internal import SQLiteDriver
internal import SessionCore

/// A list of accounts, or their count, as one statement.
///
/// The index is named, so that no plan depends on statistics. Each index holds its accounts by number, so that a page
/// is a walk from its place on; what no index has is looked at row by row along that walk.
struct AccountSearch {
  private enum Value {
    case number(Int64)
    case text(String)
  }

  private let filter: AccountFilter
  private var texts: [String] = []
  private var values: [Value] = []

  /// The search for all that match, or for those after a place.
  init(_ filter: AccountFilter, after: AccountID? = nil, isDescending: Bool = false) {
    self.filter = filter
    if let email = filter.email { add("email_key = ?", .text(email.key.string)) }
    if let username = filter.username { add("username = ?", .text(username.string)) }
    if let level = filter.level { add("level = ?", .text(level.rawValue)) }
    if let isActive = filter.isActive { add("is_active = ?", .number(isActive ? 1 : 0)) }
    if let isVerified = filter.isVerified { add("is_verified = ?", .number(isVerified ? 1 : 0)) }
    if let from = filter.createdFrom { add("created >= ?", .number(from.milliseconds)) }
    if let before = filter.createdBefore { add("created < ?", .number(before.milliseconds)) }
    if let after { add(isDescending ? "id < ?" : "id > ?", .number(after.number)) }
  }

  private mutating func add(_ condition: String, _ value: Value) {
    texts.append(condition)
    values.append(value)
  }

  private var source: String {
    if filter.email != nil { return "account INDEXED BY account_by_email" }
    if filter.username != nil { return "account INDEXED BY account_by_username" }
    switch (filter.level, filter.isActive) {
    case (nil, nil): return "account"
    case (_?, nil): return "account INDEXED BY account_by_level"
    case (nil, _?): return "account INDEXED BY account_by_activity"
    case (_?, _?): return "account INDEXED BY account_by_level_and_activity"
    }
  }

  private var condition: String { texts.isEmpty ? "true" : texts.joined(separator: " AND ") }

  /// The text of a list, whose last parameter is the number of rows.
  func listing(isDescending: Bool) -> String {
    """
    SELECT \(AccountRow.columns) FROM \(source) WHERE \(condition)
    ORDER BY id \(isDescending ? "DESC" : "ASC") LIMIT ?
    """
  }

  /// The text of a count.
  ///
  /// SQLite counts a whole table faster than what a condition leaves of it, though the condition be `true`.
  var counting: String {
    texts.isEmpty ? "SELECT count(*) FROM account" : "SELECT count(*) FROM \(source) WHERE \(condition)"
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

  /// One page, whose statements all see the same accounts.
  static func page(_ query: AccountQuery, on connection: SQLiteConnection) throws(StoreError) -> AccountPage {
    try connection.snapshot { () throws(StoreError) in
      let search = AccountSearch(query.filter, after: query.after, isDescending: query.isDescending)
      let statement = try connection.prepared(search.listing(isDescending: query.isDescending))
      defer { statement.reset() }
      let limit = max(1, query.limit)
      // One more row than the page holds says whether others follow.
      let (rows, isTooMany) = Int64(limit).addingReportingOverflow(1)
      statement.bind(isTooMany ? .max : rows, at: search.bind(to: statement))
      var accounts: [Account] = []
      var hasMore = false
      while !hasMore, try statement.next() {
        hasMore = accounts.count == limit
        if !hasMore { accounts.append(try connection.account(at: statement)) }
      }
      return AccountPage(
        accounts: accounts, next: hasMore ? accounts.last?.id : nil,
        count: query.counts ? try count(query.filter, on: connection) : nil)
    }
  }

  private static func count(_ filter: AccountFilter, on connection: SQLiteConnection) throws(StoreError) -> Int {
    let search = AccountSearch(filter)
    let statement = try connection.prepared(search.counting)
    defer { statement.reset() }
    _ = search.bind(to: statement)
    return try statement.next() ? Int(clamping: statement.int(0)) : 0
  }
}
