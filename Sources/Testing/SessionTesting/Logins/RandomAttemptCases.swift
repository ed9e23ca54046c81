internal import Accounts
internal import SessionCore

extension LoginStoreCase {
  static let randomCases = ([1, 2, 3] as [UInt64]).map { seed in
    LoginStoreCase("random: tries wait as the shared arithmetic says (seed \(seed))") { probe in
      try await compare(probe, seed: seed)
    }
  }

  /// Compares the store with a dictionary of ``AttemptCount``, over rules that are usual and rules at every end of the
  /// numbers.
  private static func compare(_ probe: LoginProbe, seed: UInt64) async throws {
    var random = RandomAttempts(seed: seed)
    var model: [ExactText: AttemptCount] = [:]
    var time = probe.now
    for step in 0..<400 {
      time = random.time(after: time)
      if random.chance(of: 10) {
        let keys = random.keys()
        try await probe.store.returnAttempts(keys.map(\.string))
        for key in keys where model[key].map({ $0.count > 0 }) ?? false { model[key]?.count -= 1 }
      } else if random.chance(of: 3) {
        let keys = random.keys()
        try await probe.store.forgetAttempts(keys.map(\.string))
        for key in keys { model[key] = nil }
      } else {
        let rules = random.keys().map { random.rule($0) }
        let wait = rules.map { AttemptCount.wait($0, after: model[ExactText($0.key)], now: time) }.max() ?? .zero
        let expected: AttemptVerdict = wait == .zero ? .allowed : .refused(retryAfter: wait)
        let found = try await probe.store.countAttempt(rules, now: time)
        try probe.equal(found, expected, "try \(step) of seed \(seed) at \(time) under \(rules), after \(model)")
        guard wait == .zero else { continue }
        for rule in rules {
          model[ExactText(rule.key)] = AttemptCount.next(rule, after: model[ExactText(rule.key)], now: time)
        }
      }
    }
  }
}

/// Rules, keys and times.
private struct RandomAttempts {
  private var generator: SeededRandom

  init(seed: UInt64) { generator = SeededRandom(seed: seed) }

  mutating func chance(of percent: Int) -> Bool { Int.random(in: 0..<100, using: &generator) < percent }

  private mutating func pick<Value>(_ values: [Value]) -> Value {
    values[Int.random(in: values.indices, using: &generator)]
  }

  /// One key to three of them, of which two may be the same.
  mutating func keys() -> [ExactText] { (0..<pick([1, 1, 2, 3])).map { _ in pick(["a", "b", "\u{E9}", "e\u{301}"]) } }

  mutating func rule(_ key: ExactText) -> AttemptRule {
    var rule = AttemptRule(
      key: key.string, limit: pick([1, 2, 3, 5, 8, 20, 100]),
      window: TimeSpan(milliseconds: pick([1, 100, 1000, 60_000, 900_000])))
    if chance(of: 60) {
      rule.delayAfter = pick([0, 1, 1, 2, 3, 7])
      rule.firstDelay = TimeSpan(milliseconds: pick([0, 1, 3, 50, 1000]))
      rule.longestDelay = TimeSpan(milliseconds: pick([0, 1, 7, 400, 60_000, 1_000_000]))
    }
    if chance(of: 5) { (rule.limit, rule.window) = pick([(0, .zero), (-1, .zero), (.max, .days(.max))]) }
    if chance(of: 5) { rule.delayAfter = pick([-3, .max]) }
    if chance(of: 3) { rule.longestDelay = TimeSpan(milliseconds: .max) }
    return rule
  }

  /// A time that is mostly a little later, and may be earlier: the clocks of nodes differ.
  mutating func time(after time: Timestamp) -> Timestamp {
    let step = TimeSpan(milliseconds: pick([0, 0, 1, 2, 30, 200, 1000, 30_000, 1_000_000]))
    if chance(of: 2) { return time - step }
    return time + step
  }
}
