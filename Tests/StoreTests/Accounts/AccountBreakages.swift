import Accounts
import MemoryStore
import SessionCore

extension AccountBreakage {
  static let all: [AccountBreakage] = adding + changing + reading + owing + telling + loggingIn + keys

  private static let adding = [
    AccountBreakage("insert: an account comes back", "forgets the first name") { store in
      store.insert = { base, input throws(StoreError) in
        var profile = input.profile
        profile.firstName = nil
        return try await base.insert(profile, password: input.password, by: input.actor, now: input.now)
      }
    },
    AccountBreakage("insert: an account comes back", "answers what is kept in other bytes") { store in
      store.account = { base, id throws(StoreError) in
        guard var account = try await base.account(id) else { return nil }
        account.profile.email = account.profile.email.map(\.key.string).flatMap(EmailAddress.init)
        return account
      }
    },
    AccountBreakage("insert: the first active", "says that the first one has the level that was asked for") { store in
      store.insert = { base, input throws(StoreError) in
        let outcome = try await base.insert(
          input.profile, password: input.password, by: input.actor, now: input.now)
        guard case .inserted(var account) = outcome else { return outcome }
        account.profile.level = input.profile.level
        return .inserted(account)
      }
    },
    AccountBreakage("insert: what another account has", "adds all but what is taken") { store in
      store.insert = { base, input throws(StoreError) in
        var profile = input.profile
        let outcome = try await base.insert(profile, password: input.password, by: input.actor, now: input.now)
        guard case .taken = outcome else { return outcome }
        (profile.email, profile.username, profile.links) = (nil, nil, [])
        return try await base.insert(profile, password: input.password, by: input.actor, now: input.now)
      }
    },
    AccountBreakage("race: of 50 first", "looks for administrators and adds in two steps") { store in
      store.insert = { base, input throws(StoreError) in
        var profile = input.profile
        var filter = AccountFilter()
        filter.level = .administrator
        let isFirst = try await base.page(AccountQuery(filter)).accounts.isEmpty
        for _ in 0..<20 { await Task.yield() }
        if isFirst { profile.level = .administrator }
        return try await base.insert(profile, password: input.password, by: input.actor, now: input.now)
      }
    },
  ]

  private static let changing = [
    AccountBreakage("replace: another revision", "ignores the revision") { store in
      store.replace = { base, input throws(StoreError) in
        let revision = try await base.account(input.id)?.revision ?? 0
        return try await base.replace(
          input.profile, of: input.id, revision: revision, by: input.actor, now: input.now)
      }
    },
    AccountBreakage("race: of 50 replacements", "compares the revision and replaces in two steps") { store in
      store.replace = { base, input throws(StoreError) in
        let found = try await base.account(input.id)
        for _ in 0..<20 { await Task.yield() }
        guard found?.revision == input.revision else { return .conflict }
        let revision = try await base.account(input.id)?.revision ?? 0
        return try await base.replace(
          input.profile, of: input.id, revision: revision, by: input.actor, now: input.now)
      }
    },
    AccountBreakage("replace: the last active", "lets the last administrator go") { store in
      store.replace = { base, input throws(StoreError) in
        let outcome = try await base.replace(
          input.profile, of: input.id, revision: input.revision, by: input.actor, now: input.now)
        guard outcome == .lastAdministrator, let account = try await base.account(input.id) else { return outcome }
        return .replaced(account, before: account)
      }
    },
    AccountBreakage("remove: the last active", "removes the last administrator") { store in
      store.remove = { base, input throws(StoreError) in
        let account = try await base.account(input.id)
        let outcome = try await base.remove(input.id, by: input.actor, now: input.now)
        if let account, outcome == .lastAdministrator { return .removed(account) }
        return outcome
      }
    },
    AccountBreakage("race: of two changes", "counts the administrators and demotes in two steps") { store in
      store.replace = { base, input throws(StoreError) in
        var filter = AccountFilter()
        (filter.level, filter.isActive) = (.administrator, true)
        let chiefs = try await base.page(AccountQuery(filter)).accounts
        for _ in 0..<20 { await Task.yield() }
        let outcome = try await base.replace(
          input.profile, of: input.id, revision: input.revision, by: input.actor, now: input.now)
        if outcome == .lastAdministrator, chiefs.count > 1 { return .replaced(chiefs[0], before: chiefs[0]) }
        return outcome
      }
    },
    AccountBreakage("remove: the account is gone", "says that nothing was there") { store in
      store.remove = { base, input throws(StoreError) in
        _ = try await base.remove(input.id, by: input.actor, now: input.now)
        return .missing
      }
    },
    AccountBreakage("setPassword: another current", "ignores the hash that it must have now") { store in
      store.setPassword = { base, input throws(StoreError) in
        let current = try await base.passwordHash(of: input.id)
        return try await base.setPassword(
          input.hash, replacing: current, closing: input.due, of: input.id, by: input.actor, now: input.now)
      }
    },
  ]

