internal import SQLiteDriver
internal import SessionCore

/// Lists and counts on one connection, at one time.
///
/// Statements name their index. Where one index has both what the filter asks for and the order, that is the one.
/// Otherwise the candidates are tried with a short look: one that leads to few rows is taken and its rows are sorted,
/// and if none does, matches are frequent along the order, which is walked.
struct SessionSearch {
  let connection: SQLiteConnection
  let now: Timestamp

  /// Up to how many rows are looked at and sorted, rather than the order walked.
  static let few: Int64 = 10_000

  /// One page.
  ///
  /// All its statements see the same sessions.
  func page(_ query: SessionQuery) throws(StoreError) -> SessionPage {
    try connection.snapshot { () throws(StoreError) in
      let limit = max(1, query.limit)
      var narrow = query
      narrow.filter = try narrowed(query.filter, order: query.order)
      var walk = try SessionWalk(
        narrow, arms: arms(narrow.filter, order: query.order), connection: connection, now: now)
      defer { walk.end() }
      var toSkip = max(0, query.skip)
      while toSkip > 0, try walk.advance() { toSkip -= 1 }
      var sessions: [Session] = []
      while toSkip == 0, sessions.count < limit, let row = walk.head {
        sessions.append(try SessionRow.read(row))
        try walk.advance()
      }
      let last = walk.head == nil ? nil : sessions.last
      return SessionPage(
        sessions: sessions, next: last.map { SessionCursor(time: query.order.time(of: $0), id: $0.id) },
        count: query.counts ? try countNow(query.filter) : nil)
    }
  }

  /// How many sessions match.
  func count(_ filter: SessionFilter) throws(StoreError) -> Int {
    try connection.snapshot { () throws(StoreError) in try countNow(filter) }
  }

  /// The row numbers of open sessions that match, whether or not their time is up; those opened first first.
  func openNumbers(_ filter: SessionFilter, excluding: SessionID?, limit: Int) throws(StoreError) -> [Int64] {
    var filter = filter
    filter.isAlive = true
    let path = try path(filter, order: SessionOrder(.opened, isDescending: false))
    var conditions = SessionConditions(filter, part: .open, path: path, now: now)
    conditions.exclude(excluding)
    let statement = try connection.prepared(
      "SELECT number FROM \(path.source) WHERE \(conditions.sql) ORDER BY open_time, id LIMIT ?")
    defer { statement.reset() }
    statement.bind(Int64(limit), at: conditions.bind(to: statement))
    var numbers: [Int64] = []
    while try statement.next() { numbers.append(statement.int(0)) }
    return numbers
  }

  // MARK: Which index

  /// The statements that together hold every session that matches, each in order.
  func arms(_ filter: SessionFilter, order: SessionOrder) throws(StoreError) -> [SessionArm] {
    // An id leads to one row, whatever part it is in, so that the part is a condition like the others.
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
    let statement = try connection.prepared(
      """
      SELECT count(*) FROM (SELECT 1 FROM \(AccessPath.deadline.source)
        WHERE close_time IS NULL AND deadline <= ?1 LIMIT \(Self.few))
      """)
    defer { statement.reset() }
    statement.bind(now.milliseconds, at: 1)
    return try statement.next() && statement.int(0) < Self.few ? .deadline : path
  }

  /// The same filter with an end to the order by open time where there is one: before a time can only have been
  /// requested what was opened before it, as long as the one small index of exceptions is empty.
  private func narrowed(_ filter: SessionFilter, order: SessionOrder) throws(StoreError) -> SessionFilter {
    guard let before = filter.requestedBefore, order.key == .opened, before < filter.openedBefore ?? .latest else {
      return filter
    }
    let statement = try connection.prepared(
      "SELECT 1 FROM session INDEXED BY session_requested_early WHERE request_time < open_time LIMIT 1")
    defer { statement.reset() }
    guard try !statement.next() else { return filter }
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
    var rows: Int64 = 0
    let isOpen = SessionPart.parts(isAlive: filter.isAlive).contains(.live) ? [true] : [true, false]
    for isOpen in isOpen {
      let conditions = SessionConditions(part, part: isOpen ? .open : .closed, path: path, now: now)
      let statement = try connection.prepared(
        "SELECT count(*) FROM (SELECT 1 FROM \(path.source) WHERE \(conditions.sql) LIMIT \(Self.few))")
      defer { statement.reset() }
      _ = conditions.bind(to: statement)
      if try statement.next() { rows += statement.int(0) }
      if rows >= Self.few { return false }
    }
    return true
  }

  // MARK: Counting

  /// Counts within one snapshot.
  ///
  /// Live sessions of a member are its open ones, which its index knows, without the expired, which are few while the
  /// reaper comes by.
  private func countNow(_ filter: SessionFilter) throws(StoreError) -> Int {
    if filter.asksOnlyForLife { return Int(clamping: try countByLife(filter)) }
    if filter.id != nil {
      var count: Int64 = 0
      for part in SessionPart.parts(isAlive: filter.isAlive) { count += try self.count(filter, part, .id) }
      return Int(clamping: count)
    }
    let hasRequested = filter.requestedFrom != nil || filter.requestedBefore != nil
    let path = try path(filter, order: SessionOrder(hasRequested ? .requested : .opened, isDescending: false))
    let expired = filter.isAlive == nil ? 0 : try count(filter, .expired, expiredPath(path))
    switch filter.isAlive {
    case nil: return Int(clamping: try count(filter, .open, path) + count(filter, .closed, path))
    case true?: return Int(clamping: try count(filter, .open, path) - expired)
    case false?: return Int(clamping: try count(filter, .closed, path) + expired)
    }
  }

  /// All sessions, or all that are alive or not: the indexes by deadline and by close time are the narrowest, and read
  /// three times as fast as the others.
  private func countByLife(_ filter: SessionFilter) throws(StoreError) -> Int64 {
    switch filter.isAlive {
    case nil: try count("SELECT count(*) FROM session")
    case true?: try count(filter, .live, .deadline)
    case false?:
      try count("SELECT count(*) FROM session INDEXED BY session_by_closed WHERE close_time IS NOT NULL")
        + count(filter, .expired, .deadline)
    }
  }

  private func count(_ sql: String) throws(StoreError) -> Int64 {
    let statement = try connection.prepared(sql)
    defer { statement.reset() }
    return try statement.next() ? statement.int(0) : 0
  }

  private func count(_ filter: SessionFilter, _ part: SessionPart, _ path: AccessPath) throws(StoreError) -> Int64 {
    let conditions = SessionConditions(filter, part: part, path: path, now: now)
    let statement = try connection.prepared("SELECT count(*) FROM \(path.source) WHERE \(conditions.sql)")
    defer { statement.reset() }
    _ = conditions.bind(to: statement)
    return try statement.next() ? statement.int(0) : 0
  }
}
