internal import Accounts
internal import JSON
internal import SessionCore

extension AccountStoreCase {
  static let eventCases = [
    AccountStoreCase("events: each change of an account is one entry, by its actor and at its time") { probe in
      let hash = PasswordHash("$secret")
      var accounts: [Account] = []
      let events = try await probe.logged {
        let chief = try await probe.addAdministrator()
        let account = try await probe.add(probe.fullProfile(1), password: hash)
        accounts = [chief, account]
        let changed = try await probe.change(account) { ($0.name, $0.level) = ("B", .user) }
        _ = try await probe.setPassword(PasswordHash("$2"), replacing: hash, closing: ClosingDue(), of: account.id)
        let now = try probe.unwrap(try await probe.store.account(changed.id), "the account")
        try await probe.change(now) { ($0.isActive, $0.email) = (false, nil) }
        _ = try await probe.store.remove(account.id, by: probe.actor, now: probe.now)
      }
      guard let events else { return }
      try probe.equal(
        events.map(\.kind),
        [.accountCreated, .accountCreated, .accountChanged, .passwordChanged, .accountChanged, .accountRemoved],
        "the kinds")
      let ids = [accounts[0]] + Array(repeating: accounts[1], count: 5)
      try probe.equal(events.map(\.userID), ids.map(\.id.userID), "the users")
      for event in events {
        try probe.equal(event.actor, probe.actor, "the actor")
        try probe.equal(event.time, probe.now, "the time")
        try probe.equal(event.reason, nil, "the reason")
      }
      try probe.equal(
        events.map { $0.details?.description },
        [
          #"{"level":"A"}"#, #"{"level":"T"}"#, #"{"changed":["name","level"],"level":"U","level_before":"T"}"#, nil,
          #"{"changed":["email","active"]}"#, nil,
        ], "the details")
    },
    AccountStoreCase("events: a change names every member that differs, if only by a byte") { probe in
      try await probe.addAdministrator()
      let account = try await probe.add(probe.fullProfile(1))
      let events = try await probe.logged {
        let address = try probe.unwrap(account.profile.email, "an address").key.string
        let second = try await probe.change(account) { $0.email = EmailAddress(address) }
        try await probe.change(second) { $0 = .of(.guest) { $0.isActive = false } }
      }
      guard let events else { return }
      try probe.equal(
        events.map { $0.details?.description },
        [
          #"{"changed":["email"]}"#,
          #"{"changed":["email","username","name","first_name","last_name","picture","timezone","level","active","#
            + #""verified","links"],"level":"I","level_before":"T"}"#,
        ], "the details")
    },
    AccountStoreCase("events: what is refused, settled or upgraded, and what changes nothing, is no entry") { probe in
      let hash = PasswordHash("$1")
      let chief = try await probe.addAdministrator()
      let account = try await probe.add(probe.fullProfile(1), password: hash)
      let events = try await probe.logged {
        let same = probe.fullProfile(1)
        _ = try await probe.store.insert(same, password: nil, by: probe.actor, now: probe.now)
        _ = try await probe.replace(chief.profile.with { $0.level = .user }, of: chief)
        _ = try await probe.replace(chief.profile.with { $0.username = same.username }, of: chief)
        _ = try await probe.store.remove(chief.id, by: probe.actor, now: probe.now)
        _ = try await probe.store.remove(AccountID(99), by: probe.actor, now: probe.now)
        _ = try await probe.store.replace(same, of: account.id, revision: 7, by: probe.actor, now: probe.now)
        _ = try await probe.setPassword(hash, replacing: nil, closing: ClosingDue(), of: account.id)
        _ = try await probe.setPassword(PasswordHash("$2"), replacing: hash, closing: nil, of: account.id)
        try await probe.store.settleClosing(of: account.id, due: ClosingDue())
        let now = try probe.unwrap(try await probe.store.account(account.id), "the account")
        try await probe.change(now) { _ in }
      }
      try probe.equal(events?.map(\.kind) ?? [], [], "the entries")
    },
    AccountStoreCase("events: no entry holds an address, a name or a hash") { probe in
      let events = try await probe.logged {
        try await probe.addAdministrator()
        let account = try await probe.add(probe.fullProfile(1), password: PasswordHash("$secret"))
        try await probe.change(account) { $0 = probe.fullProfile(2) }
      }
      for details in (events ?? []).compactMap({ $0.details?.description }) {
        for secret in ["@", "secret", "anna", "O'Neil"] {
          try probe.expect(!details.contains(secret), "no \(secret) in the log", found: details)
        }
      }
    },
  ]
}