  private static let reading = [
    AccountBreakage("page: accounts come", "ignores the order") { store in
      store.page = { base, query throws(StoreError) in
        var query = query
        query.isDescending = false
        return try await base.page(query)
      }
    },
    AccountBreakage("page: the next page", "always tells of another page") { store in
      store.page = { base, query throws(StoreError) in
        var page = try await base.page(query)
        page.next = page.accounts.last?.id
        return page
      }
    },
    AccountBreakage("page: the next page", "counts the page alone") { store in
      store.page = { base, query throws(StoreError) in
        var page = try await base.page(query)
        if page.count != nil { page.count = page.accounts.count }
        return page
      }
    },
    AccountBreakage("random", "ignores whether accounts are verified") { store in
      store.page = { base, query throws(StoreError) in
        var query = query
        query.filter.isVerified = nil
        return try await base.page(query)
      }
    },
    AccountBreakage("random", "takes the end of a time for part of it") { store in
      store.page = { base, query throws(StoreError) in
        var query = query
        query.filter.createdBefore = query.filter.createdBefore.map { $0 + TimeSpan(milliseconds: 1) }
        return try await base.page(query)
      }
    },
  ]

  private static let owing = [
    AccountBreakage("closing: an account that is not active", "forgets the debt") { store in
      store.replace = { base, input throws(StoreError) in
        let outcome = try await base.replace(
          input.profile, of: input.id, revision: input.revision, by: input.actor, now: input.now)
        try await base.settleClosing(of: input.id, due: ClosingDue())
        return outcome
      }
    },
    AccountBreakage("closing: a new password", "owes for an upgrade") { store in
      store.setPassword = { base, input throws(StoreError) in
        try await base.setPassword(
          input.hash, replacing: input.current, closing: input.due ?? ClosingDue(), of: input.id, by: input.actor,
          now: input.now)
      }
    },
    AccountBreakage("closing: a new password", "spares no session") { store in
      store.setPassword = { base, input throws(StoreError) in
        try await base.setPassword(
          input.hash, replacing: input.current, closing: input.due.map { _ in ClosingDue() }, of: input.id,
          by: input.actor, now: input.now)
      }
    },
    AccountBreakage("closing: a debt is settled", "settles any debt") { store in
      store.settle = { base, input throws(StoreError) in
        for owed in try await base.closingsDue(limit: .max) where owed.id == input.id {
          try await base.settleClosing(of: owed.id, due: owed.due)
        }
      }
    },
    AccountBreakage("closing: debts are answered", "answers the highest number first") { store in
      store.closingsDue = { base, limit throws(StoreError) in
        Array(try await base.closingsDue(limit: .max).reversed().prefix(limit))
      }
    },
  ]

  private static let telling = [
    AccountBreakage("events: each change", "tells of a change twice") { store in
      store.replace = { base, input throws(StoreError) in
        let outcome = try await base.replace(
          input.profile, of: input.id, revision: input.revision, by: input.actor, now: input.now)
        try await base.append([Event(.accountChanged, at: input.now, by: input.actor)])
        return outcome
      }
    },
    AccountBreakage("events: what is refused", "tells of a refusal") { store in
      store.remove = { base, input throws(StoreError) in
        try await base.append([.removed(input.id, by: input.actor, at: input.now)])
        return try await base.remove(input.id, by: input.actor, now: input.now)
      }
    },
    AccountBreakage("events: each change", "names another actor") { store in
      store.insert = { base, input throws(StoreError) in
        try await base.insert(input.profile, password: input.password, by: Actor(.policy), now: input.now)
      }
    },
  ]
}
