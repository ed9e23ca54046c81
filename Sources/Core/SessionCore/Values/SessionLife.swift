/// What decides whether a session lives and which token is its valid one: the few fields that every request reads.
struct SessionLife: Sendable {
  var openTime: Timestamp
  var renewTime: Timestamp
  var idleTimeout: TimeSpan
  var lifetime: TimeSpan
  var generation: UInt32
  /// Why it ended; `nil` while it is open.
  var closeReason: CloseReason?

  /// When it ends if `requestTime` was its last request.
  func deadline(requestTime: Timestamp) -> Timestamp { min(requestTime + idleTimeout, openTime + lifetime) }

  /// Why it is not alive at `now`; `nil` if it is.
  func reasonClosed(requestTime: Timestamp, now: Timestamp) -> CloseReason? {
    if let closeReason { return closeReason }
    let idleEnd = requestTime + idleTimeout
    let end = openTime + lifetime
    if now < idleEnd, now < end { return nil }
    return idleEnd < end ? .idle : .lifetime
  }

  /// Whether a session that is not alive here is so for a token of `generation`, whatever other nodes have written
  /// since.
  ///
  /// One whose time is up may have been used elsewhere, and the id of one that was closed may have been opened again
  /// with the same token of a caller's own, in a later generation.
  func isOverForGood(for generation: UInt32?) -> Bool {
    guard closeReason != nil, let generation else { return false }
    return generation <= self.generation
  }

  /// Why a token of `generation` is not let in while the session lives; `nil` if it is.
  ///
  /// Without a generation any is.
  func refusal(of generation: UInt32?, now: Timestamp, grace: TimeSpan) -> RefusalReason? {
    guard let generation, generation != self.generation else { return nil }
    // A token of a later generation is genuine only if the store lost writes: the session that it names is not there.
    if generation > self.generation { return .unknown }
    return isWithinGrace(generation, now: now, grace: grace) ? nil : .superseded
  }

  /// Whether a request at `now` must be in the store before it is answered, if the store has only `savedTime`.
  ///
  /// It may wait for the next writing of request times while the store's idea of the session's end lies two intervals
  /// ahead (half the idle time, if that is shorter): so the store, and every node that reads it, sees the session alive
  /// as long as it is.
  func mustSave(after savedTime: Timestamp, now: Timestamp, interval: TimeSpan) -> Bool {
    let margin = min(interval.milliseconds, idleTimeout.milliseconds / 4) * 2
    return now + TimeSpan(milliseconds: margin) >= savedTime + idleTimeout
  }

  /// Whether `generation` is the one before the current one, and the renewal that replaced it was less than `grace`
  /// ago.
  func isWithinGrace(_ generation: UInt32, now: Timestamp, grace: TimeSpan) -> Bool {
    self.generation > 0 && generation == self.generation - 1 && now < renewTime + grace
  }
}

extension Session {
  /// What decides whether it lives.
  var life: SessionLife {
    SessionLife(
      openTime: openTime, renewTime: renewTime, idleTimeout: idleTimeout, lifetime: lifetime, generation: generation,
      closeReason: closeTime == nil ? nil : closeReason ?? .revoked)
  }
}
