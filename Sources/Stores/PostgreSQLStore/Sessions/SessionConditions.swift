internal import PostgreSQLDriver
internal import SessionCore

/// The conditions of one arm of a search: bare where the arm's index serves them, wrapped up elsewhere.
struct SessionConditions {
  private let path: AccessPath
  private var conditions: [PostgreSQLStatement] = []

  /// All of them, after WHERE.
  var all: PostgreSQLStatement { conditions.isEmpty ? "true" : .joined(conditions, by: " AND ") }

  /// A filter's conditions within one part of the sessions.
  ///
  /// `after` is a place in the order that the statement is sorted by.
  init(
    _ filter: SessionFilter, _ arm: SessionArm, now: Timestamp, order: SessionOrder? = nil, after: SessionCursor? = nil
  ) {
    path = arm.path
    if let id = filter.id { add("id = \(id)", isServed: path == .id) }
    if let user = filter.userID { add("user_id = \(user)", isServed: path == .user) }
    if let address = filter.address { add("address = \(address)", isServed: path == .address) }
    if let client = filter.client { add("client = \(client)", isServed: path == .client) }
    if let status = filter.status { add("status = \(status)", isServed: path == .status) }
    if let kind = filter.kind { add("kind = \(kind)", isServed: path == .kind) }
    add(arm.part, now: now)
    var opened = (from: filter.openedFrom, before: filter.openedBefore)
    var requested = (from: filter.requestedFrom, before: filter.requestedBefore)
    if let order, let after {
      switch order.key {
      case .opened: add(after, order, column: "open_time", range: &opened)
      case .requested: add(after, order, column: "request_time", range: &requested)
      }
    }
    let (byOpened, byRequested) = (path.isOrdered(by: .opened), path.isOrdered(by: .requested))
    if let from = opened.from { add("open_time >= \(from)", isServed: byOpened) }
    if let before = opened.before { add("open_time < \(before)", isServed: byOpened) }
    if let from = requested.from { add("request_time >= \(from)", isServed: byRequested) }
    if let before = requested.before { add("request_time < \(before)", isServed: byRequested) }
  }

  private mutating func add(_ part: SessionPart, now: Timestamp) {
    // Each index holds open or closed sessions only, and is used only if the statement says so in the same words.
    // The id's own index holds both.
    add(part == .closed ? "close_time IS NOT NULL" : "close_time IS NULL", isServed: path != .id)
    switch part {
    case .open, .closed: break
    case .live: add("deadline > \(now)", isServed: path == .deadline)
    case .expired: add("deadline <= \(now)", isServed: path == .deadline)
    }
  }

  /// Adds the place after which a page begins; of that and the range's own bound on the same side, the nearer one.
  private mutating func add(
    _ cursor: SessionCursor, _ order: SessionOrder, column: String, range: inout (from: Timestamp?, before: Timestamp?)
  ) {
    if order.isDescending {
      if let before = range.before, before <= cursor.time { return }
      range.before = nil
    } else {
      if let from = range.from, from > cursor.time { return }
      range.from = nil
    }
    let comparison = order.isDescending ? "<" : ">"
    add(
      "(\(raw: column), id) \(raw: comparison) (\(cursor.time), \(cursor.id))",
      isServed: path.isOrdered(by: order.key))
  }

  /// Adds that the session is not this one.
  mutating func exclude(_ id: SessionID?) {
    if let id { add("id <> \(id)", isServed: false) }
  }

  private mutating func add(_ condition: PostgreSQLStatement, isServed: Bool) {
    conditions.append(isServed ? condition : "(\(condition)) IS TRUE")
  }
}
