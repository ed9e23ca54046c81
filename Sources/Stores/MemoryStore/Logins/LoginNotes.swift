internal import Accounts
internal import SessionCore

/// The tries and single uses that logging in must remember, by key.
struct LoginNotes {
  private enum Note {
    case attempts(ExactText)
    case use(ExactText)
  }

  private var attempts: [ExactText: AttemptCount] = [:]
  private var uses: [ExactText: Timestamp] = [:]
  private var ends = ExpiryQueue<Note>()

  /// Counts one try against every rule, or against none.
  mutating func countAttempt(_ rules: [AttemptRule], now: Timestamp) -> AttemptVerdict {
    let wait = rules.map { AttemptCount.wait($0, after: attempts[ExactText($0.key)], now: now) }.max() ?? .zero
    guard wait == .zero else { return .refused(retryAfter: wait) }
    for rule in rules {
      let key = ExactText(rule.key)
      let counted = attempts[key]
      let next = AttemptCount.next(rule, after: counted, now: now)
      attempts[key] = next
      if counted?.end != next.end { ends.insert(.attempts(key), end: next.end) }
    }
    return .allowed
  }

  /// Forgets the tries counted under these keys.
  mutating func forgetAttempts(_ keys: [String]) {
    for key in keys { attempts[ExactText(key)] = nil }
  }

  /// Takes one counted try back under each of these keys.
  mutating func returnAttempts(_ keys: [String]) {
    for key in keys.lazy.map({ ExactText($0) }) {
      if let counted = attempts[key], counted.count > 0 { attempts[key]?.count = counted.count - 1 }
    }
  }

  /// Notes a use; `false` if there is a note of it already.
  mutating func useOnce(_ key: String, until end: Timestamp) -> Bool {
    let key = ExactText(key)
    guard uses[key] == nil else { return false }
    uses[key] = end
    ends.insert(.use(key), end: end)
    return true
  }

  /// Removes notes whose time is over, those that ended first first.
  mutating func purge(now: Timestamp, limit: Int) -> Int {
    var count = 0
    while count < limit, let note = ends.next(at: now) {
      switch note {
      case .attempts(let key):
        guard let counted = attempts[key], counted.end <= now else { continue }
        attempts[key] = nil
      case .use(let key):
        guard let end = uses[key], end <= now else { continue }
        uses[key] = nil
      }
      count += 1
    }
    return count
  }
}
