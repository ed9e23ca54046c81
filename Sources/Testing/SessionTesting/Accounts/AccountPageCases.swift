internal import Accounts
internal import SessionCore

extension AccountStoreCase {
  static let pageCases = [
    AccountStoreCase("page: accounts come by number, in either order, each once") { probe in
      var accounts: [Account] = []
      for number in 0..<25 { accounts.append(try await probe.add(probe.profile("p\(number)"))) }
      for limit in [1, 2, 7, 24, 25, 26] {
        try probe.equal(try await probe.all(AccountQuery(limit: limit)), accounts, "the pages of \(limit)")
        try probe.equal(
          try await probe.all(AccountQuery(isDescending: true, limit: limit)), accounts.reversed(),
          "the descending pages of \(limit)")
      }
    },
    AccountStoreCase("page: the next page is told only if there is one") { probe in
      for number in 0..<4 { try await probe.add(probe.profile("p\(number)")) }
      let whole = try await probe.store.page(AccountQuery(limit: 4))
      try probe.equal(whole.next, nil, "where the page after the last begins")
      try probe.equal(whole.count, nil, "a count that was not asked for")
      let part = try await probe.store.page(AccountQuery(limit: 3, counts: true))
      try probe.equal(part.next, part.accounts.last?.id, "where the next page begins")
      try probe.equal(part.count, 4, "the count")
      let empty = try await probe.store.page(AccountQuery(after: AccountID(.max), limit: .max, counts: true))
      try probe.equal(empty, AccountPage(accounts: [], next: nil, count: 4), "the page after all")
    },
    AccountStoreCase("page: a list goes on after an account that was removed") { probe in
      var accounts: [Account] = []
      for number in 0..<5 { accounts.append(try await probe.add(probe.profile("p\(number)"))) }
      _ = try await probe.store.remove(accounts[2].id, by: probe.actor, now: probe.now)
      let next = try await probe.store.page(AccountQuery(after: accounts[2].id))
      try probe.equal(next.accounts, Array(accounts[3...]), "the accounts after it")
      let before = try await probe.store.page(AccountQuery(isDescending: true, after: accounts[2].id))
      try probe.equal(before.accounts, [accounts[1], accounts[0]], "the accounts before it")
    },
    AccountStoreCase("page: a filter sees accounts as they are now") { probe in
      try await probe.addAdministrator()
      let account = try await probe.add(probe.profile("a"))
      let found = { (change: (inout AccountFilter) -> Void) in
        try await probe.store.page(AccountQuery(.of(change), counts: true))
      }
      try probe.equal(try await found { $0.level = .user }.accounts, [account], "the users")
      try probe.equal(try await found { $0.isActive = false }.accounts, [], "those not active")
      let changed = try await probe.change(account) { ($0.level, $0.isActive) = (.guest, false) }
      try probe.equal(try await found { $0.level = .user }.count, 0, "the users after the change")
      try probe.equal(try await found { $0.level = .guest }.accounts, [changed], "the guests")
      try probe.equal(try await found { $0.isActive = false }.accounts, [changed], "those not active after the change")
      try probe.equal(
        try await found { ($0.level, $0.isActive) = (.guest, true) }.accounts, [], "the guests that are active")
      _ = try await probe.store.remove(account.id, by: probe.actor, now: probe.now)
      try probe.equal(try await found { $0.isActive = false }.count, 0, "those not active after the removal")
    },
  ]

  static let randomCases = ([1, 2, 3] as [UInt64]).map { seed in
    AccountStoreCase("random: lists and counts are those of a plain model (seed \(seed))") { probe in
      try await compare(probe, seed: seed)
    }
  }

  /// Compares the store with an array that is filtered.
  private static func compare(_ probe: AccountProbe, seed: UInt64) async throws {
    let random = SeededRandom(seed: seed)
    var accounts = [try await probe.addAdministrator()]
    for number in 1..<250 {
      let profile = random.profile(number)
      let time = probe.now + .minutes(random.number(below: 40))
      let outcome = try await probe.store.insert(profile, password: nil, by: probe.actor, now: time)
      guard case .inserted(let account) = outcome else {
        throw ConformanceFailure(caseName: probe.caseName, expectation: "an account", found: "\(outcome)")
      }
      accounts.append(account)
    }
    for index in accounts.indices.dropFirst() where random.chance(of: 20) {
      let profile = random.profile(index)
      accounts[index] = try await probe.change(accounts[index]) { $0 = profile }
    }
    for index in accounts.indices.dropFirst().reversed() where random.chance(of: 10) {
      let removed = accounts.remove(at: index)
      _ = try await probe.store.remove(removed.id, by: probe.actor, now: probe.now)
    }
    for _ in 0..<250 {
      let query = random.query(accounts)
      let matching = accounts.filter { query.filter.matches($0) }
      let ordered = (query.isDescending ? matching.reversed() : matching).filter { account in
        query.after.map { query.isDescending ? account.id < $0 : $0 < account.id } ?? true
      }
      let page = Array(ordered.prefix(query.limit))
      let expected = AccountPage(
        accounts: page, next: ordered.count > query.limit ? page.last?.id : nil,
        count: query.counts ? matching.count : nil)
      let found = try await probe.store.page(query)
      try probe.equal(found.accounts.map(\.id), expected.accounts.map(\.id), "the ids of \(query), seed \(seed)")
      try probe.equal(found, expected, "the page of \(query), seed \(seed)")
    }
  }
}

extension SeededRandom {
  /// A number from 0 to below `end`.
  fileprivate func number(below end: Int64) -> Int64 {
    var generator = self
    return Int64.random(in: 0..<end, using: &generator)
  }

  /// True in so many of a hundred cases.
  fileprivate func chance(of percent: Int64) -> Bool { number(below: 100) < percent }

  /// One of the values.
  fileprivate func pick<Value>(_ values: [Value]) -> Value { values[Int(number(below: Int64(values.count)))] }

  fileprivate func profile(_ number: Int) -> AccountProfile {
    var profile = AccountProfile(level: pick(AccountLevel.allCases))
    if chance(of: 80) { profile.email = EmailAddress("p\(number)@Example.org") }
    if chance(of: 60) { profile.username = ExactText("user\(number)") }
    profile.isActive = chance(of: 70)
    profile.isVerified = chance(of: 40)
    for place in 0..<number % 3 {
      profile.links.append(IdentityLink(issuer: ExactText("issuer\(place)"), subject: ExactText("\(number)")))
    }
    return profile
  }

  fileprivate func query(_ accounts: [Account]) -> AccountQuery {
    var filter = AccountFilter()
    if chance(of: 10) { filter.email = pick(accounts).profile.email }
    if chance(of: 10) { filter.username = pick(accounts).profile.username }
    if chance(of: 30) { filter.level = pick(AccountLevel.allCases) }
    if chance(of: 30) { filter.isActive = chance(of: 50) }
    if chance(of: 20) { filter.isVerified = chance(of: 50) }
    if chance(of: 20) { filter.createdFrom = pick(accounts).created }
    if chance(of: 20) { filter.createdBefore = pick(accounts).created }
    return AccountQuery(
      filter, isDescending: chance(of: 50), after: chance(of: 50) ? pick(accounts).id : nil,
      limit: 1 + Int(number(below: 40)), counts: chance(of: 50))
  }
}
