import Accounts
import SQLiteDriver
@testable import SQLiteStore
import SessionCore
import Testing

@Suite("The plans of accounts") struct AccountQueryPlanTests {
  private let folder: TemporaryFolder
  private let connection: SQLiteConnection
  private static let now = Timestamp(milliseconds: 1_700_000_000_000)

  init() throws {
    folder = try TemporaryFolder()
    connection = try SQLiteConnection(path: folder.file(), mode: .readWrite)
    try SQLiteSchema.apply(to: connection, migrates: true)
  }

  /// What a filter asks for, and by what its accounts must be found; `nil` for the table in its own order.
  private static let filters:
    [(name: String, index: String?, start: String?, change: @Sendable (inout AccountFilter) -> Void)] = [
      ("nothing", nil, nil, { _ in }),
      ("e-mail", "account_by_email", "email_key=?", { $0.email = EmailAddress("a@b.org") }),
      ("user name", "account_by_username", "username=?", { $0.username = "a" }),
      ("level", "account_by_level", "level=?", { $0.level = .guest }),
      ("active", "account_by_activity", "is_active=?", { $0.isActive = false }),
      (
        "level and active", "account_by_level_and_activity", "level=? AND is_active=?",
        { ($0.level, $0.isActive) = (.guest, true) }
      ),
      ("verified", nil, nil, { $0.isVerified = true }),
      ("created", nil, nil, { ($0.createdFrom, $0.createdBefore) = (now, now) }),
      (
        "level and the rest", "account_by_level", "level=?",
        { ($0.level, $0.isVerified, $0.createdFrom) = (.guest, false, now) }
      ),
    ]

  @Test("a list is a walk along an index from its place on, and is never sorted", arguments: filters)
  func lists(
    filter: (name: String, index: String?, start: String?, change: @Sendable (inout AccountFilter) -> Void)
  ) throws {
    var conditions = AccountFilter()
    filter.change(&conditions)
    for isDescending in [false, true] {
      for after in [nil, AccountID(5)] {
        let search = AccountSearch(conditions, after: after, isDescending: isDescending)
        let sql = search.listing(isDescending: isDescending)
        let plan = try plan(sql)
        #expect(!plan.contains("TEMP B-TREE"), "\(plan) of \(sql)")
        if let index = filter.index, let start = filter.start {
          #expect(plan.contains("USING INDEX \(index) (\(start)"), "\(plan) of \(sql)")
          let isUnique = index == "account_by_email" || index == "account_by_username"
          #expect(after == nil || isUnique || plan.contains("rowid"), "\(plan) enters at the place: \(sql)")
        } else {
          #expect(plan.hasPrefix(after == nil ? "SCAN account" : "SEARCH account USING INTEGER PRIMARY KEY"), "\(plan)")
        }
      }
    }
  }

  @Test("a count by level and activity is one of an index alone")
  func counts() throws {
    for change in [{ $0.level = .guest }, { $0.isActive = true }, { ($0.level, $0.isActive) = (.user, true) }]
      as [(inout AccountFilter) -> Void]
    {
      var filter = AccountFilter()
      change(&filter)
      let plan = try plan(AccountSearch(filter).counting)
      #expect(plan.hasPrefix("SEARCH account USING COVERING INDEX"), "\(plan)")
    }
  }

  @Test("every look-up is by an index")
  func lookUps() throws {
    for condition in [AccountRow.byEmail, AccountRow.byUsername, AccountRow.byLink] {
      let plan = try plan("SELECT \(AccountRow.columns) FROM account WHERE \(condition)")
      #expect(!plan.contains("SCAN"), "\(plan) of \(condition)")
    }
  }

  private func plan(_ sql: String) throws -> String {
    let statement = try connection.prepare("EXPLAIN QUERY PLAN " + sql)
    var lines: [String] = []
    while try statement.step() { lines.append(statement.text(3) ?? "") }
    return lines.joined(separator: "; ")
  }
}
