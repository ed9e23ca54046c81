internal import Accounts
internal import PostgreSQLDriver
internal import SessionCore

/// A list of accounts, and their count.
///
/// An address and a user name lead to one account. Otherwise the page is a walk from its place on, along the index of
/// what the filter names, in which accounts lie by number; what no index has is looked at row by row. A statement can't
/// name its index, but it can ask for an order that no other has: that is why the level stands in the order of accounts
/// that all have the same one, and why it is compared twice, lest the server see that it is the same.
struct AccountSearch {
  private let query: AccountQuery

  /// The search for a page.
  init(_ query: AccountQuery) { self.query = query }

  /// The accounts of the page and one more, which says whether others follow, each once for each of its links.
  var listing: PostgreSQLStatement {
    if let leading { return AccountRow.finding(.joined([leading] + conditions(isPage: true), by: " AND ")) }
    let (rows, isTooMany) = Int64(max(1, query.limit)).addingReportingOverflow(1)
    let direction = query.isDescending ? "DESC" : "ASC"
    let order = (columns + ["id"]).map { "account.\($0) \(direction)" }.joined(separator: ", ")
    return """
      SELECT \(raw: AccountRow.columns) FROM (
        SELECT * FROM account WHERE \(Self.all(walk + conditions(isPage: false))) ORDER BY \(raw: order)
        LIMIT \(isTooMany ? .max : rows)
      ) AS account LEFT JOIN account_link AS link ON link.account_id = account.id
      ORDER BY account.id \(raw: direction), link.place
      """
  }

  /// How many match in all.
  var counting: PostgreSQLStatement {
    let filter = query.filter
    var conditions = conditions(isPage: false)
    if let leading {
      conditions.append(leading)
    } else {
      if let level = filter.level { conditions.append("account.level = \(level.rawValue)") }
      if let isActive = filter.isActive { conditions.append("account.is_active = \(isActive)") }
    }
    return "SELECT count(*) FROM account WHERE \(Self.all(conditions))"
  }

  /// The condition that leads to one account.
  private var leading: PostgreSQLStatement? {
    if let email = query.filter.email { return "account.email_key = \(email.key)" }
    if let username = query.filter.username { return "account.username = \(username)" }
    return nil
  }

  /// The columns, before the number, of the index that is walked.
  private var columns: [String] {
    (query.filter.level == nil ? [] : ["level"]) + (query.filter.isActive == nil ? [] : ["is_active"])
  }

  /// From where to where it is walked.
  private var walk: [PostgreSQLStatement] {
    var values: [PostgreSQLStatement] = []
    if let level = query.filter.level { values.append("\(level.rawValue)") }
    if let isActive = query.filter.isActive { values.append("\(isActive)") }
    let names = columns.map { "account.\($0)" }
    let (begin, end) = query.isDescending ? ("<", ">") : (">", "<")
    var walk: [PostgreSQLStatement] = []
    if let after = query.after {
      walk.append(Self.compared(names + ["account.id"], begin, values + ["\(after.number)"]))
    } else if !names.isEmpty {
      walk.append(Self.compared(names, begin + "=", values))
    }
    if !names.isEmpty { walk.append(Self.compared(names, end + "=", values)) }
    return walk
  }

  /// A comparison of rows, which an index of these columns begins or ends with.
  private static func compared(
    _ names: [String], _ sign: String, _ values: [PostgreSQLStatement]
  ) -> PostgreSQLStatement {
    "(\(raw: names.joined(separator: ", "))) \(raw: sign) (\(.joined(values, by: ", ")))"
  }

  /// What is looked at row by row.
  private func conditions(isPage: Bool) -> [PostgreSQLStatement] {
    let filter = query.filter
    var conditions: [PostgreSQLStatement] = []
    if let verified = filter.isVerified { conditions.append("account.is_verified = \(verified)") }
    if let from = filter.createdFrom { conditions.append("account.created >= \(from)") }
    if let before = filter.createdBefore { conditions.append("account.created < \(before)") }
    guard leading != nil else { return conditions }
    // Wrapped up so that no index serves them.
    if filter.email != nil, let username = filter.username {
      conditions.append("(account.username = \(username)) IS TRUE")
    }
    if let level = filter.level { conditions.append("(account.level = \(level.rawValue)) IS TRUE") }
    if let isActive = filter.isActive { conditions.append("(account.is_active = \(isActive)) IS TRUE") }
    if isPage, let after = query.after {
      let sign = query.isDescending ? "<" : ">"
      conditions.append("(account.id \(raw: sign) \(after.number)) IS TRUE")
    }
    return conditions
  }

  private static func all(_ conditions: [PostgreSQLStatement]) -> PostgreSQLStatement {
    conditions.isEmpty ? "true" : .joined(conditions, by: " AND ")
  }

  /// The page, whose statements see one moment.
  func page(on connection: PostgreSQLConnection) throws(StoreError) -> AccountPage {
    var counted: PostgreSQLRows?
    let listed: PostgreSQLRows
    if query.counts {
      let answers = try connection.answers([listing, counting])
      (listed, counted) = (answers[0], answers[1])
    } else {
      listed = try connection.answer(listing)
    }
    var accounts = try AccountRow.readAll(listed)
    let hasMore = accounts.count > max(1, query.limit)
    if hasMore { accounts.removeLast() }
    let count = try counted.map { (rows) throws(StoreError) in
      guard let number = rows.first?.int(0) else { throw AccountRow.damaged }
      return Int(clamping: number)
    }
    return AccountPage(accounts: accounts, next: hasMore ? accounts.last?.id : nil, count: count)
  }
}
