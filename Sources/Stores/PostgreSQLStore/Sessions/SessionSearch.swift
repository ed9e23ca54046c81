internal import PostgreSQLDriver
internal import SessionCore

/// Lists and counts on one connection, at one time.
///
/// Where one index has both what the filter asks for and the order, that is the path. Otherwise the candidates are
/// tried with a short look: one that leads to few rows is taken and its rows are sorted, and if none does, matches are
/// frequent along the order, which is walked.
struct SessionSearch {
  let connection: PostgreSQLConnection
  let now: Timestamp

  /// Up to how many rows are looked at and sorted, rather than the order walked.
  static let few: Int64 = 10_000

  /// One page, whose statements all see the same sessions.
  func page(_ query: SessionQuery) throws(StoreError) -> SessionPage {
    let limit = max(1, query.limit)
    var narrow = query
    narrow.filter = try narrowed(query.filter, order: query.order)
    var statements = [Self.listing(narrow, arms: try arms(narrow.filter, order: query.order), now: now)]
    if query.counts { statements.append(try counting(query.filter)) }
    let answers = statements.count == 1 ? [try connection.answer(statements[0])] : try connection.answers(statements)
    var sessions: [Session] = []
    for index in 0..<min(limit, answers[0].count) { sessions.append(try SessionRow.read(answers[0][index])) }
    let last = answers[0].count > limit ? sessions.last : nil
    return SessionPage(
      sessions: sessions, next: last.map { SessionCursor(time: query.order.time(of: $0), id: $0.id) },
      count: query.counts ? Int(clamping: answers[1].first?.int(0) ?? 0) : nil)
  }

  /// How many sessions match.
  func count(_ filter: SessionFilter) throws(StoreError) -> Int {
    Int(clamping: try connection.answer(try counting(filter)).first?.int(0) ?? 0)
  }

  /// Selects the ids of open sessions that match, whether or not their time is up; those opened first first.
  func open(_ filter: SessionFilter, excluding: SessionID?, limit: Int64) throws(StoreError) -> PostgreSQLStatement {
    var filter = filter
    filter.isAlive = true
    let order = SessionOrder(.opened, isDescending: false)
    let arm = SessionArm(part: .open, path: try path(filter, order: order))
    var conditions = SessionConditions(filter, arm, now: now)
    conditions.exclude(excluding)
    return "SELECT id FROM session WHERE \(conditions.all) \(Self.sorting(arm, order)) LIMIT \(limit)"
  }

  // MARK: Statements

  /// The statement of a page: its arms, each in order and no longer than needed, merged.
  static func listing(_ query: SessionQuery, arms: [SessionArm], now: Timestamp) -> PostgreSQLStatement {
    // One row more than the page holds says whether others follow.
    let rows = sum(Int64(max(1, query.limit)), 1)
    let skip = Int64(max(0, query.skip))
    let parts: [PostgreSQLStatement] = arms.map { arm in
      let conditions = SessionConditions(query.filter, arm, now: now, order: query.order, after: query.after)
      let columns = query.includesContents ? SessionRow.columns : SessionRow.columnsWithoutContents
      return """
        SELECT \(raw: columns) FROM session WHERE \(conditions.all) \(sorting(arm, query.order)) \
        LIMIT \(sum(rows, arms.count > 1 ? skip : 0))
        """
    }
    guard arms.count > 1 else { return "\(parts[0]) OFFSET \(skip)" }
    let direction = query.order.isDescending ? "DESC" : "ASC"
    return """
      SELECT * FROM ((\(.joined(parts, by: ") UNION ALL (")))) AS found
      ORDER BY \(raw: column(query.order)) \(raw: direction), id \(raw: direction) LIMIT \(rows) OFFSET \(skip)
      """
  }

  /// The order of an arm, as its index has it, or so that no other index offers itself for it.
  private static func sorting(_ arm: SessionArm, _ order: SessionOrder) -> PostgreSQLStatement {
    let direction = order.isDescending ? "DESC" : "ASC"
    let sum = arm.path.isOrdered(by: order.key) ? "" : " + 0"
    return "ORDER BY \(raw: column(order))\(raw: sum) \(raw: direction), id \(raw: direction)"
  }

  private static func column(_ order: SessionOrder) -> String {
    order.key == .opened ? "open_time" : "request_time"
  }

  private static func sum(_ left: Int64, _ right: Int64) -> Int64 {
    let (sum, isTooMuch) = left.addingReportingOverflow(right)
    return isTooMuch ? .max : sum
  }

  // MARK: Which index

