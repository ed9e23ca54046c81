internal import RedisDriver
internal import SessionCore

extension RedisArgument {
  /// A filter but for its id, as scripts take it.
  static func filter(_ filter: SessionFilter) -> [RedisArgument] {
    let alive: RedisArgument = filter.isAlive.map { $0 ? "1" : "0" } ?? ""
    let values = [filter.userID, filter.kind, filter.status, filter.address, filter.client]
    let times = [filter.openedFrom, filter.openedBefore, filter.requestedFrom, filter.requestedBefore]
    return [alive] + values.map { .optional($0?.string) }
      + times.map { .optional($0.map { String($0.milliseconds) }) }
  }

  /// A place in a list, as scripts take it.
  static func place(_ cursor: SessionCursor?) -> [RedisArgument] {
    [cursor.map { RedisArgument($0.time) } ?? "", cursor.map { RedisArgument($0.id.text) } ?? ""]
  }
}

/// What a script answers that goes through part of a list: whether that was all, where it got to, and what it found.
struct Stretch {
  let isAll: Bool
  let reached: SessionCursor?
  let sessions: [Session]

  init(_ reply: RedisReply) throws(StoreError) {
    guard let parts = reply.asArray, parts.count == 4, let isAll = parts[0].asInteger, let time = parts[1].asBytes,
      let id = parts[2].asBytes, let rows = parts[3].asArray
    else { throw .unreadable }
    self.isAll = isAll == 1
    if time.isEmpty {
      reached = nil
    } else {
      guard let time = parts[1].asInteger, let id = SessionID(id) else { throw .unreadable }
      reached = SessionCursor(time: Timestamp(milliseconds: time), id: id)
    }
    sessions = try rows.map(SessionHash.read)
  }
}
