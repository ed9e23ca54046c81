internal import SQLiteDriver
internal import SessionCore

/// The conditions of a statement, put together from fixed texts, and the values that are bound to them.
struct SessionConditions {
  private enum Value {
    case number(Int64)
    case text(String)
    case id(SessionID)
  }

  private var texts: [String] = []
  private var values: [Value] = []

  /// The text after WHERE.
  var sql: String { texts.isEmpty ? "true" : texts.joined(separator: " AND ") }

  /// A filter's conditions within one part of the sessions.
  ///
  /// `after` is a place in the order that the statement is sorted by.
  init(
    _ filter: SessionFilter, part: SessionPart, path: AccessPath, now: Timestamp, order: SessionOrder? = nil,
    after: SessionCursor? = nil
  ) {
    if let id = filter.id { add("id = ?", .id(id)) }
    add(filter.userID, "user_id = ?")
    add(filter.address, "address = ?")
    add(filter.client, "client = ?")
    add(filter.status, "status = ?")
    add(filter.kind, "kind = ?")
    add(part, path: path, now: now)
    var opened = (from: filter.openedFrom, before: filter.openedBefore)
    var requested = (from: filter.requestedFrom, before: filter.requestedBefore)
    if let order, let after {
      switch order.key {
      case .opened: add(after, order, column: "open_time", range: &opened)
      case .requested: add(after, order, column: "request_time", range: &requested)
      }
    }
    add(opened.from, "open_time >= ?")
    add(opened.before, "open_time < ?")
    add(requested.from, "request_time >= ?")
    add(requested.before, "request_time < ?")
  }

  private mutating func add(_ part: SessionPart, path: AccessPath, now: Timestamp) {
    // The deadline's index holds open sessions only, and is used only if the statement says so in the same words.
    let open = path == .deadline ? "close_time IS NULL" : "is_open = 1"
    switch part {
    case .open: texts.append(open)
    case .closed: texts.append("is_open = 0")
    case .live:
      texts.append(open)
      add("deadline > ?", .number(now.milliseconds))
    case .expired:
      texts.append(open)
      add("deadline <= ?", .number(now.milliseconds))
    }
  }

  /// Adds the place after which a page begins.
  ///
  /// SQLite follows one bound of each side in the index, so that of the place and the range's own bound only the
  /// nearer one is stated.
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
    texts.append("(\(column), id) \(order.isDescending ? "<" : ">") (?, ?)")
    values += [.number(cursor.time.milliseconds), .id(cursor.id)]
  }

  /// Adds that the session is not this one.
  mutating func exclude(_ id: SessionID?) {
    if let id { add("id <> ?", .id(id)) }
  }

  private mutating func add(_ text: ExactText?, _ condition: String) {
    if let text { add(condition, .text(text.string)) }
  }

  private mutating func add(_ time: Timestamp?, _ condition: String) {
    if let time { add(condition, .number(time.milliseconds)) }
  }

  private mutating func add(_ condition: String, _ value: Value) {
    texts.append(condition)
    values.append(value)
  }

  /// Binds the values, and answers the number of the next parameter.
  func bind(to statement: SQLiteStatement) -> Int32 {
    var index: Int32 = 1
    for value in values {
      switch value {
      case .number(let number): statement.bind(number, at: index)
      case .text(let text): statement.bind(text, at: index)
      case .id(let id): statement.bind(utf8: id.text, at: index)
      }
      index += 1
    }
    return index
  }
}
