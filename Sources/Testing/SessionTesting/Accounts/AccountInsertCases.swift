internal import Accounts
internal import SessionCore

extension AccountStoreCase {
  static let insertCases = [
    AccountStoreCase("insert: an account comes back byte for byte, at revision 1, by every way to it") { probe in
      try await probe.addAdministrator()
      let profile = probe.fullProfile(1)
      let account = try await probe.add(profile, password: PasswordHash("$argon2id$x"))
      try probe.equal(account.profile, profile, "the profile")
      try probe.equal(account.revision, 1, "the revision")
      try probe.equal(account.created, probe.now, "the time of creation")
      try probe.equal(account.hasPassword, true, "whether it has a password")
      try await probe.expectStored(account)
      let email = try probe.unwrap(profile.email, "an address")
      try probe.same(try await probe.store.account(email: email), account, "the account by e-mail")
      let username = try probe.unwrap(profile.username, "a name")
      try probe.same(try await probe.store.account(username: username), account, "the account by user name")
      for link in profile.links {
        try probe.same(try await probe.store.account(link: link), account, "the account by \(link)")
      }
      try probe.equal(try await probe.store.passwordHash(of: account.id)?.text, "$argon2id$x", "the hash")
      let page = try await probe.store.page(AccountQuery(isDescending: true, limit: 1))
      try probe.same(page.accounts.first, account, "the account in a list")
    },
    AccountStoreCase("insert: an account may have nothing but a level, and no password") { probe in
      try await probe.addAdministrator()
      for level in AccountLevel.allCases {
        let account = try await probe.add(AccountProfile(level: level))
        try probe.equal(account.profile, AccountProfile(level: level), "the profile")
        try probe.equal(account.hasPassword, false, "whether it has a password")
        try await probe.expectStored(account)
        try probe.equal(try await probe.store.passwordHash(of: account.id)?.text, nil, "the hash")
      }
    },
    AccountStoreCase("insert: numbers rise, and that of a removed account is not given again") { probe in
      let first = try await probe.addAdministrator()
      let second = try await probe.add(probe.profile("b"))
      try probe.expect(first.id < second.id, "a higher number", found: "\(second.id)")
      _ = try await probe.store.remove(second.id, by: probe.actor, now: probe.now)
      let third = try await probe.add(probe.profile("c"))
      try probe.expect(second.id < third.id, "a number above \(second.id)", found: "\(third.id)")
      try probe.equal(try await probe.store.account(second.id), nil, "the removed account")
    },
    AccountStoreCase("insert: the first active account becomes an administrator, and the next does not") { probe in
      let idle = try await probe.add(.of(.guest) { $0.isActive = false })
      try probe.equal(idle.profile.level, .guest, "the level of one that is not active")
      let idleChief = try await probe.add(.of(.administrator) { $0.isActive = false })
      try probe.equal(idleChief.profile.level, .administrator, "the level of an administrator that is not active")
      let first = try await probe.add(probe.profile("a", level: .guest))
      try probe.equal(first.profile.level, .administrator, "the level of the first active one")
      try await probe.expectStored(first)
      let next = try await probe.add(probe.profile("b", level: .guest))
      try probe.equal(next.profile.level, .guest, "the level of the next")
    },
  ]

  static let uniqueCases = [
    AccountStoreCase("insert: what another account has is refused, and says what") { probe in
      let owner = try await probe.add(probe.fullProfile(1).with { $0.isActive = false })
      let own = owner.profile
      let before = try await probe.count
      let attempts: [(UniqueMember, AccountProfile)] = [
        (.email, probe.fullProfile(2).with { $0.email = own.email }),
        (.username, probe.fullProfile(2).with { $0.username = own.username }),
        (.links, probe.fullProfile(2).with { $0.links.append(own.links[1]) }),
      ]
      for (member, profile) in attempts {
        let outcome = try await probe.store.insert(profile, password: nil, by: probe.actor, now: probe.now)
        try probe.equal(outcome, .taken(member), "the outcome")
      }
      try probe.equal(try await probe.count, before, "the number of accounts")
      // Nothing of what was refused is left behind.
      try await probe.add(probe.fullProfile(2))
    },
    AccountStoreCase("insert: the case of an address counts before the @, not after it") { probe in
      let account = try await probe.add(.of(.user) { $0.email = EmailAddress("Anna@Example.ORG") })
      let same = AccountProfile.of(.user) { $0.email = EmailAddress("Anna@eXAMPLE.org") }
      let outcome = try await probe.store.insert(same, password: nil, by: probe.actor, now: probe.now)
      try probe.equal(outcome, .taken(.email), "the outcome of another case of the domain")
      let other = try await probe.add(.of(.user) { $0.email = EmailAddress("anna@example.org") })
      let found = try await probe.store.account(email: try probe.unwrap(same.email, "an address"))
      try probe.same(found, account, "the account by another case of the domain")
      try await probe.expectStored(other)
    },
    AccountStoreCase("insert: texts that look the same are different if their bytes are") { probe in
      func profile(_ accented: String) -> AccountProfile {
        .of(.user) {
          $0.email = EmailAddress("\(accented)@\(accented).org")
          $0.username = ExactText(accented)
          $0.links = [IdentityLink(issuer: "https://a.example", subject: ExactText(accented))]
        }
      }
      for text in ["\u{E9}", "e\u{301}"] {
        let account = try await probe.add(profile(text))
        try probe.same(try await probe.store.account(username: ExactText(text)), account, "the account by user name")
      }
      try probe.equal(try await probe.store.account(username: "e"), nil, "the account of another name")
    },
    AccountStoreCase("insert: one link twice is refused as taken") { probe in
      let profile = AccountProfile.of(.user) {
        $0.links = [IdentityLink(issuer: "i", subject: "s"), IdentityLink(issuer: "i", subject: "s")]
      }
      let outcome = try await probe.store.insert(profile, password: nil, by: probe.actor, now: probe.now)
      try probe.equal(outcome, .taken(.links), "the outcome")
      try probe.equal(try await probe.count, 0, "the number of accounts")
    },
  ]

  static let findCases = [
    AccountStoreCase("account: what is missing is nil") { probe in
      try await probe.add(probe.fullProfile(1))
      let missing = AccountID(.max)
      try probe.equal(try await probe.store.account(missing), nil, "the account")
      try probe.equal(try await probe.store.passwordHash(of: missing)?.text, nil, "the hash")
      let email = try probe.unwrap(EmailAddress("nobody@example.org"), "an address")
      try probe.equal(try await probe.store.account(email: email), nil, "the account by e-mail")
      try probe.equal(try await probe.store.account(username: "' OR 1=1 --"), nil, "the account by user name")
      let link = IdentityLink(issuer: "https://a.example", subject: "\u{E9}-1")
      try probe.equal(try await probe.store.account(link: link), nil, "the account by a link with another's subject")
    }
  ]
}
