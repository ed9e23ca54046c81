internal import Accounts
internal import PostgreSQLDriver
internal import SessionCore

/// A list of accounts, and their count.
///
/// An address and a user name lead to one account. Otherwise the page is a walk from its place on, along the index of
/// what the filter names, in which accounts lie by number; what no index has is looked at row by row. A statement can't
/// name its index, but it can ask for an order that no other has: that is why the level stands in the order of accounts
/// that all have the same one, and why it is compared twice, lest the server see that they do.
struct AccountSearch {
  private let query: AccountQuery

  /// The search for a page.
  init(_ query: AccountQuery) { self.query = query }

  /// The accounts of the page and one more, which says whether others follow, each once for each of its links.
  var listing: PostgreSQLStatement {
    if let leading { return AccountRow.finding(.joined([leading] + besides(isPage: true), by: " AND ")) }
    let (rows, isTooMany) = Int64(max(1, query.limit)).addingReportingOverflow(1)
    let direction = query.isDescending ? "DESC" : "ASC"
    let leads = member.map { "account.\($0.name) \(direction), " } ?? ""
    return """
      SELECT \(raw: AccountRow.columns) FROM (
        SELECT * FROM account WHERE \(Self.all(walk + besides(isPage: true)))
        ORDER BY \(raw: leads)account.id \(raw: direction) LIMIT \(isTooMany ? .max : rows)
      ) AS account LEFT JOIN account_link AS link ON link.account_id = account.id
      ORDER BY account.id \(raw: direction), link.place
      """
  }

  /// How many match in all.
  var counting: PostgreSQLStatement {
    let member = member.map { "account.\(raw: $0.name) = \($0.value)" as PostgreSQLStatement }
    let first = leading ?? member
    return "SELECT count(*) FROM account WHERE \(Self.all((first.map { [$0] } ?? []) + besides(isPage: false)))"
  }

  /// The condition that leads to one account.
  private var leading: PostgreSQLStatement? {
    if let email = query.filter.email { return "account.email_key = \(email.key)" }
    if let username = query.filter.username { return "account.username = \(username)" }
    return nil
  }

  /// The column, before the number, of the index that is walked, and what is looked for in it.
  private var member: (name: String, value: PostgreSQLStatement)? {
    switch (query.filter.level, query.filter.isActive) {
    case (nil, nil): nil
    case (let level?, nil): ("level", "\(level.rawValue)")
    case (nil, let isActive?): ("is_active", "\(isActive)")
    case (let level?, let isActive?): ("standing", "\(level.rawValue + (isActive ? " active" : " idle"))")
    }
  }

  /// From where to where it is walked.
  private var walk: [PostgreSQLStatement] {
    let (begin, end) = query.isDescending ? ("<", ">") : (">", "<")
    guard let (name, value) = member else {
      return query.after.map { ["account.id \(raw: begin) \($0.number)"] } ?? []
    }
    let first: PostgreSQLStatement =
      if let after = query.after {
        "(account.\(raw: name), account.id) \(raw: begin) (\(value), \(after.number))"
      } else {
        "account.\(raw: name) \(raw: begin)= \(value)"
      }
    return [first, "account.\(raw: name) \(raw: end)= \(value)"]
  }

  /// What is looked at row by row; wrapped up where an index could offer itself for it instead.
  private func besides(isPage: Bool) -> [PostgreSQLStatement] {
    let filter = query.filter
    var conditions: [PostgreSQLStatement] = []
    if let isVerified = filter.isVerified { conditions.append("account.is_verified = \(isVerified)") }
    if let from = filter.createdFrom { conditions.append("account.created >= \(from)") }
    if let before = filter.createdBefore { conditions.append("account.created < \(before)") }
    guard leading != nil else { return conditions }
    if filter.email != nil, let username = filter.username {
      conditions.append("(account.username = \(username)) IS TRUE")
    }
    if let (name, value) = member { conditions.append("(account.\(raw: name) = \(value)) IS TRUE") }
    if isPage, let after = query.after {
      conditions.append("(account.id \(raw: query.isDescending ? "<" : ">") \(after.number)) IS TRUE")
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
