internal import SessionCore

extension SessionTable {
  /// Calls `body` with each session that matches, in order, until it answers `false`.
  ///
  /// The index is chosen by `wanted`: about how many will be taken.
  func forEachMatch(
    _ filter: SessionFilter, order: SessionOrder, after: SessionCursor?, now: Timestamp, wanted: Int,
    _ body: (Session) -> Bool
  ) {
    var sources = sources(filter, order: order, after: after, now: now, wanted: wanted)
    while let cursor = Self.nextOfAll(&sources, order: order) {
      guard let session = sessions[cursor.id], filter.matches(session, at: now) else { continue }
      guard body(session) else { return }
    }
  }

  /// How many sessions match at `now`: by arithmetic where one index holds exactly those, else by looking at each
  /// candidate.
  func count(_ filter: SessionFilter, now: Timestamp) -> Int {
    let order = SessionOrder(Self.hasRequestedRange(filter) ? .requested : .opened, isDescending: false)
    let hasBothRanges = Self.hasRequestedRange(filter) && Self.hasOpenedRange(filter)
    let choices = SessionGroup.choices(of: filter)
    if filter.id == nil, filter.isAlive == nil, choices.count == 1, !hasBothRanges {
      return [true, false].reduce(0) { sum, isOpen in
        let group = SessionGroup(member: choices[0].member, value: choices[0].value, isOpen: isOpen)
        guard let cursors = groups[group]?[order.key] else { return sum }
        let (start, end) = Self.range(filter, order: order, after: nil, in: cursors)
        return sum + cursors.distance(from: start, to: end)
      }
    }
    var count = 0
    forEachMatch(filter, order: order, after: nil, now: now, wanted: .max) { _ in
      count += 1
      return true
    }
    return count
  }

  private func sources(
    _ filter: SessionFilter, order: SessionOrder, after: SessionCursor?, now: Timestamp, wanted: Int
  ) -> [Source] {
    if let id = filter.id {
      return [Source(sorted([id], order: order, after: after))]
    }
    guard let choice = SessionGroup.choices(of: filter).min(by: { size($0) < size($1) }) else { return [] }
    var sources: [Source] = []
    for isOpen in [true, false] {
      if isOpen, filter.isAlive == false {
        // Few, as long as the reaper comes by: cheaper than walking all that are open.
        var expired = expired(at: now)
        var ids: [SessionID] = []
        while let cursor = expired.next() { ids.append(cursor.id) }
        sources.append(Source(sorted(ids, order: order, after: after)))
        continue
      }
      if !isOpen, filter.isAlive == true { continue }
      guard let group = groups[SessionGroup(member: choice.member, value: choice.value, isOpen: isOpen)] else {
        continue
      }
      sources.append(source(group, filter, order: order, after: after, wanted: wanted))
    }
    return sources
  }

  /// Walks the group in the order asked for, or sorts what a range of the other time leaves when that is little.
  private func source(
    _ group: OrderedSessions, _ filter: SessionFilter, order: SessionOrder, after: SessionCursor?, wanted: Int
  ) -> Source {
    let other = SessionOrder(order.key == .opened ? .requested : .opened, isDescending: order.isDescending)
    if other.key == .opened ? Self.hasOpenedRange(filter) : Self.hasRequestedRange(filter) {
      let (start, end) = Self.range(filter, order: other, after: nil, in: group[other.key])
      let inRange = group[other.key].distance(from: start, to: end)
      // A walk in order passes about (all / inRange) entries for each that matches; sorting looks at each one in
      // range.
      let walked = wanted.multipliedReportingOverflow(by: group[other.key].count / max(1, inRange))
      if walked.overflow || inRange <= walked.partialValue {
        var walk = group[other.key].walk(from: start, to: end, isDescending: false)
        var ids: [SessionID] = []
        while let cursor = walk.next() { ids.append(cursor.id) }
        return Source(sorted(ids, order: order, after: after))
      }
    }
    let (start, end) = Self.range(filter, order: order, after: after, in: group[order.key])
    return Source(group[order.key].walk(from: start, to: end, isDescending: order.isDescending))
  }

  private func size(_ choice: (member: SessionGroup.Member, value: ExactText)) -> Int {
    [true, false].reduce(0) { sum, isOpen in
      sum + (groups[SessionGroup(member: choice.member, value: choice.value, isOpen: isOpen)]?.opened.count ?? 0)
    }
  }

  private func sorted(_ ids: [SessionID], order: SessionOrder, after: SessionCursor?) -> [SessionCursor] {
    var cursors: [SessionCursor] = []
    for id in ids {
      guard let session = sessions[id] else { continue }
      let cursor = SessionCursor(time: order.time(of: session), id: id)
      if let after, !order.precedes(after, cursor) { continue }
      cursors.append(cursor)
    }
    return cursors.sorted { order.precedes($0, $1) }
  }

  private static func range(
    _ filter: SessionFilter, order: SessionOrder, after: SessionCursor?, in cursors: SortedCursors
  ) -> (SortedCursors.Position, SortedCursors.Position) {
    let from = order.key == .opened ? filter.openedFrom : filter.requestedFrom
    let before = order.key == .opened ? filter.openedBefore : filter.requestedBefore
    var start = from.map { cursors.position(of: SessionCursor(time: $0, id: .least)) } ?? cursors.start
    var end = before.map { cursors.position(of: SessionCursor(time: $0, id: .least)) } ?? cursors.end
    if let after {
      if order.isDescending {
        end = min(end, cursors.position(of: after))
      } else {
        start = max(start, cursors.position(after: after))
      }
    }
    return (start, end)
  }

  private static func hasOpenedRange(_ filter: SessionFilter) -> Bool {
    filter.openedFrom != nil || filter.openedBefore != nil
  }

  private static func hasRequestedRange(_ filter: SessionFilter) -> Bool {
    filter.requestedFrom != nil || filter.requestedBefore != nil
  }

  /// Takes the first of all heads.
  private static func nextOfAll(_ sources: inout [Source], order: SessionOrder) -> SessionCursor? {
    var best: Int?
    for index in sources.indices {
      guard let head = sources[index].head else { continue }
      if let current = best, let first = sources[current].head, order.precedes(first, head) { continue }
      best = index
    }
    guard let best else { return nil }
    return sources[best].take()
  }
}

/// Cursors in order, the first of which can be looked at before it is taken.
private struct Source {
  private(set) var head: SessionCursor?
  private var walk: CursorWalk?
  private var list: IndexingIterator<[SessionCursor]>?

  init(_ walk: CursorWalk) {
    self.walk = walk
    head = self.walk?.next()
  }

  init(_ list: [SessionCursor]) {
    self.list = list.makeIterator()
    head = self.list?.next()
  }

  mutating func take() -> SessionCursor? {
    defer { head = walk?.next() ?? list?.next() }
    return head
  }
}
