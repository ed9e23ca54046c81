/// Why a token is not let in.
///
/// For operators and services; the caller who sent the token is never told which.
public enum RefusalReason: String, Sendable, CaseIterable {
  /// It is not a token of this form.
  case malformed
  /// Its code is wrong, or its key is not accepted any more.
  case forged
  /// There is no such session.
  case unknown
  /// It was renewed, and its grace time is over.
  case superseded
  /// Its session has ended.
  case closed
}

extension Session {
  /// Why a token of `generation` is not let in at `now`; `nil` if it is.
  ///
  /// Without a generation only life is judged.
  func refusal(of generation: UInt32?, requestTime: Timestamp, now: Timestamp, grace: TimeSpan) -> RefusalReason? {
    if reasonClosed(requestTime: requestTime, now: now) != nil { return .closed }
    guard let generation, generation != self.generation else { return nil }
    // A token of a later generation is genuine only if the store lost writes: the session that it names is not there.
    if generation > self.generation { return .unknown }
    return isWithinGrace(generation, now: now, grace: grace) ? nil : .superseded
  }

  /// Why it is not alive at `now`, if it is not, with `requestTime` in place of its own.
  func reasonClosed(requestTime: Timestamp, now: Timestamp) -> CloseReason? {
    if closeTime != nil { return closeReason }
    let idleEnd = requestTime + idleTimeout
    let end = openTime + lifetime
    if now < idleEnd, now < end { return nil }
    return idleEnd < end ? .idle : .lifetime
  }

  /// Whether `generation` is the one before the current one, and the renewal that replaced it was less than `grace` ago.
  func isWithinGrace(_ generation: UInt32, now: Timestamp, grace: TimeSpan) -> Bool {
    self.generation > 0 && generation == self.generation - 1 && now < renewTime + grace
  }
}
