internal import Accounts
internal import SessionCore

extension MovingStoreCase {
  static let accountCases = [
    MovingStoreCase("accounts: one comes byte for byte under its own number, and is found by every way") { probe in
      let end = try await probe.logEnd()
      let profile = probe.accounts.fullProfile(1)
      let moved = probe.moved(700, profile, password: PasswordHash("$argon2id$x"))
      try probe.equal(try await probe.store.move(moved), .added, "what became of it")
      try await probe.accounts.expectStored(moved.account)
      try probe.equal(
        try await probe.store.passwordHash(of: moved.account.id)?.text, "$argon2id$x", "the hash")
      let email = try probe.unwrap(profile.email, "an address")
      try probe.equal(try await probe.store.account(email: email)?.id.number, 700, "the account by e-mail")
      let username = try probe.unwrap(profile.username, "a name")
      try probe.equal(try await probe.store.account(username: username)?.id.number, 700, "the account by user name")
      for link in profile.links {
        try probe.equal(try await probe.store.account(link: link)?.id.number, 700, "the account by \(link)")
      }
      var query = AccountQuery(limit: 10)
      query.filter.level = profile.level
      try probe.equal(try await probe.store.page(query).accounts.map(\.id.number), [700], "the accounts of a list")
      try probe.equal(try await probe.logged(after: end), [], "what the log has got")
      let closings = try await probe.store.closingsDue(limit: 10)
      try probe.equal(closings.map(\.id.number), [], "who owes closings")
    },
    MovingStoreCase("accounts: nobody is made an administrator, and numbers go on above the moved") { probe in
      let user = probe.moved(41, probe.accounts.profile("a", level: .guest))
      try probe.equal(try await probe.store.move(user), .added, "what became of it")
      try probe.equal(try await probe.store.account(user.account.id)?.profile.level, .guest, "its level")
      let lower = probe.moved(7, probe.accounts.profile("b"))
      try probe.equal(try await probe.store.move(lower), .added, "what became of the lower number")
      let next = try await probe.accounts.add(probe.accounts.profile("c"))
      try probe.expect(next.id.number > 41, "a number above 41", found: "\(next.id)")
    },
    MovingStoreCase("accounts: the same one again changes nothing, and one created at another time is another") {
      probe in
      let moved = probe.moved(5, probe.accounts.profile("a"), password: PasswordHash("$1"))
      try probe.equal(try await probe.store.move(moved), .added, "what became of it")
      var changed = moved
      changed.account.profile.name = "Other"
      changed.password = PasswordHash("$2")
      try probe.equal(try await probe.store.move(changed), .kept, "what became of the same one")
      try await probe.accounts.expectStored(moved.account)
      try probe.equal(try await probe.store.passwordHash(of: moved.account.id)?.text, "$1", "the hash")
      let other = probe.moved(5, probe.accounts.profile("z"), age: .days(2))
      try probe.equal(try await probe.store.move(other), .numberTaken, "what became of another one")
      try await probe.accounts.expectStored(moved.account)
    },
    MovingStoreCase("accounts: what another account has is refused, and nothing is left of the one refused") { probe in
      let owner = probe.moved(1, probe.accounts.fullProfile(1))
      try probe.equal(try await probe.store.move(owner), .added, "what became of the first")
      let own = owner.account.profile
      let attempts: [(UniqueMember, AccountProfile)] = [
        (.email, probe.accounts.fullProfile(2).with { $0.email = own.email }),
        (.username, probe.accounts.fullProfile(2).with { $0.username = own.username }),
        (.links, probe.accounts.fullProfile(2).with { $0.links = [own.links[1]] }),
        (.links, probe.accounts.fullProfile(2).with { $0.links = [$0.links[0], $0.links[0]] }),
      ]
      for (member, profile) in attempts {
        try probe.equal(try await probe.store.move(probe.moved(2, profile)), .taken(member), "what became of it")
        try probe.equal(try await probe.store.account(AccountID(2)), nil, "the one refused")
      }
      try probe.equal(
        try await probe.store.move(probe.moved(2, probe.accounts.fullProfile(2))), .added, "what became of a fresh one")
    },
    MovingStoreCase("accounts: one that is not active owes the closing of its sessions") { probe in
      let idle = probe.moved(3, probe.accounts.profile("a").with { $0.isActive = false })
      try probe.equal(try await probe.store.move(idle), .added, "what became of it")
      let dues = try await probe.store.closingsDue(limit: 10)
      try probe.equal(dues.map(\.id.number), [3], "who owes closings")
      try probe.equal(dues.first?.due, ClosingDue(), "what is owed")
      try await probe.store.settleClosing(of: idle.account.id, due: ClosingDue())
      let left = try await probe.store.closingsDue(limit: 10)
      try probe.equal(left.map(\.id.number), [], "who owes closings afterwards")
    },
    MovingStoreCase("accounts: of many who want one address at once, one gets it") { probe in
      let store = probe.store
      let outcomes = try await probe.together(20) { index in
        try await store.move(probe.moved(Int64(index + 1), probe.accounts.profile("same")))
      }
      try probe.equal(outcomes.filter { $0 == .added }.count, 1, "how many got it")
      try probe.equal(outcomes.filter { $0 == .taken(.email) }.count, 19, "how many did not")
    },
  ]

  static let keyCases = [
    MovingStoreCase("keys: the digest is answered by number, and of a missing or revoked key there is none") { probe in
      let digest = (0..<32).map { UInt8($0) &* 37 }
      let key = try await probe.store.insertKey(
        name: "backend", scopes: [.admin], expires: nil, digest: digest, by: Actor(.service), now: probe.now)
      try probe.equal(try await probe.store.digest(ofKey: key.id), digest, "the digest")
      try probe.equal(try await probe.store.digest(ofKey: key.id + 1), nil, "the digest of a missing key")
      _ = try await probe.store.revokeKey(key.id, by: Actor(.service), now: probe.now)
      try probe.equal(try await probe.store.digest(ofKey: key.id), nil, "the digest of a revoked key")
    }
  ]
}
