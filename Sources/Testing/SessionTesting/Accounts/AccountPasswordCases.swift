internal import Accounts
internal import SessionCore

extension AccountStoreCase {
  private static let (old, new) = (PasswordHash("$old"), PasswordHash("$new"))
  private static let own = ClosingDue(except: SessionID(high: 1, low: 2))

  static let passwordCases = [
    AccountStoreCase("setPassword: the hash is replaced, and the account's revision is one higher") { probe in
      let account = try await probe.add(probe.fullProfile(1))
      try probe.equal(
        try await probe.setPassword(old, replacing: nil, closing: ClosingDue(), of: account.id), true, "the answer")
      var expected = account
      (expected.hasPassword, expected.revision) = (true, 2)
      try await probe.expectStored(expected)
      try probe.equal(try await probe.store.passwordHash(of: account.id)?.text, old.text, "the hash")
      try probe.equal(
        try await probe.setPassword(new, replacing: old, closing: own, of: account.id), true, "the second answer")
      expected.revision = 3
      try await probe.expectStored(expected)
      try probe.equal(try await probe.store.passwordHash(of: account.id)?.text, new.text, "the second hash")
    },
    AccountStoreCase("setPassword: another current hash changes nothing") { probe in
      let bare = try await probe.add(probe.profile("a"))
      let account = try await probe.add(probe.profile("b"), password: old)
      for (id, current) in [(bare.id, old), (account.id, nil), (account.id, new), (AccountID(99), nil)] {
        let isSet = try await probe.setPassword(new, replacing: current, closing: ClosingDue(), of: id)
        try probe.equal(isSet, false, "the answer")
      }
      try await probe.expectStored(bare)
      try await probe.expectStored(account)
      try probe.equal(try await probe.store.passwordHash(of: account.id)?.text, old.text, "the hash")
      try probe.equal(try await probe.store.closingsDue(limit: 10).count, 0, "what is owed")
    },
    AccountStoreCase("race: of 50 passwords set in place of one, one is") { probe in
      let account = try await probe.add(probe.profile("a"), password: old)
      let winners = try await probe.together(50) { index in
        let hash = PasswordHash("$\(index)")
        return try await probe.setPassword(hash, replacing: old, closing: ClosingDue(), of: account.id) ? hash : nil
      }.compactMap { $0 }
      try probe.equal(winners.count, 1, "the number set")
      try probe.equal(try await probe.store.passwordHash(of: account.id)?.text, winners.first?.text, "the hash")
    },
  ]

  static let removeCases = [
    AccountStoreCase("remove: the account is gone with its hash, its debt and its names") { probe in
      try await probe.addAdministrator()
      let active = try await probe.add(probe.fullProfile(1), password: old)
      let account = try await probe.change(active) { $0.isActive = false }
      let remove = { try await probe.store.remove(account.id, by: probe.actor, now: probe.now) }
      try probe.equal(try await remove(), .removed(account), "the outcome")
      try probe.equal(try await remove(), .missing, "the second outcome")
      try probe.equal(try await probe.store.account(account.id), nil, "the account")
      try probe.equal(try await probe.store.passwordHash(of: account.id)?.text, nil, "the hash")
      try await probe.expectDue(nil, of: account.id)
      for link in account.profile.links {
        try probe.equal(try await probe.store.account(link: link), nil, "the account by a link")
      }
      let next = try await probe.add(probe.fullProfile(1))
      try await probe.expectStored(next)
    }
  ]

  static let closingCases = [
    AccountStoreCase("closing: an account that is not active after a change owes it, and others don't") { probe in
      try await probe.addAdministrator()
      let account = try await probe.add(probe.profile("a"))
      let renamed = try await probe.change(account) { $0.name = "A" }
      try await probe.expectDue(nil, of: account.id)
      let idle = try await probe.change(renamed) { $0.isActive = false }
      try await probe.expectDue(ClosingDue(), of: account.id)
      let back = try await probe.change(idle) { $0.isActive = true }
      try await probe.expectDue(ClosingDue(), of: account.id, "what is owed after the account is active again")
      try await probe.expectStored(back)
      try await probe.store.settleClosing(of: account.id, due: ClosingDue())
      try await probe.expectDue(nil, of: account.id, "what is owed once settled")
      try await probe.expectStored(back)
    },
    AccountStoreCase("closing: a new password owes it but for its own session, a hash that is upgraded owes nothing") {
      probe in
      let account = try await probe.add(probe.profile("a"), password: old)
      _ = try await probe.setPassword(new, replacing: old, closing: nil, of: account.id)
      try await probe.expectDue(nil, of: account.id, "what an upgrade owes")
      _ = try await probe.setPassword(old, replacing: new, closing: own, of: account.id)
      try await probe.expectDue(own, of: account.id)
      _ = try await probe.setPassword(new, replacing: old, closing: nil, of: account.id)
      try await probe.expectDue(own, of: account.id, "what is owed after an upgrade")
    },
    AccountStoreCase("closing: a debt is settled by its own payment only") { probe in
      let account = try await probe.add(probe.profile("a"), password: old)
      _ = try await probe.setPassword(new, replacing: old, closing: own, of: account.id)
      for other in [ClosingDue(), ClosingDue(except: SessionID(high: 1, low: 3))] {
        try await probe.store.settleClosing(of: account.id, due: other)
        try await probe.expectDue(own, of: account.id, "what is owed after another payment")
      }
      try await probe.store.settleClosing(of: AccountID(99), due: own)
      try await probe.store.settleClosing(of: account.id, due: own)
      try await probe.expectDue(nil, of: account.id, "what is owed after the payment")
    },
    AccountStoreCase("closing: two debts are joined, and a session goes on only if both let it") { probe in
      try await probe.addAdministrator()
      let account = try await probe.add(probe.profile("a"), password: old)
      _ = try await probe.setPassword(new, replacing: old, closing: own, of: account.id)
      let other = ClosingDue(except: SessionID(high: 3, low: 4))
      _ = try await probe.setPassword(old, replacing: new, closing: other, of: account.id)
      try await probe.expectDue(ClosingDue(), of: account.id, "what two password changes owe")
      let second = try await probe.add(probe.profile("b"), password: old)
      _ = try await probe.setPassword(new, replacing: old, closing: own, of: second.id)
      let now = try probe.unwrap(try await probe.store.account(second.id), "the account")
      try await probe.change(now) { $0.isActive = false }
      try await probe.expectDue(ClosingDue(), of: second.id, "what a deactivation owes after a password change")
      _ = try await probe.setPassword(old, replacing: new, closing: own, of: second.id)
      try await probe.expectDue(ClosingDue(), of: second.id, "what a password change owes after a deactivation")
    },
    AccountStoreCase("closing: debts are answered lowest number first, no more than asked for") { probe in
      try await probe.addAdministrator()
      var ids: [AccountID] = []
      for number in 0..<20 {
        let account = try await probe.add(probe.profile("p\(number)"))
        if number % 2 == 0 {
          try await probe.change(account) { $0.isActive = false }
          ids.append(account.id)
        }
      }
      try probe.equal(try await probe.store.closingsDue(limit: 100).map(\.id), ids, "the accounts")
      try probe.equal(try await probe.store.closingsDue(limit: 3).map(\.id), Array(ids.prefix(3)), "the first three")
      try probe.equal(try await probe.store.closingsDue(limit: 0).count, 0, "none of them")
    },
  ]
}
