internal import SessionCore

/// All sessions with their indexes; every change goes through ``put(_:)`` and ``remove(_:)``, which keep both in
/// step.
struct SessionTable {
  private(set) var sessions: [SessionID: Session] = [:]
  private(set) var groups: [SessionGroup: OrderedSessions] = [:]
  /// The open sessions by deadline.
  private(set) var deadlines = SortedCursors()
  /// The closed sessions by close time.
  private(set) var closings = SortedCursors()

  /// The session of that id, or `nil`.
  subscript(id: SessionID) -> Session? { sessions[id] }

  /// Adds a session, or puts it in the place of the one with its id.
  mutating func put(_ session: Session) {
    if let old = sessions.updateValue(session, forKey: session.id) { unindex(old) }
    index(session)
  }

  /// Takes a session out.
  mutating func remove(_ id: SessionID) -> Session? {
    guard let session = sessions.removeValue(forKey: id) else { return nil }
    unindex(session)
    return session
  }

  /// Moves the request time of an open session forward.
  mutating func touch(_ id: SessionID, at time: Timestamp) {
    guard let old = sessions[id], old.closeTime == nil, old.requestTime < time else { return }
    var session = old
    session.requestTime = time
    sessions[id] = session
    for group in SessionGroup.groups(of: session) {
      groups[group]?.requested.remove(SessionCursor(time: old.requestTime, id: id))
      groups[group]?.requested.insert(SessionCursor(time: time, id: id))
    }
    guard old.deadline != session.deadline else { return }
    deadlines.remove(SessionCursor(time: old.deadline, id: id))
    deadlines.insert(SessionCursor(time: session.deadline, id: id))
  }

  /// The open sessions whose deadline is at or before `now`, those that ended first first.
  func expired(at now: Timestamp) -> CursorWalk {
    let end = deadlines.position(after: SessionCursor(time: now, id: .greatest))
    return deadlines.walk(from: deadlines.start, to: end, isDescending: false)
  }

  /// The sessions closed before `time`, those closed first first.
  func closed(before time: Timestamp) -> CursorWalk {
    let end = closings.position(of: SessionCursor(time: time, id: .least))
    return closings.walk(from: closings.start, to: end, isDescending: false)
  }

  private mutating func index(_ session: Session) {
    for group in SessionGroup.groups(of: session) {
      groups[group, default: OrderedSessions()].opened.insert(SessionCursor(time: session.openTime, id: session.id))
      groups[group]?.requested.insert(SessionCursor(time: session.requestTime, id: session.id))
    }
    if let closeTime = session.closeTime {
      closings.insert(SessionCursor(time: closeTime, id: session.id))
    } else {
      deadlines.insert(SessionCursor(time: session.deadline, id: session.id))
    }
  }

  private mutating func unindex(_ session: Session) {
    for group in SessionGroup.groups(of: session) {
      groups[group]?.opened.remove(SessionCursor(time: session.openTime, id: session.id))
      groups[group]?.requested.remove(SessionCursor(time: session.requestTime, id: session.id))
      if groups[group]?.opened.count == 0 { groups[group] = nil }
    }
    if let closeTime = session.closeTime {
      closings.remove(SessionCursor(time: closeTime, id: session.id))
    } else {
      deadlines.remove(SessionCursor(time: session.deadline, id: session.id))
    }
  }
}

extension SessionID {
  /// The id that sorts first.
  static var least: SessionID { SessionID(high: 0, low: 0) }
  /// The id that sorts last.
  static var greatest: SessionID { SessionID(high: .max, low: .max) }
}
