internal import MongoDriver
internal import SessionCore

/// Lists and counts in one snapshot, at one time.
///
/// Commands name their index. Where one index has both what the filter asks for and the order, that is the one.
/// Otherwise the candidates are tried with a short look: one that leads to few sessions is taken and they are sorted,
/// and if none does, matches are frequent along the order, which is walked.
struct SessionSearch {
  let now: Timestamp
  /// Runs a command of the snapshot, and answers what it finds.
  let fetch: (BSONDocument) throws(StoreError) -> [BSONDocument]

  /// Up to how many sessions are looked at and sorted, rather than the order walked.
  static let few = 5000
  /// How many sessions one answer of a list holds at most; the next page has the others.
  static let most = 10_000

  init(now: Timestamp, fetch: @escaping (BSONDocument) throws(StoreError) -> [BSONDocument]) {
    self.now = now
    self.fetch = fetch
  }

  /// One page.
  func page(_ query: SessionQuery) throws(StoreError) -> SessionPage {
    let limit = min(max(1, query.limit), Self.most)
    let arms = try arms(query.filter, order: query.order)
    var query = query
    var toSkip = max(0, query.skip)
    while toSkip > 0 {
      let passed = try sessions(query, arms: arms, limit: min(toSkip, 1000), withContents: false)
      guard let last = passed.last else { break }
      query.after = SessionCursor(time: query.order.time(of: last), id: last.id)
      guard passed.count == min(toSkip, 1000) else { break }
      toSkip -= passed.count
    }
    let found = try sessions(query, arms: arms, limit: limit + 1, withContents: query.includesContents)
    let sessions = Array(found.prefix(limit))
    let last = found.count > limit ? sessions.last : nil
    return SessionPage(
      sessions: sessions, next: last.map { SessionCursor(time: query.order.time(of: $0), id: $0.id) },
      count: query.counts ? try count(query.filter) : nil)
  }

  /// Live sessions that match, those opened first first, without `user`, `data` and `carried`.
  func live(_ filter: SessionFilter, excluding: SessionID?, limit: Int) throws(StoreError) -> [Session] {
    var query = SessionQuery(filter, order: SessionOrder(.opened, isDescending: false))
    query.filter.isAlive = true
    return try sessions(
      query, arms: arms(query.filter, order: query.order), limit: limit, withContents: false, excluding: excluding)
  }

  /// The first sessions of all arms together.
  private func sessions(
    _ query: SessionQuery, arms: [SessionArm], limit: Int, withContents: Bool, excluding: SessionID? = nil
  ) throws(StoreError) -> [Session] {
    var found: [(place: SessionCursor, session: Session)] = []
    for arm in arms {
      let command = Self.command(
        query, arm, now: now, limit: limit, withContents: withContents, excluding: excluding)
      for document in try fetch(command) {
        let session = try SessionDocument.read(document)
        found.append((SessionCursor(time: query.order.time(of: session), id: session.id), session))
      }
    }
    if arms.count > 1 { found.sort { query.order.precedes($0.place, $1.place) } }
    return found.prefix(limit).map(\.session)
  }

  /// The command for one arm's sessions.
  static func command(
    _ query: SessionQuery, _ arm: SessionArm, now: Timestamp, limit: Int, withContents: Bool,
    excluding: SessionID? = nil
  ) -> BSONDocument {
    let conditions = SessionConditions(
      query.filter, part: arm.part, now: now, order: query.order, after: query.after, excluding: excluding)
    let direction: BSONValue = query.order.isDescending ? -1 : 1
    var command: BSONDocument = [
      "find": .string(SessionDocument.collection), "filter": .document(conditions.document),
      "sort": [query.order.key.member: direction, "_id": direction], "limit": .int64(Int64(limit)),
      "hint": .string(arm.path.index), "batchSize": .int64(Int64(min(limit, 1000))),
    ]
    if !withContents { command.append("projection", SessionDocument.withoutContents) }
    return command
  }

  // MARK: Which index

  /// The commands that together find every session that matches, each in order.
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
    let expired = SessionConditions(SessionFilter(), part: .expired, now: now)
    return try count(expired, path: .deadline, limit: Self.few) < Self.few ? .deadline : path
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

  /// Whether a path leads to few sessions.
  private func isShort(_ path: AccessPath, _ filter: SessionFilter) throws(StoreError) -> Bool {
    var found = 0
    for part in SessionPart.parts(isAlive: filter.isAlive) where found < Self.few {
      let all = part == .closed ? SessionPart.closed : .open
      found += try count(SessionConditions(filter.only(path), part: all, now: now), path: path, limit: Self.few)
    }
    return found < Self.few
  }

  // MARK: Counting

  /// How many sessions match.
  ///
  /// Live sessions are the open ones without the expired, which are few while the reaper comes by: the open ones of a
  /// member are counted in its index alone, where the deadline is not.
  func count(_ filter: SessionFilter) throws(StoreError) -> Int {
    if filter.id != nil {
      var count = 0
      for part in SessionPart.parts(isAlive: filter.isAlive) { count += try self.count(filter, part, .id) }
      return count
    }
    let hasRequested = filter.requestedFrom != nil || filter.requestedBefore != nil
    let path = try path(filter, order: SessionOrder(hasRequested ? .requested : .opened, isDescending: false))
    switch filter.isAlive {
    case nil: return try count(filter, .open, path) + count(filter, .closed, path)
    case true?: return try count(filter, .open, path) - count(filter, .expired, expiredPath(path))
    case false?: return try count(filter, .closed, path) + count(filter, .expired, expiredPath(path))
    }
  }

  private func count(_ filter: SessionFilter, _ part: SessionPart, _ path: AccessPath) throws(StoreError) -> Int {
    try count(SessionConditions(filter, part: part, now: now), path: path, limit: nil)
  }

  private func count(_ conditions: SessionConditions, path: AccessPath, limit: Int?) throws(StoreError) -> Int {
    var stages: [BSONValue] = [["$match": .document(conditions.document)]]
    if let limit { stages.append(["$limit": .int64(Int64(limit))]) }
    stages.append(["$count": "count"])
    let found = try fetch([
      "aggregate": .string(SessionDocument.collection), "pipeline": .array(stages), "cursor": [:],
      "hint": .string(path.index),
    ])
    return Int(clamping: found.first?["count"]?.int ?? 0)
  }
}
