extension Sessions {
  /// How many request times one write carries.
  private static let touchBatch = 1000

  /// Writes every request time that the store does not have yet.
  ///
  /// What fails stays known here and is written with the next.
  public func flushTouches() async throws(StoreError) {
    // In order of the ids, for a store that keeps them so: neighbours lie in one page.
    var touches = cache.touches()
    touches.sort { $0.id < $1.id }
    var start = touches.startIndex
    while start < touches.endIndex {
      let end = min(start + Self.touchBatch, touches.endIndex)
      try await save(Array(touches[start..<end]))
      start = end
    }
  }

  /// Writes request times, and notes that the store has them.
  ///
  /// A request time may be written twice, so a lost answer is no more than a store that can't be reached: whoever asked
  /// may ask again.
  private func save(_ touches: [SessionTouch]) async throws(StoreError) {
    do throws(StoreError) {
      try await store.touch(touches)
    } catch {
      guard error.code == .unknownOutcome else { throw error }
      throw StoreError(.unavailable, "The time of a request could not be stored.", underlying: error.underlying)
    }
    cache.confirm(touches)
  }

  /// Writes the request time of one session, for want of which the store may take it for expired, unless it has it.
  func saveTouch(of id: SessionID) async throws(StoreError) {
    guard let touch = cache.unsavedTouch(of: id) else { return }
    try await save([touch])
  }

  /// Closes every session whose time is up; if it is cancelled, some of them.
  ///
  /// - Parameter rest: called between two batches, to leave time to others; by default there is no pause.
  /// - Returns: how many this call closed.
  /// - Throws: if the store fails.
  public func reap(resting rest: () async -> Void = {}) async throws(StoreError) -> Int {
    // The time is taken before the request times are written: a session that was touched before it is thereby safe, and
    // one that is touched later was not due.
    let now = clock.now()
    try await flushTouches()
    var count = 0
    while true {
      let closed = try await store.reap(now: now, limit: Self.batch)
      cache.refresh(closed)
      for session in closed {
        tell(.closed(session.closeReason ?? .idle), of: session, at: session.closeTime ?? now, by: Actor(.reaper))
        // The store removes these at once, so that their ids are free for the next session of the same token.
        if session.carried != nil { cache.forget([session.id]) }
      }
      count += closed.count
      if closed.count < Self.batch || Task.isCancelled { return count }
      await rest()
    }
  }

  /// Removes every session that was closed longer ago than the policy's retention; if it is cancelled, some of them.
  ///
  /// - Parameter rest: called between two batches, to leave time to others; by default there is no pause.
  /// - Returns: how many this call removed.
  /// - Throws: if the store fails.
  public func purge(resting rest: () async -> Void = {}) async throws(StoreError) -> Int {
    let limit = clock.now() - policy.retention
    var count = 0
    while true {
      let removed = try await store.purge(closedBefore: limit, limit: Self.batch)
      cache.forget(removed)
      count += removed.count
      if removed.count < Self.batch || Task.isCancelled { return count }
      await rest()
    }
  }
}
