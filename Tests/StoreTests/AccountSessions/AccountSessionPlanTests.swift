import Accounts
import SQLiteDriver
@testable import SQLiteStore
import SessionCore
import Testing

@Suite("The plans of sessions with their accounts") struct AccountSessionPlanTests {
  private let folder: TemporaryFolder
  private let connection: SQLiteConnection
  private static let now = Timestamp(milliseconds: 1_700_000_000_000)

  init() throws {
    folder = try TemporaryFolder()
    connection = try SQLiteConnection(path: folder.file(), mode: .readWrite)
    try SQLiteSchema.apply(to: connection, migrates: true)
  }

  @Test("a list is a walk along an index from its place on, accounts are looked up by number, and nothing is sorted")
  func plans() throws {
    let conditions: [AccountSessionCondition] = [
      .all([]), .text(.address, .equal, "x"), .text(.firstName, .equal, "x"), .account(.less, 7),
      .any([.text(.lastName, .equal, "x"), .time(.opened, .less, Self.now)]),
    ]
    for condition in conditions {
      for (userID, index) in [(nil, "session_by_opened (is_open=?"), ("u", "session_by_user (user_id=? AND is_open=?")]
        as [(ExactText?, String)]
      {
        for after in [nil, SessionCursor(time: Self.now, id: SessionID(high: 1, low: 2))] {
          let search = AccountSessionSearch(condition, userID: userID, after: after, now: Self.now)
          let plan = try plan(search.sql)
          #expect(plan.contains("SEARCH session USING INDEX \(index)"), "\(plan)")
          #expect(plan.contains("SEARCH account USING INTEGER PRIMARY KEY"), "\(plan)")
          #expect(!plan.contains("SCAN") && !plan.contains("TEMP B-TREE") && !plan.contains("AUTOMATIC"), "\(plan)")
        }
      }
    }
  }

  private func plan(_ sql: String) throws -> String {
    let statement = try connection.prepare("EXPLAIN QUERY PLAN " + sql)
    var lines: [String] = []
    while try statement.step() { lines.append(statement.text(3) ?? "") }
    return lines.joined(separator: "; ")
  }
}