  /// The arms that together hold every session that matches.
  func arms(_ filter: SessionFilter, order: SessionOrder) throws(StoreError) -> [SessionArm] {
    let path = try path(filter, order: order)
    var arms: [SessionArm] = []
    for part in SessionPart.parts(isAlive: filter.isAlive) {
      arms.append(SessionArm(part: part, path: part == .expired ? try expiredPath(path) : path))
    }
    return arms
  }

  /// The way to the expired among the sessions that `path` leads to: by the deadline, unless the reaper has not come
  /// by for so long that the member's own index is the shorter way.
  private func expiredPath(_ path: AccessPath) throws(StoreError) -> AccessPath {
    if path == .id { return path }
    if !path.isMember { return .deadline }
    let rows = try connection.answer(
      """
      SELECT count(*) FROM (SELECT FROM session WHERE close_time IS NULL AND deadline <= \(now)
        LIMIT \(Self.few)) AS expired
      """)
    return (rows.first?.int(0) ?? 0) < Self.few ? .deadline : path
  }

  /// The same filter with an end to the order by open time where there is one: before a time can only have been
  /// requested what was opened before it, as long as the one small index of exceptions is empty.
  private func narrowed(_ filter: SessionFilter, order: SessionOrder) throws(StoreError) -> SessionFilter {
    guard let before = filter.requestedBefore, order.key == .opened, before < filter.openedBefore ?? .latest else {
      return filter
    }
    let exceptions = try connection.answer("SELECT 1 FROM session WHERE request_time < open_time LIMIT 1")
    guard exceptions.count == 0 else { return filter }
    var filter = filter
    filter.openedBefore = before
    return filter
  }

  private func path(_ filter: SessionFilter, order: SessionOrder) throws(StoreError) -> AccessPath {
    if filter.id != nil { return .id }
    let members = AccessPath.members(of: filter)
    let hasOpened = filter.openedFrom != nil || filter.openedBefore != nil
    let hasRequested = filter.requestedFrom != nil || filter.requestedBefore != nil
    let hasOtherRange = order.key == .opened ? hasRequested : hasOpened
    let inOrder: AccessPath = order.key == .opened ? .opened : .requested
    let natural = order.key == .opened ? members.first ?? inOrder : inOrder
    let isServedWhole = !hasOtherRange && members.count == (natural.isMember ? 1 : 0)
    if isServedWhole { return natural }
    var candidates = members
    if hasRequested { candidates.append(.requested) }
    if hasOpened { candidates.append(.opened) }
    for candidate in candidates where try isShort(candidate, filter) { return candidate }
    return natural
  }

  /// Whether a path leads to few rows.
  private func isShort(_ path: AccessPath, _ filter: SessionFilter) throws(StoreError) -> Bool {
    let part = filter.only(path)
    let parts: [SessionPart] = filter.isAlive == true ? [.open] : [.open, .closed]
    let looks: [PostgreSQLStatement] = parts.map { which in
      let conditions = SessionConditions(part, SessionArm(part: which, path: path), now: now)
      return "(SELECT count(*) FROM (SELECT FROM session WHERE \(conditions.all) LIMIT \(Self.few)) AS look)"
    }
    let rows = try connection.answer("SELECT \(.joined(looks, by: " + "))")
    return (rows.first?.int(0) ?? 0) < Self.few
  }

  // MARK: Counting

  /// The statement that counts.
  ///
  /// Live sessions are the open ones without the expired, which are few while the reaper comes by: the open ones of a
  /// member are counted in its index alone, where the deadline is not.
  private func counting(_ filter: SessionFilter) throws(StoreError) -> PostgreSQLStatement {
    if filter.id != nil {
      let parts = SessionPart.parts(isAlive: filter.isAlive)
      return "SELECT \(.joined(parts.map { counting(filter, $0, .id) }, by: " + "))"
    }
    let hasRequested = filter.requestedFrom != nil || filter.requestedBefore != nil
    let path = try path(filter, order: SessionOrder(hasRequested ? .requested : .opened, isDescending: false))
    guard let isAlive = filter.isAlive else {
      return "SELECT \(counting(filter, .open, path)) + \(counting(filter, .closed, path))"
    }
    let expired = counting(filter, .expired, try expiredPath(path))
    if isAlive { return "SELECT \(counting(filter, .open, path)) - \(expired)" }
    return "SELECT \(counting(filter, .closed, path)) + \(expired)"
  }

  private func counting(_ filter: SessionFilter, _ part: SessionPart, _ path: AccessPath) -> PostgreSQLStatement {
    let conditions = SessionConditions(filter, SessionArm(part: part, path: path), now: now)
    return "(SELECT count(*) FROM session WHERE \(conditions.all))"
  }
}
