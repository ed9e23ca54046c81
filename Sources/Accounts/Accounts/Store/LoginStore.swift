public import SessionCore

/// What logging in must remember between attempts, on all nodes.
public protocol LoginStore: Sendable {
  /// Counts one try against every rule, or against none: if one refuses, nothing is counted.
  ///
  /// One step: of any number at once, a rule lets through no more than it allows.
  func countAttempt(_ rules: [AttemptRule], now: Timestamp) async throws(StoreError) -> AttemptVerdict

  /// Forgets the tries counted under these keys: one of them was right.
  func forgetAttempts(_ keys: [String]) async throws(StoreError)

  /// Takes one counted try back under each of these keys: it was right, or was not made after all.
  ///
  /// One step. No count falls below zero, ends of windows and waits stay, and a key without a count is no error.
  func returnAttempts(_ keys: [String]) async throws(StoreError)

  /// Notes that something that may be used once is used, such as the digest of an id token.
  ///
  /// The note counts until it is purged, though its time be over before.
  ///
  /// - Returns: whether this was the first use; of any number at once, one gets `true`.
  func useOnce(_ key: String, until end: Timestamp, now: Timestamp) async throws(StoreError) -> Bool

  /// Removes at most `limit` notes whose time is over.
  ///
  /// - Returns: how many; fewer than `limit` means that none are left.
  func purgeLoginNotes(now: Timestamp, limit: Int) async throws(StoreError) -> Int
}

/// How many tries are allowed under a key, and how fast.
public struct AttemptRule: Sendable, Equatable {
  /// What is counted: a digest of account and address, of the account, of the address.
  public var key: String
  /// How many tries a window allows.
  public var limit: Int
  /// How long a window is; it begins with the first try in it.
  ///
  /// One that begins later than this long from now was begun by a wrong clock, and counts for nothing.
  public var window: TimeSpan
  /// After how many tries in the window each further one must wait; `nil` for no waiting.
  ///
  /// The wait doubles with each: ``firstDelay``, twice that, and so on.
  public var delayAfter: Int?
  /// The first wait.
  public var firstDelay: TimeSpan
  /// The longest wait.
  public var longestDelay: TimeSpan

  /// A rule from its parts.
  public init(
    key: String, limit: Int, window: TimeSpan, delayAfter: Int? = nil, firstDelay: TimeSpan = .seconds(1),
    longestDelay: TimeSpan = .minutes(1)
  ) {
    self.key = key
    self.limit = limit
    self.window = window
    self.delayAfter = delayAfter
    self.firstDelay = firstDelay
    self.longestDelay = longestDelay
  }
}

/// What is kept of the tries under a key, and the arithmetic that every store shares.
public struct AttemptCount: Sendable, Equatable {
  /// How many tries were counted in the window.
  public var count: Int
  /// When the window ends.
  public var end: Timestamp
  /// Before when no further try is let through.
  public var notBefore: Timestamp

  /// A count from its parts.
  public init(count: Int, end: Timestamp, notBefore: Timestamp) {
    self.count = count
    self.end = end
    self.notBefore = notBefore
  }

  /// How long a try at `now` must wait under `rule`, given what was counted; zero if it may go on.
  public static func wait(_ rule: AttemptRule, after counted: AttemptCount?, now: Timestamp) -> TimeSpan {
    guard let counted, counted.counts(under: rule, now: now) else { return .zero }
    if counted.count >= rule.limit { return counted.end - now }
    return counted.notBefore - now
  }

  /// Whether the window still runs, and is none that only a wrong clock can have begun.
  ///
  /// A clock that was days ahead would otherwise lock an account for days once it is right again. One window's length
  /// ahead is granted: within that, clocks of nodes may differ without a guesser's tries being forgotten.
  private func counts(under rule: AttemptRule, now: Timestamp) -> Bool {
    let begin = end - rule.window
    return now < end && begin <= now + rule.window
  }

  /// What is kept once a try at `now` was let through.
  public static func next(_ rule: AttemptRule, after counted: AttemptCount?, now: Timestamp) -> AttemptCount {
    var next = AttemptCount(count: 0, end: now + rule.window, notBefore: now)
    if let counted, counted.counts(under: rule, now: now) { next = counted }
    next.count += 1
    if let delayAfter = rule.delayAfter, next.count >= delayAfter {
      var delay = rule.firstDelay
      for _ in delayAfter..<next.count where delay < rule.longestDelay {
        delay = min(TimeSpan(milliseconds: delay.milliseconds + delay.milliseconds), rule.longestDelay)
      }
      next.notBefore = now + delay
    }
    return next
  }
}

/// Whether a try may go on.
public enum AttemptVerdict: Sendable, Equatable {
  /// It may, and is counted.
  case allowed
  /// It may not before that long; it is not counted.
  case refused(retryAfter: TimeSpan)
}
