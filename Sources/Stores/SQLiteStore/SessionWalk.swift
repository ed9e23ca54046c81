internal import SQLiteDriver
internal import SessionCore

/// The rows of several statements, each in the same order, merged as they are read: no more rows are read than are
/// taken.
struct SessionWalk {
  private struct Source {
    let rows: SQLiteStatement
    var place: SessionCursor?
  }

  private let order: SessionOrder
  private var sources: [Source] = []
  private var first: Int?

  /// Begins the statements of `arms`, each at its first row.
  init(_ query: SessionQuery, arms: [SessionArm], connection: SQLiteConnection, now: Timestamp) throws(StoreError) {
    order = query.order
    do {
      for arm in arms {
        let conditions = SessionConditions(
          query.filter, part: arm.part, path: arm.path, now: now, order: query.order, after: query.after)
        let statement = try connection.prepared(Self.sql(query, arm, conditions))
        sources.append(Source(rows: statement, place: nil))
        statement.bind(Self.rowsNeeded(query), at: conditions.bind(to: statement))
        try read(sources.count - 1)
      }
    } catch {
      end()
      throw error
    }
    choose()
  }

  /// The text of one arm's statement.
  static func sql(_ query: SessionQuery, _ arm: SessionArm, _ conditions: SessionConditions) -> String {
    let columns = query.includesContents ? SessionRow.columns : SessionRow.columnsWithoutContents
    let time = query.order.key == .opened ? "open_time" : "request_time"
    let direction = query.order.isDescending ? "DESC" : "ASC"
    return """
      SELECT \(columns) FROM \(arm.path.source) WHERE \(conditions.sql)
      ORDER BY \(time) \(direction), id \(direction) LIMIT ?
      """
  }

  /// How many rows one arm may have to give: those skipped, those of the page, and one more to know whether others
  /// follow.
  private static func rowsNeeded(_ query: SessionQuery) -> Int64 {
    let (shown, isTooMany) = max(1, query.limit).addingReportingOverflow(max(0, query.skip))
    let (needed, isStillTooMany) = shown.addingReportingOverflow(1)
    return isTooMany || isStillTooMany ? .max : Int64(needed)
  }

  /// The statement whose row comes next; `nil` at the end.
  var head: SQLiteStatement? { first.map { sources[$0].rows } }

  /// Leaves the head behind; `false` if there was none.
  @discardableResult
  mutating func advance() throws(StoreError) -> Bool {
    guard let first else { return false }
    try read(first)
    choose()
    return true
  }

  /// Resets the statements, which would otherwise hold the read transaction.
  func end() {
    for source in sources { source.rows.reset() }
  }

  private mutating func read(_ index: Int) throws(StoreError) {
    let rows = sources[index].rows
    guard try rows.next() else {
      sources[index].place = nil
      return
    }
    guard let id = SessionRow.id(rows, 0) else { throw SessionRow.damaged }
    let time = rows.int(order.key == .opened ? SessionRow.openTimeColumn : SessionRow.requestTimeColumn)
    sources[index].place = SessionCursor(time: Timestamp(milliseconds: time), id: id)
  }

  private mutating func choose() {
    first = nil
    for index in sources.indices {
      guard let place = sources[index].place else { continue }
      if let first, let best = sources[first].place, order.precedes(best, place) { continue }
      first = index
    }
  }
}
