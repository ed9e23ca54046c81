internal import Accounts
internal import SessionCore

extension AccountStoreCase {
  static let raceCases = [
    AccountStoreCase("race: of 100 insertions of one address, name or link, one is made") { probe in
      try await probe.addAdministrator()
      for member in UniqueMember.allCases {
        let outcomes = try await probe.together(100) { index in
          let profile = AccountProfile.of(.user) { $0.set(member, to: "same") }
          return try await probe.store.insert(profile, password: nil, by: probe.actor, now: probe.now)
        }
        try probe.equal(outcomes.filter { $0 == .taken(member) }.count, 99, "the refusals of \(member)")
        try probe.equal(outcomes.compactMap(\.account).count, 1, "the insertions of \(member)")
      }
      try probe.equal(try await probe.count, 4, "the number of accounts")
    },
    AccountStoreCase("race: of 40 accounts that are given one address, name or link, one gets it") { probe in
      try await probe.addAdministrator()
      var accounts: [Account] = []
      for number in 0..<40 { accounts.append(try await probe.add(probe.profile("p\(number)"))) }
      for (round, member) in UniqueMember.allCases.enumerated() {
        let now = try await probe.all(AccountQuery(limit: 100)).dropFirst()
        let outcomes = try await probe.together(40) { index in
          let account = now[now.startIndex + index]
          return try await probe.replace(account.profile.with { $0.set(member, to: "same") }, of: account)
        }
        try probe.equal(outcomes.filter { $0 == .taken(member) }.count, 39, "the refusals of round \(round)")
      }
    },
    AccountStoreCase("race: of 50 first accounts, one becomes an administrator") { probe in
      let accounts = try await probe.together(50) { try await probe.add(probe.profile("p\($0)", level: .guest)) }
      try probe.equal(accounts.filter { $0.profile.level == .administrator }.count, 1, "the administrators")
      try probe.equal(Set(accounts.map(\.id)).count, 50, "the different numbers")
    },
    AccountStoreCase("race: of 50 replacements at one revision, one is made") { probe in
      try await probe.addAdministrator()
      let account = try await probe.add(probe.profile("a"))
      let outcomes = try await probe.together(50) { index in
        try await probe.replace(account.profile.with { $0.name = ExactText("\(index)") }, of: account)
      }
      try probe.equal(outcomes.filter { $0 == .conflict }.count, 49, "the conflicts")
      let winner = outcomes.lazy.compactMap { outcome -> Account? in
        if case .replaced(let account, _) = outcome { account } else { nil }
      }.first
      try await probe.expectStored(try probe.unwrap(winner, "a replacement"))
    },
  ]
}

extension AccountStoreCase {
  static let lifecycleCases = [
    AccountStoreCase("shutdown: every later call about accounts throws closed") { probe in
      guard let sessions = probe.store as? any SessionStore else { return }
      let account = try await probe.addAdministrator()
      let email = try probe.unwrap(account.profile.email, "an address")
      let link = IdentityLink(issuer: "i", subject: "s")
      let hash = PasswordHash("$")
      let store = probe.store
      await sessions.shutdown()
      try await probe.expectClosed([
        { try await probe.add(account.profile) }, { _ = try await store.account(account.id) },
        { _ = try await store.account(email: email) }, { _ = try await store.account(username: "a") },
        { _ = try await store.account(link: link) }, { _ = try await store.passwordHash(of: account.id) },
        { _ = try await probe.replace(account.profile, of: account) },
        { _ = try await probe.setPassword(hash, replacing: nil, closing: nil, of: account.id) },
        { _ = try await store.remove(account.id, by: probe.actor, now: probe.now) },
        { _ = try await store.page(AccountQuery()) }, { _ = try await store.closingsDue(limit: 1) },
        { try await store.settleClosing(of: account.id, due: ClosingDue()) },
      ])
    }
  ]
}

extension AccountProfile {
  /// Gives it something that only one account can have.
  fileprivate mutating func set(_ member: UniqueMember, to text: String) {
    switch member {
    case .email: email = EmailAddress(text + "@example.org")
    case .username: username = ExactText(text)
    case .links: links = [IdentityLink(issuer: ExactText(text), subject: ExactText(text))]
    }
  }
}

extension AccountInsertOutcome {
  /// The account that was added.
  fileprivate var account: Account? {
    if case .inserted(let account) = self { account } else { nil }
  }
}
