internal import RedisDriver
public import SessionCore

extension RedisStore {
  /// One page of a list.
  ///
  /// On one server each stretch of up to a thousand entries is of one moment; in a Cluster each partition's is.
  public func page(_ query: SessionQuery, now: Timestamp) async throws(StoreError) -> SessionPage {
    let deadline = deadline()
    try checkOpen()
    let limit = max(1, query.limit)
    let skip = max(0, query.skip)
    var query = query
    query.limit = limit
    query.skip = skip
    var page: SessionPage
    if query.filter.id != nil || (query.filter.userID != nil && !layout.isSingle) {
      page = try await shortPage(query, now: now, deadline: deadline)
    } else {
      page = try await mergedPage(query, now: now, deadline: deadline)
    }
    if query.counts { page.count = try await count(query.filter, now: now, deadline: deadline) }
    return page
  }

  private func mergedPage(
    _ query: SessionQuery, now: Timestamp, deadline: ContinuousClock.Instant
  ) async throws(StoreError) -> SessionPage {
    var after = query.after
    if query.skip > 0 {
      var skipped = SessionMerge(
        query, after: after, wanted: query.skip, hasContents: false, now: now, store: self, deadline: deadline)
      var rest = query.skip
      while rest > 0 {
        let sessions = try await skipped.take(min(rest, 1000))
        guard let last = sessions.last else { return SessionPage(sessions: [], next: nil, count: nil) }
        rest -= sessions.count
        after = SessionCursor(time: query.order.time(of: last), id: last.id)
      }
    }
    let wanted = query.limit == .max ? .max : query.limit + 1
    var merge = SessionMerge(
      query, after: after, wanted: wanted, hasContents: query.includesContents, now: now, store: self,
      deadline: deadline)
    return page(of: try await merge.take(wanted), query)
  }

  /// The page that the first sessions of the rest of a list make, and one more if there are more.
  private func page(of sessions: [Session], _ query: SessionQuery) -> SessionPage {
    let shown = Array(sessions.prefix(query.limit))
    let last = sessions.count > shown.count ? shown.last : nil
    return SessionPage(
      sessions: shown, next: last.map { SessionCursor(time: query.order.time(of: $0), id: $0.id) }, count: nil)
  }

  /// A page of one session, or of one user's in a Cluster: all are looked at.
  private func shortPage(
    _ query: SessionQuery, now: Timestamp, deadline: ContinuousClock.Instant
  ) async throws(StoreError) -> SessionPage {
    let order = query.order
    let matching = try await candidates(query.filter, now: now, deadline: deadline).filter { session in
      guard let after = query.after else { return true }
      return order.precedes(after, SessionCursor(time: order.time(of: session), id: session.id))
    }
    let sorted = matching.sorted { left, right in
      order.precedes(
        SessionCursor(time: order.time(of: left), id: left.id),
        SessionCursor(time: order.time(of: right), id: right.id))
    }
    var page = page(of: Array(sorted.dropFirst(query.skip)), query)
    if !query.includesContents {
      for index in page.sessions.indices {
        page.sessions[index].user = nil
        page.sessions[index].data = nil
        page.sessions[index].carried = nil
      }
    }
    return page
  }

  /// The sessions that match, of a filter with an id, or in a Cluster with a user.
  func candidates(
    _ filter: SessionFilter, now: Timestamp, deadline: ContinuousClock.Instant
  ) async throws(StoreError) -> [Session] {
    if let id = filter.id {
      return try await sessions([id], by: deadline).compactMap { $0 }.filter { filter.matches($0, at: now) }
    }
    guard let user = filter.userID else { return [] }
    let state = try await state(of: user, withClosed: filter.isAlive != true, by: deadline)
    if try await repair(state, of: user, by: deadline) {
      return try await candidates(filter, now: now, deadline: deadline)
    }
    let ids = Array(Set(filter.isAlive == true ? state.open : state.open + state.closed))
    let announced = Set(state.openings.map(\.id))
    var matching: [Session] = []
    var gone: [SessionID] = []
    var rest = ids[...]
    while !rest.isEmpty {
      let batch = Array(rest.prefix(500))
      rest = rest.dropFirst(500)
      for (id, session) in zip(batch, try await sessions(batch, by: deadline)) {
        if let session, session.userID == user {
          if filter.matches(session, at: now) { matching.append(session) }
        } else if !announced.contains(id) {
          gone.append(id)
        }
      }
    }
    // What another has announced meanwhile may be there by now: then the version is another, and nothing is tidied.
    if !gone.isEmpty {
      _ = try? await announce([], of: user, version: state.version, gone: gone, by: deadline)
    }
    return matching
  }

  /// How many sessions match.
  ///
  /// In each partition up to a thousand entries of an index are looked at; more are counted by the index alone where
  /// it says everything, and else walked through, a thousand at a time.
  public func count(_ filter: SessionFilter, now: Timestamp) async throws(StoreError) -> Int {
    let deadline = deadline()
    try checkOpen()
    return try await count(filter, now: now, deadline: deadline)
  }

  private func count(
    _ filter: SessionFilter, now: Timestamp, deadline: ContinuousClock.Instant
  ) async throws(StoreError) -> Int {
    if filter.id != nil || (filter.userID != nil && !layout.isSingle) {
      return try await candidates(filter, now: now, deadline: deadline).count
    }
    let beginning: [RedisArgument] = ["1", "", "", ""]
    var places = [[RedisArgument]?](repeating: beginning, count: layout.partitions)
    var total: Int64 = 0
    while true {
      let active = places.indices.filter { places[$0] != nil }
      if active.isEmpty { return Int(clamping: max(0, total)) }
      let commands = active.map { index in
        RedisCommand(
          scripts.count, keys: [layout.tags[index]],
          [RedisArgument(now)] + RedisArgument.filter(filter) + (places[index] ?? beginning))
      }
      for (index, answer) in zip(active, try await send(commands, by: deadline)) {
        guard let parts = answer.asArray, let count = parts.first?.asInteger else { throw .unreadable }
        total += count
        if parts.count == 1 {
          places[index] = nil
        } else {
          var place: [RedisArgument] = []
          for part in parts.dropFirst() {
            guard let word = part.asInteger.map({ RedisArgument($0) }) ?? part.asBytes.map({ RedisArgument($0) })
            else { throw .unreadable }
            place.append(word)
          }
          places[index] = place
        }
      }
    }
  }
}
