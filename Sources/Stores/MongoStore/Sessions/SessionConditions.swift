internal import MongoDriver
internal import SessionCore

/// A filter's conditions within one part of the sessions, as the server takes them.
struct SessionConditions {
  private(set) var document = BSONDocument()

  /// The conditions; `after` is a place in the order that the command sorts by.
  init(
    _ filter: SessionFilter, part: SessionPart, now: Timestamp, order: SessionOrder? = nil, after: SessionCursor? = nil,
    excluding: SessionID? = nil
  ) {
    if let id = filter.id {
      // Both can be asked for: then there is nothing.
      document.append("_id", .utf8(id.text))
      if let excluding { document.append("$nor", [["_id": .utf8(excluding.text)]]) }
    } else if let excluding {
      document.append("_id", ["$ne": .utf8(excluding.text)])
    }
    add(filter.userID, "user_id")
    add(filter.address, "address")
    add(filter.client, "client")
    add(filter.status, "status")
    add(filter.kind, "kind")
    document.append("is_open", .bool(part != .closed))
    if part == .live { document.append("deadline", ["$gt": .date(now.milliseconds)]) }
    if part == .expired { document.append("deadline", ["$lte": .date(now.milliseconds)]) }
    var opened = TimeRange(from: filter.openedFrom, before: filter.openedBefore)
    var requested = TimeRange(from: filter.requestedFrom, before: filter.requestedBefore)
    if let order, let after {
      switch order.key {
      case .opened: opened.begin(after: after.time, order)
      case .requested: requested.begin(after: after.time, order)
      }
      add(after, order)
    }
    document.append("open_time", ifPresent: opened.condition)
    document.append("request_time", ifPresent: requested.condition)
  }

  /// Adds the place after which a page begins, among sessions that the range of times leaves: of those of the place's
  /// own time only the ids behind its own.
  private mutating func add(_ cursor: SessionCursor, _ order: SessionOrder) {
    let direction = order.isDescending ? "$lt" : "$gt"
    document.append(
      "$or",
      [
        [order.key.member: [direction: .date(cursor.time.milliseconds)]],
        ["_id": [direction: .utf8(cursor.id.text)]],
      ])
  }

  private mutating func add(_ text: ExactText?, _ name: String) {
    if let text { document.append(name, .string(text.string)) }
  }
}

/// The times that a command is about.
private struct TimeRange {
  /// At that time or later.
  var from: Timestamp?
  /// Before that time.
  var before: Timestamp?
  /// At that time or earlier.
  var until: Timestamp?

  /// Narrows it to what can lie behind a place of that time.
  mutating func begin(after time: Timestamp, _ order: SessionOrder) {
    if order.isDescending { until = time } else { from = max(from ?? .earliest, time) }
  }

  var condition: BSONValue? {
    var bounds = BSONDocument()
    bounds.append("$gte", ifPresent: (from?.milliseconds).map(BSONValue.date))
    bounds.append("$lt", ifPresent: (before?.milliseconds).map(BSONValue.date))
    // Of two ends the server follows only the nearer one, so that is the one it is told.
    if let until, before.map({ until < $0 }) ?? true {
      bounds = BSONDocument()
      bounds.append("$gte", ifPresent: (from?.milliseconds).map(BSONValue.date))
      bounds.append("$lte", .date(until.milliseconds))
    }
    return bounds.isEmpty ? nil : .document(bounds)
  }
}

extension SessionOrder.Key {
  /// The member that is compared.
  var member: String {
    switch self {
    case .opened: "open_time"
    case .requested: "request_time"
    }
  }
}
