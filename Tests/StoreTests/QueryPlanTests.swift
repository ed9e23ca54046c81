import SQLiteDriver
@testable import SQLiteStore
import SessionCore
import Testing

@Suite("The plans of lists and counts") struct QueryPlanTests {
  private let folder: TemporaryFolder
  private let connection: SQLiteConnection
  private static let now = Timestamp(milliseconds: 1_700_000_000_000)

  init() throws {
    folder = try TemporaryFolder()
    connection = try SQLiteConnection(path: folder.file(), mode: .readWrite)
    try SQLiteSchema.apply(to: connection, migrates: true)
  }

  /// What a filter asks for, and whether every order of it must come from an index as it lies.
  private static let filters: [(name: String, isSorted: Bool, change: @Sendable (inout SessionFilter) -> Void)] = [
    ("none", true, { _ in }), ("id", false, { $0.id = SessionID(high: 1, low: 2) }),
    ("user", true, { $0.userID = "a" }), ("kind", true, { $0.kind = "a" }), ("status", true, { $0.status = "a" }),
    ("address", true, { $0.address = "a" }), ("client", true, { $0.client = "a" }),
    ("opened", true, { ($0.openedFrom, $0.openedBefore) = (now, now) }),
    ("requested", true, { ($0.requestedFrom, $0.requestedBefore) = (now, now) }),
    ("user and kind", false, { ($0.userID, $0.kind) = ("a", "b") }),
  ]

  @Test("no list scans the table or an index, and none is sorted whose index lies in its order", arguments: filters)
  func lists(
    filter: (name: String, isSorted: Bool, change: @Sendable (inout SessionFilter) -> Void)
  ) throws {
    let search = SessionSearch(connection: connection, now: Self.now)
    for isAlive in [nil, true, false] as [Bool?] {
      for key in SessionOrder.Key.allCases {
        for after in [nil, SessionCursor(time: Self.now, id: SessionID(high: 1, low: 1))] {
          var conditions = SessionFilter()
          filter.change(&conditions)
          conditions.isAlive = isAlive
          let query = SessionQuery(conditions, order: SessionOrder(key, isDescending: true), after: after)
          for arm in try search.arms(conditions, order: query.order) {
            let sql = SessionWalk.sql(
              query, arm,
              SessionConditions(
                conditions, part: arm.part, path: arm.path, now: Self.now, order: query.order, after: after))
            let plan = try plan(sql)
            #expect(!plan.contains("SCAN"), "\(plan) of \(sql)")
            // Of the expired, which the reaper keeps few, and of a member's few by request time, sorting is the plan.
            let mayBeSorted =
              !filter.isSorted || arm.part == .expired || (key == .requested && arm.path.isMember)
              || (key == .requested) != (arm.path == .requested)
            #expect(mayBeSorted || !plan.contains("TEMP B-TREE"), "\(plan) of \(sql)")
          }
        }
      }
    }
  }

  @Test("a page after a cursor begins there: the index is entered at time and id")
  func cursor() throws {
    let after = SessionCursor(time: Self.now, id: SessionID(high: 1, low: 1))
    for key in SessionOrder.Key.allCases {
      let order = SessionOrder(key, isDescending: true)
      let path: AccessPath = key == .opened ? .opened : .requested
      let arm = SessionArm(part: .open, path: path)
      var filter = SessionFilter()
      filter.openedBefore = key == .opened ? .latest : nil
      filter.requestedBefore = key == .requested ? .latest : nil
      let conditions = SessionConditions(filter, part: .open, path: path, now: Self.now, order: order, after: after)
      let plan = try plan(SessionWalk.sql(SessionQuery(filter, order: order, after: after), arm, conditions))
      let column = key == .opened ? "open_time" : "request_time"
      #expect(plan.contains("(is_open=? AND (\(column),id)<(?,?))"), "\(plan)")
    }
  }

  @Test("a user with many sessions is listed along the order, one with few is sorted")
  func choice() throws {
    try connection.execute(
      """
      WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 10100)
      INSERT INTO session (id, user_id, open_time, request_time, renew_time, idle_timeout, lifetime, generation,
        is_remembered, revision)
      SELECT 'id' || n, CASE WHEN n <= 10050 THEN 'many' ELSE 'few' END, n, n, n, 1, 1, 0, 0, 1 FROM numbers
      """)
    let search = SessionSearch(connection: connection, now: Self.now)
    var filter = SessionFilter()
    filter.userID = "many"
    #expect(
      try search.arms(filter, order: SessionOrder(.requested, isDescending: true)).map(\.path) == [
        .requested, .requested,
      ])
    #expect(try search.arms(filter, order: .newest).map(\.path) == [.user, .user])
    filter.userID = "few"
    #expect(try search.arms(filter, order: SessionOrder(.requested, isDescending: true)).map(\.path) == [.user, .user])
  }

  private func plan(_ sql: String) throws -> String {
    let statement = try connection.prepare("EXPLAIN QUERY PLAN " + sql)
    var lines: [String] = []
    while try statement.step() { lines.append(statement.text(3) ?? "") }
    return lines.joined(separator: "; ")
  }
}
