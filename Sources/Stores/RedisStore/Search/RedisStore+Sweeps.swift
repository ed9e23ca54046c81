internal import RedisDriver
public import SessionCore

/// The verbs that write to as many sessions as there are of some sort, a hundred of a partition at a time.
extension RedisStore {
  private static let most = 100

  /// What one partition is asked for, and has answered.
  private struct Share: Sendable {
    let partition: Int
    let limit: Int
    var place: SessionCursor?
  }

  /// Goes through partitions until there are `limit` results, or no more.
  ///
  /// - Parameters:
  ///   - partitions: Which.
  ///   - limit: How many results at most.
  ///   - body: Does a share: answers whether that was all, where it got to, and the results.
  /// - Returns: the results.
  /// - Throws: what `body` throws; if something was done already, that the outcome is unknown.
  private func gather<Result: Sendable>(
    _ partitions: [Int], limit: Int,
    _ body: @escaping @Sendable (Share) async throws(StoreError) -> (Bool, SessionCursor?, [Result])
  ) async throws(StoreError) -> [Result] {
    var active = partitions.map { Share(partition: $0, limit: 0, place: nil) }
    var results: [Result] = []
    while results.count < limit, !active.isEmpty {
      var rest = limit - results.count
      var shares: [Share] = []
      let even = min(Self.most, max(1, rest / active.count))
      for share in active where rest > 0 {
        let wanted = min(even, rest)
        rest -= wanted
        shares.append(Share(partition: share.partition, limit: wanted, place: share.place))
      }
      var next = Array(active.dropFirst(shares.count))
      let answers = await answers(shares, body)
      var failure: StoreError?
      for (share, answer) in zip(shares, answers) {
        do {
          let (isAll, place, found) = try answer.get()
          results += found
          if !isAll { next.append(Share(partition: share.partition, limit: 0, place: place)) }
        } catch { failure = error }
      }
      if let failure {
        if results.isEmpty && shares.count == 1 || failure.code == .closed { throw failure }
        throw StoreError(
          .unknownOutcome, "The session store failed half-way through.", underlying: failure.underlying ?? failure)
      }
      active = next
    }
    return results
  }

  private func answers<Answer: Sendable>(
    _ shares: [Share], _ body: @escaping @Sendable (Share) async throws(StoreError) -> Answer
  ) async -> [Result<Answer, StoreError>] {
    if shares.count == 1 { return [await result(shares[0], body)] }
    return await withTaskGroup(of: (Int, Result<Answer, StoreError>).self) { group in
      for (index, share) in shares.enumerated() {
        group.addTask { (index, await self.result(share, body)) }
      }
      var answers: [Int: Result<Answer, StoreError>] = [:]
      for await (index, answer) in group { answers[index] = answer }
      return shares.indices.compactMap { answers[$0] }
    }
  }

  private func result<Answer: Sendable>(
    _ share: Share, _ body: @Sendable (Share) async throws(StoreError) -> Answer
  ) async -> Result<Answer, StoreError> {
    do { return .success(try await body(share)) } catch { return .failure(error) }
  }

  /// Closes open sessions that match.
  ///
  /// On one server those opened first go first; in a Cluster each partition goes by itself.
  public func close(
    matching filter: SessionFilter, excluding: SessionID?, reason: CloseReason, by actor: Actor, now: Timestamp,
    limit: Int
  ) async throws(StoreError) -> [Session] {
    let deadline = deadline()
    try checkOpen()
    guard limit > 0, filter.isAlive != false else { return [] }
    var filter = filter
    filter.isAlive = true
    let tail =
      [RedisArgument.optional(bytes: excluding?.text), RedisArgument(reason.rawValue)] + RedisArgument.actor(actor)
    let words = RedisArgument.filter(filter)
    func close(_ chosen: [Int: [SessionID]]?, limit: Int) async throws(StoreError) -> [Session] {
      let partitions = chosen.map { Array($0.keys).sorted() } ?? Array(layout.tags.indices)
      return try await gather(partitions, limit: limit) { (share) throws(StoreError) in
        let these = (chosen?[share.partition] ?? []).map { RedisArgument($0.text) }
        let answer = try await self.write(
          self.scripts.closeMatching, at: self.layout.tags[share.partition],
          [RedisArgument(now)] + words + RedisArgument.place(share.place) + [RedisArgument(share.limit)] + tail
            + [RedisArgument(these.count)] + these, by: deadline)
        let stretch = try Stretch(answer)
        let isAll = chosen == nil ? stretch.isAll : stretch.sessions.count < share.limit
        return (isAll, stretch.reached ?? share.place, stretch.sessions)
      }
    }
    var closed: [Session] = []
    if filter.id != nil || (filter.userID != nil && !layout.isSingle) {
      // At the beginning of time nobody's time is up.
      let found = try await candidates(filter, now: .earliest, deadline: deadline).map(\.id)
      var rest = found.filter { $0 != excluding }[...]
      while !rest.isEmpty, closed.count < limit {
        // As many as one script may look at, should all lie in one partition.
        let batch = rest.prefix(1000)
        rest = rest.dropFirst(1000)
        closed += try await close(Dictionary(grouping: batch, by: layout.partition(of:)), limit: limit - closed.count)
      }
    } else {
      closed = try await close(nil, limit: limit)
    }
    await settle(closed.map { layout.partition(of: $0.id) }, by: deadline)
    return closed
  }

  /// Closes expired sessions, in each partition those that ended first first.
  public func reap(now: Timestamp, limit: Int) async throws(StoreError) -> [Session] {
    let deadline = deadline()
    try checkOpen()
    let reaped = try await gather(Array(layout.tags.indices), limit: limit) { (share) throws(StoreError) in
      let answer = try await self.write(
        self.scripts.reap, at: self.layout.tags[share.partition], [RedisArgument(now), RedisArgument(share.limit)],
        by: deadline)
      guard let parts = answer.asArray, parts.count == 2, let rows = parts[1].asArray else { throw .unreadable }
      return (parts[0].asInteger == 1, nil, try rows.map(SessionHash.read))
    }
    await settle(reaped.map { layout.partition(of: $0.id) }, by: deadline)
    await forget(reaped.filter { $0.carried != nil }.map { ($0.id, $0.userID, $0.openTime) }, by: deadline)
    return reaped
  }

  /// Removes sessions closed before `time`, in each partition those closed first first.
  public func purge(closedBefore time: Timestamp, limit: Int) async throws(StoreError) -> [SessionID] {
    let deadline = deadline()
    try checkOpen()
    let purged = try await gather(Array(layout.tags.indices), limit: limit) { (share) throws(StoreError) in
      let answer = try await self.write(
        self.scripts.purge, at: self.layout.tags[share.partition], [RedisArgument(time), RedisArgument(share.limit)],
        by: deadline)
      guard let parts = answer.asArray, parts.count == 2, let words = parts[1].asArray else { throw .unreadable }
      return (parts[0].asInteger == 1, nil, try words.map(Self.removed))
    }
    await forget(purged, by: deadline)
    return purged.map(\.id)
  }

  /// A session that was purged.
  private static func removed(
    _ word: RedisReply
  ) throws(StoreError) -> (id: SessionID, user: ExactText, opened: Timestamp) {
    guard let parts = word.asArray, parts.count == 3, let id = parts[0].asBytes.flatMap({ SessionID($0) }),
      let user = parts[1].asText, let opened = parts[2].asInteger
    else { throw .unreadable }
    return (id, ExactText(user), Timestamp(milliseconds: opened))
  }
}
