internal import MongoDriver
internal import SessionCore

/// Lists and counts at one time.
///
/// Where one index has both what the filter asks for and the order, the command names it. Otherwise the server tries
/// those that could serve (https://www.mongodb.com/docs/manual/core/query-plans/), and tries again when its choice
/// turns out to be bad.
struct SessionSearch {
  let now: Timestamp
  /// Runs a command, and answers what it finds.
  let fetch: (BSONDocument) throws(StoreError) -> [BSONDocument]

  /// How many sessions one answer of a list holds at most; the next page has the others.
  static let most = 10_000

  init(now: Timestamp, fetch: @escaping (BSONDocument) throws(StoreError) -> [BSONDocument]) {
    self.now = now
    self.fetch = fetch
  }

  /// One page.
  func page(_ query: SessionQuery) throws(StoreError) -> SessionPage {
    let limit = min(max(1, query.limit), Self.most)
    let arms = arms(query.filter, order: query.order)
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

  /// Open sessions that match, whether or not their time is up, those opened first first; without `user`, `data` and
  /// `carried`.
  func open(_ filter: SessionFilter, excluding: SessionID?, limit: Int) throws(StoreError) -> [Session] {
    let query = SessionQuery(filter, order: SessionOrder(.opened, isDescending: false))
    let arm = SessionArm(part: .open, path: path(filter, order: query.order))
    return try sessions(query, arms: [arm], limit: limit, withContents: false, excluding: excluding)
  }

  /// The first sessions of all arms together.
  ///
  /// The arms need not see the same state: what passes from one to the next meanwhile is found in one of them at least,
  /// and counts as it was seen last. Each arm gives as many as are wanted of all, so that what it has more lies behind.
  private func sessions(
    _ query: SessionQuery, arms: [SessionArm], limit: Int, withContents: Bool, excluding: SessionID? = nil
  ) throws(StoreError) -> [Session] {
    var found: [SessionID: Session] = [:]
    var places: [SessionCursor] = []
    for arm in arms {
      let command = Self.command(
        query, arm, now: now, limit: limit, withContents: withContents, excluding: excluding)
      for document in try fetch(command) {
        let session = try SessionDocument.read(document)
        if found.updateValue(session, forKey: session.id) != nil { places.removeAll { $0.id == session.id } }
        places.append(SessionCursor(time: query.order.time(of: session), id: session.id))
      }
    }
    if arms.count > 1 { places.sort(by: query.order.precedes) }
    return places.prefix(limit).compactMap { found[$0.id] }
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
      "batchSize": .int64(Int64(min(limit, 1000))),
    ]
    command.append("hint", ifPresent: (arm.path?.index).map(BSONValue.string))
    if !withContents { command.append("projection", SessionDocument.withoutContents) }
    return command
  }

  // MARK: Which index

  /// The commands that together find every session that matches, each in order.
  func arms(_ filter: SessionFilter, order: SessionOrder) -> [SessionArm] {
    let path = path(filter, order: order)
    return SessionPart.parts(isAlive: filter.isAlive).map { part in
      // The expired are few while the reaper comes by; of one member's it is the server's to say which index has fewer.
      let isByTime = path == .opened || path == .requested
      return SessionArm(part: part, path: part != .expired || path == .id ? path : isByTime ? .deadline : nil)
    }
  }

  /// The index that has both the order and all that the filter asks for, if there is one.
  private func path(_ filter: SessionFilter, order: SessionOrder) -> AccessPath? {
    if filter.id != nil { return .id }
    let members = AccessPath.members(of: filter)
    let hasOpened = filter.openedFrom != nil || filter.openedBefore != nil
    let hasRequested = filter.requestedFrom != nil || filter.requestedBefore != nil
    switch order.key {
    case .opened: return hasRequested || members.count > 1 ? nil : members.first ?? .opened
    case .requested: return hasOpened || !members.isEmpty ? nil : .requested
    }
  }

  // MARK: Counting

  /// How many sessions match.
  ///
  /// Live sessions are the open ones without the expired, which are few while the reaper comes by: the open ones of a
  /// member are counted in its index alone, where the deadline is not. What the reaper closes between the two counts
  /// is missing until the next.
  func count(_ filter: SessionFilter) throws(StoreError) -> Int {
    let hasRequested = filter.requestedFrom != nil || filter.requestedBefore != nil
    let order = SessionOrder(hasRequested ? .requested : .opened, isDescending: false)
    guard filter.isAlive == true, filter.id == nil else {
      var sum = 0
      for arm in arms(filter, order: order) { sum += try count(filter, arm) }
      return sum
    }
    var ended = filter
    ended.isAlive = false
    var expired = 0
    for arm in arms(ended, order: order) where arm.part == .expired { expired += try count(filter, arm) }
    return max(0, try count(filter, SessionArm(part: .open, path: path(filter, order: order))) - expired)
  }

  private func count(_ filter: SessionFilter, _ arm: SessionArm) throws(StoreError) -> Int {
    let conditions = SessionConditions(filter, part: arm.part, now: now)
    var command: BSONDocument = [
      "aggregate": .string(SessionDocument.collection),
      "pipeline": [["$match": .document(conditions.document)], ["$count": "count"]], "cursor": [:],
    ]
    command.append("hint", ifPresent: (arm.path?.index).map(BSONValue.string))
    return Int(clamping: try fetch(command).first?["count"]?.int ?? 0)
  }
}
