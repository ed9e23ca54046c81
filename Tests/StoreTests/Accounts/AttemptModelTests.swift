import Accounts
import SessionCore
import SessionTesting
import Testing

@Suite("Counting of log-ins, against the arithmetic that all stores share") struct AttemptModelTests {
  /// What is counted, as the arithmetic says.
  private struct Model {
    var counts: [ExactText: AttemptCount] = [:]

    mutating func count(_ rules: [AttemptRule], now: Timestamp) -> AttemptVerdict {
      let wait = rules.map { AttemptCount.wait($0, after: counts[ExactText($0.key)], now: now) }.max() ?? .zero
      guard wait == .zero else { return .refused(retryAfter: wait) }
      for rule in rules {
        let key = ExactText(rule.key)
        counts[key] = AttemptCount.next(rule, after: counts[key], now: now)
      }
      return .allowed
    }

    mutating func giveBack(_ keys: [String]) {
      for key in keys.map({ ExactText($0) }) {
        if let count = counts[key]?.count, count > 0 { counts[key]?.count -= 1 }
      }
    }
  }

  @Test("a thousand tries at random are judged alike", arguments: TestedStore.all, [1, 2] as [UInt64])
  func random(tested: TestedStore, seed: UInt64) async throws {
    try await tested.onStore { store async throws in
      var generator = SeededRandom(seed: seed)
      var model = Model()
      var now = Timestamp(milliseconds: Int64.random(in: -5_000_000...1_700_000_000_000, using: &generator))
      for step in 0..<1000 {
        // Back as well: the clocks of nodes differ, and are set.
        now = Timestamp(milliseconds: now.milliseconds + Int64.random(in: -40...150, using: &generator))
        let keys = Array(["a", "b", "\u{E9}", "e\u{301}"].shuffled(using: &generator).prefix(Int.random(in: 1...3)))
        switch Int.random(in: 0..<20, using: &generator) {
        case 0:
          try await store.forgetAttempts(keys)
          for key in keys { model.counts[ExactText(key)] = nil }
        case 1:
          try await store.returnAttempts(keys)
          model.giveBack(keys)
        default:
          let rules = keys.map { rule($0, &generator) }
          let expected = model.count(rules, now: now)
          let found = try await store.countAttempt(rules, now: now)
          #expect(found == expected, "step \(step) of seed \(seed): \(rules) at \(now)")
        }
      }
    }
  }

  private static let rulesAtEnds: [AttemptRule] = [
    AttemptRule(key: "a", limit: .max, window: TimeSpan(milliseconds: .max), delayAfter: 0),
    AttemptRule(key: "a", limit: 0, window: .zero, delayAfter: .max, firstDelay: .zero, longestDelay: .zero),
    AttemptRule(key: "a", limit: .min, window: .hours(1), delayAfter: 1, firstDelay: TimeSpan(milliseconds: .max)),
    AttemptRule(
      key: "a", limit: 1 << 53, window: .days(3_000_000), delayAfter: 2, firstDelay: .days(1),
      longestDelay: .days(10_000_000)),
    AttemptRule(
      key: "a", limit: 9, window: .days(1), delayAfter: 2, firstDelay: .zero,
      longestDelay: TimeSpan(milliseconds: .max)),
  ]

  @Test("rules at the ends of what numbers hold are judged alike", arguments: TestedStore.all, rulesAtEnds.indices)
  func ends(tested: TestedStore, index: Int) async throws {
    let rule = Self.rulesAtEnds[index]
    for start in [Timestamp.earliest, Timestamp(milliseconds: 0), .latest - .hours(1), .latest] {
      try await tested.onStore { store async throws in
        var model = Model()
        for step in 0..<12 {
          let now = start + .minutes(Int64(step / 3) * 7)
          let expected = model.count([rule], now: now)
          #expect(try await store.countAttempt([rule], now: now) == expected, "step \(step) from \(start)")
        }
      }
    }
  }

  private func rule(_ key: String, _ generator: inout SeededRandom) -> AttemptRule {
    AttemptRule(
      key: key, limit: Int.random(in: 0...6, using: &generator),
      window: TimeSpan(milliseconds: Int64.random(in: 0...2000, using: &generator)),
      delayAfter: Bool.random(using: &generator) ? Int.random(in: -1...4, using: &generator) : nil,
      firstDelay: TimeSpan(milliseconds: Int64.random(in: 0...60, using: &generator)),
      longestDelay: TimeSpan(milliseconds: Int64.random(in: 0...300, using: &generator)))
  }
}
