internal import Accounts
internal import SessionCore

extension AccountSessionStoreCase {
  static let randomCases = ([1, 2, 3] as [UInt64]).map { seed in
    AccountSessionStoreCase("random: lists are those of a plain model (seed \(seed))") { probe in
      try await compare(probe, seed: seed)
    }
  }

  /// Compares the store with an array that is filtered by the conditions' own meaning.
  private static func compare(_ probe: AccountSessionProbe, seed: UInt64) async throws {
    var random = RandomConditions(seed: seed)
    var accounts: [Account] = []
    for number in 0..<40 {
      accounts.append(
        try await probe.add {
          $0.username = ExactText("u\(number)")
          $0.email = random.chance(of: 60) ? EmailAddress("\(random.text())\(number)@example.org") : nil
          $0.firstName = random.chance(of: 60) ? random.text() : nil
          $0.lastName = random.chance(of: 60) ? random.text() : nil
        })
    }
    var model: [AccountSession] = []
    for number in 0..<300 as Range<UInt64> {
      let account = random.chance(of: 80) ? random.pick(accounts) : nil
      let userID = account?.id.userID ?? random.text()
      let age = Int64(random.number(below: 55))
      let session = probe.session(
        number, userID, age: age, address: random.chance(of: 70) ? random.text() : nil)
      try await probe.add(session)
      let holder = accounts.first { $0.id.userID == userID }
      model.append(AccountSession(session, account: holder.map { SessionHolder($0) }))
    }
    model.sort { ($0.opened, $0.id) > ($1.opened, $1.id) }
    for _ in 0..<250 {
      let condition = random.condition(model, depth: 3)
      let expected = model.filter { condition.holds(for: $0) }
      let found = try await probe.rows(condition, limit: 1 + random.number(below: 120))
      try probe.equal(found.map(\.id), expected.map(\.id), "the ids of \(condition) with seed \(seed)")
      try probe.expect(found == expected, "equal rows of \(condition) with seed \(seed)")
    }
  }
}

/// Conditions, and the values that they are about.
private struct RandomConditions {
  private var generator: SeededRandom

  init(seed: UInt64) { generator = SeededRandom(seed: seed) }

  mutating func number(below end: Int) -> Int { Int.random(in: 0..<end, using: &generator) }
  mutating func chance(of percent: Int) -> Bool { number(below: 100) < percent }
  mutating func pick<Value>(_ values: [Value]) -> Value { values[number(below: values.count)] }
  mutating func text() -> ExactText { pick(["a", "A", "\u{E9}", "e\u{301}", "b", "z'"]) }

  mutating func condition(_ rows: [AccountSession], depth: Int) -> AccountSessionCondition {
    if depth > 0, chance(of: 50) {
      let parts = (0..<number(below: 4)).map { _ in condition(rows, depth: depth - 1) }
      return chance(of: 50) ? .all(parts) : .any(parts)
    }
    let (comparison, row) = (pick(AccountSessionCondition.Comparison.allCases), pick(rows))
    switch number(below: 10) {
    case 0: return .time(.opened, comparison, row.opened)
    case 1: return .time(.accountCreated, comparison, row.account?.created ?? row.opened)
    case 2: return .account(comparison, row.account?.id.number ?? 0)
    case 3: return .isNull(pick(AccountSessionCondition.TextField.allCases))
    case 4: return .isNotNull(pick(AccountSessionCondition.TextField.allCases))
    case 5: return .text(.userID, comparison, row.userID)
    case 6: return .text(.username, comparison, row.account?.username ?? "u7")
    case 7: return .text(.email, comparison, row.account?.email?.key ?? "a1@example.org")
    case 8: return .text(.id, comparison, ExactText(row.id.description))
    default: return .text(pick([.address, .firstName, .lastName]), comparison, text())
    }
  }
}
