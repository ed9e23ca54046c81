internal import Accounts
internal import PostgreSQLDriver
internal import SessionCore

/// A list of accounts, and their count if that is asked, as one statement, which sees one moment.
///
/// Each index that a filter can use ends with the account's number, so that a page is a walk from its place on; what
/// no index has is looked at row by row along that walk.
struct AccountSearch {
  private let query: AccountQuery

  /// The search for a page.
  init(_ query: AccountQuery) { self.query = query }

  /// The statement: the count in the first column of each row, and then the account, if there is one.
  var statement: PostgreSQLStatement {
    let total: PostgreSQLStatement =
      query.counts ? "SELECT count(*) FROM account WHERE \(conditions(isPage: false))" : "SELECT NULL::bigint"
    // One more row than the page holds says whether others follow.
    let (rows, isTooMany) = Int64(max(1, query.limit)).addingReportingOverflow(1)
    let order = query.isDescending ? "DESC" : "ASC"
    return """
      SELECT total.count, \(raw: AccountRow.columns) FROM (\(total)) AS total (count)
      LEFT JOIN (
        SELECT * FROM account WHERE \(conditions(isPage: true)) ORDER BY id \(raw: order)
        LIMIT \(isTooMany ? .max : rows)
      ) AS account ON true
      LEFT JOIN account_link AS link ON link.account_id = account.id
      ORDER BY account.id \(raw: order), link.place
      """
  }

  private func conditions(isPage: Bool) -> PostgreSQLStatement {
    let filter = query.filter
    var conditions: [PostgreSQLStatement] = []
    if let email = filter.email { conditions.append("email_key = \(email.key)") }
    if let username = filter.username { conditions.append("username = \(username)") }
    if let level = filter.level { conditions.append("level = \(level.rawValue)") }
    if let isActive = filter.isActive { conditions.append("is_active = \(isActive)") }
    if let isVerified = filter.isVerified { conditions.append("is_verified = \(isVerified)") }
    if let from = filter.createdFrom { conditions.append("created >= \(from)") }
    if let before = filter.createdBefore { conditions.append("created < \(before)") }
    if isPage, let after = query.after {
      conditions.append(query.isDescending ? "id < \(after.number)" : "id > \(after.number)")
    }
    return conditions.isEmpty ? "true" : .joined(conditions, by: " AND ")
  }

  /// The page that the statement's rows are.
  func page(_ rows: PostgreSQLRows) throws(StoreError) -> AccountPage {
    var accounts = try AccountRow.readAll(rows, at: 1)
    let hasMore = accounts.count > max(1, query.limit)
    if hasMore { accounts.removeLast() }
    var count: Int?
    if query.counts {
      guard let number = rows.first?.int(0) else { throw AccountRow.damaged }
      count = Int(clamping: number)
    }
    return AccountPage(accounts: accounts, next: hasMore ? accounts.last?.id : nil, count: count)
  }
}
