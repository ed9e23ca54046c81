internal import Accounts
internal import SessionCore

extension AccountStoreCase {
  static let replaceCases = [
    AccountStoreCase("replace: every member is changed, and the revision is one higher") { probe in
      try await probe.addAdministrator()
      let account = try await probe.add(probe.profile("a"), password: PasswordHash("$h"))
      var expected = account
      (expected.profile, expected.revision) = (probe.fullProfile(1), 2)
      try probe.equal(
        try await probe.replace(expected.profile, of: account), .replaced(expected, before: account), "the outcome")
      try await probe.expectStored(expected)
      let later = try await probe.change(expected) { $0.links = $0.links.reversed() }
      try probe.equal(later.profile.links, expected.profile.links.reversed(), "the links in another order")
      try await probe.expectStored(later)
      let bare = try await probe.change(later) { $0 = AccountProfile(level: .guest) }
      try probe.equal(bare.revision, 4, "the revision")
      try await probe.expectStored(bare)
      try probe.equal(try await probe.store.passwordHash(of: account.id)?.text, "$h", "the hash")
    },
    AccountStoreCase("replace: old names lead nowhere and are free, new ones lead to the account") { probe in
      try await probe.addAdministrator()
      let old = try await probe.add(probe.fullProfile(1))
      let new = try await probe.change(old) { $0 = probe.fullProfile(2) }
      for (profile, expected) in [(old.profile, nil), (new.profile, new)] {
        let email = try probe.unwrap(profile.email, "an address")
        try probe.equal(try await probe.store.account(email: email), expected, "the account by e-mail")
        let username = try probe.unwrap(profile.username, "a name")
        try probe.equal(try await probe.store.account(username: username), expected, "the account by user name")
        for link in profile.links {
          try probe.equal(try await probe.store.account(link: link), expected, "the account by a link")
        }
      }
      try await probe.add(probe.fullProfile(1))
    },
    AccountStoreCase("replace: another revision is a conflict, and changes nothing") { probe in
      try await probe.addAdministrator()
      let first = try await probe.add(probe.fullProfile(1))
      let second = try await probe.change(first) { $0.name = "second" }
      for revision in [first.revision, second.revision + 1, 0, -1] {
        let outcome = try await probe.store.replace(
          probe.fullProfile(2), of: first.id, revision: revision, by: probe.actor, now: probe.now)
        try probe.equal(outcome, .conflict, "the outcome at revision \(revision)")
      }
      try await probe.expectStored(second)
    },
    AccountStoreCase("replace: a missing account is said to be missing") { probe in
      let outcome = try await probe.store.replace(
        probe.fullProfile(1), of: AccountID(77), revision: 1, by: probe.actor, now: probe.now)
      try probe.equal(outcome, .missing, "the outcome")
      try probe.equal(try await probe.count, 0, "the number of accounts")
    },
    AccountStoreCase("replace: what another account has is refused, one's own is not") { probe in
      try await probe.addAdministrator()
      let owner = try await probe.add(probe.fullProfile(1))
      let account = try await probe.add(probe.fullProfile(2))
      let attempts: [(UniqueMember, AccountProfile)] = [
        (.email, account.profile.with { $0.email = owner.profile.email }),
        (.username, account.profile.with { $0.username = owner.profile.username }),
        (.links, account.profile.with { $0.links = [owner.profile.links[2]] }),
        (.links, account.profile.with { $0.links.append($0.links[0]) }),
      ]
      for (member, profile) in attempts {
        try probe.equal(try await probe.replace(profile, of: account), .taken(member), "the outcome")
      }
      try await probe.expectStored(account)
      let key = try probe.unwrap(account.profile.email, "an address").key.string
      let again = try await probe.change(account) { $0.email = EmailAddress(key) }
      try await probe.expectStored(again)
      let found = try await probe.store.account(email: try probe.unwrap(account.profile.email, "an address"))
      try probe.same(found, again, "the account by e-mail")
    },
  ]
}
