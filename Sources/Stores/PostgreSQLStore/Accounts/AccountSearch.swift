internal import Accounts
internal import PostgreSQLDriver
internal import SessionCore

/// A list of accounts, and their count.
///
/// Each index that a filter can use holds its accounts by number, so that a page is a walk from its place on; what no
/// index has is looked at row by row along that walk. An address and a user name lead to one account, which needs no
/// order.
struct AccountSearch {
  private let query: AccountQuery

  /// The search for a page.
  init(_ query: AccountQuery) { self.query = query }

  /// The accounts of the page and one more, which says whether others follow, each once for each of its links.
  var listing: PostgreSQLStatement {
    let filter = query.filter
    if filter.email != nil || filter.username != nil { return AccountRow.finding(conditions(isPage: true)) }
    let (rows, isTooMany) = Int64(max(1, query.limit)).addingReportingOverflow(1)
    let order = query.isDescending ? "DESC" : "ASC"
    return """
      SELECT \(raw: AccountRow.columns) FROM (
        SELECT * FROM account WHERE \(conditions(isPage: true)) ORDER BY account.id \(raw: order)
        LIMIT \(isTooMany ? .max : rows)
      ) AS account LEFT JOIN account_link AS link ON link.account_id = account.id
      ORDER BY account.id \(raw: order), link.place
      """
  }

  /// How many match in all.
  var counting: PostgreSQLStatement { "SELECT count(*) FROM account WHERE \(conditions(isPage: false))" }

  private func conditions(isPage: Bool) -> PostgreSQLStatement {
    let filter = query.filter
    var conditions: [PostgreSQLStatement] = []
    if let email = filter.email { conditions.append("account.email_key = \(email.key)") }
    if let username = filter.username { conditions.append("account.username = \(username)") }
    if let level = filter.level { conditions.append("account.level = \(level.rawValue)") }
    if let isActive = filter.isActive { conditions.append("account.is_active = \(isActive)") }
    if let isVerified = filter.isVerified { conditions.append("account.is_verified = \(isVerified)") }
    if let from = filter.createdFrom { conditions.append("account.created >= \(from)") }
    if let before = filter.createdBefore { conditions.append("account.created < \(before)") }
    if isPage, let after = query.after {
      conditions.append(query.isDescending ? "account.id < \(after.number)" : "account.id > \(after.number)")
    }
    return conditions.isEmpty ? "true" : .joined(conditions, by: " AND ")
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
