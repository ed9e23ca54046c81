internal import Accounts
internal import SessionCore

extension AccountSessionStoreCase {
  static let joinCases = [
    AccountSessionStoreCase("list: each live session comes once with its account, newest first") { probe in
      let anna = try await probe.add {
        $0.email = EmailAddress("Anna@Example.ORG")
        $0.username = "anna/\u{E9}"
        $0.firstName = "Anna \"O'Neil\"; --"
        $0.lastName = "\u{65}\u{301}"
      }
      let bert = try await probe.add { $0.username = "bert" }
      let sessions = [
        probe.session(1, anna.id.userID, age: 1, address: "2001:db8::1%25"), probe.session(2, bert.id.userID, age: 2),
        probe.session(3, anna.id.userID, age: 3, address: ""),
      ]
      for session in sessions.reversed() { try await probe.add(session) }
      let expected = [(0, anna), (1, bert), (2, anna)].map { index, account in
        AccountSession(sessions[index], account: SessionHolder(account))
      }
      for limit in [1, 2, 3, 4] {
        let rows = try await probe.rows(limit: limit)
        try probe.equal(rows, expected, "the rows in pages of \(limit)")
        try probe.equal(
          rows.map(\.account?.email?.text), expected.map(\.account?.email?.text), "the addresses as they were given")
      }
    },
    AccountSessionStoreCase("list: of one time, the highest id comes first") { probe in
      let sessions = (1...9).map { probe.session($0, "u") }
      for session in sessions { try await probe.add(session) }
      let expected = sessions.map(\.id).sorted(by: >)
      for limit in [1, 4, 9] {
        try probe.equal(try await probe.rows(limit: limit).map(\.id), expected, "the ids in pages of \(limit)")
      }
    },
    AccountSessionStoreCase("list: closed and expired sessions are not in it") { probe in
      let (live, closed, expired) = (probe.session(1, "a"), probe.session(2, "a"), probe.session(3, "a", age: 60))
      try await probe.add(live, closed, expired)
      _ = try await probe.store.close(closed.id, reason: .logout, now: probe.now)
      try await probe.expect(.all([]), lists: [live], "the live sessions")
      try await probe.expect(.text(.userID, .equal, "a"), lists: [live], "the live sessions of the user")
    },
    AccountSessionStoreCase("list: a user id that only looks like an account's has no account") { probe in
      let account = try await probe.add { $0.username = "u" }
      let number = account.id.userID.string
      let strangers = [
        "0\(number)", " \(number)", "+\(number)", "\(number)x", "\(number).0", "\(number)\u{0}", "u", "-1",
      ]
      for (index, userID) in strangers.enumerated() {
        try await probe.add(probe.session(UInt64(index + 2), ExactText(userID)))
      }
      let own = probe.session(1, account.id.userID, age: 0)
      try await probe.add(own, probe.session(50, "99999999999999999999"), probe.session(51, "9223372036854775807"))
      let rows = try await probe.rows()
      try probe.equal(rows.filter { $0.account != nil }.map(\.id), [own.id], "the sessions with an account")
      try probe.equal(rows.count, strangers.count + 3, "the number of sessions")
      try await probe.expect(.account(.greaterOrEqual, .min), lists: [own], "the sessions of accounts")
    },
    AccountSessionStoreCase("list: it sees accounts as they are now") { probe in
      _ = try await probe.add { $0.username = "root" }
      let account = try await probe.add { $0.username = "before" }
      let session = probe.session(1, account.id.userID)
      try await probe.add(session)
      var profile = account.profile
      profile.username = "after"
      _ = try await probe.store.replace(profile, of: account.id, revision: 1, by: .tester, now: probe.now)
      try probe.equal(try await probe.rows().first?.account?.username, "after", "the name")
      try await probe.expect(.text(.username, .equal, "before"), lists: [], "who had the name")
      try await probe.expect(.text(.username, .equal, "after"), lists: [session], "who has it")
      _ = try await probe.store.remove(account.id, by: .tester, now: probe.now)
      try probe.equal(try await probe.rows().first?.account, nil, "the account that was removed")
      try await probe.expect(.isNull(.username), lists: [session], "who has none")
      try await probe.expect(.text(.username, .equal, "after"), lists: [], "who had it")
    },
    AccountSessionStoreCase("list: a store that is shut down throws") { probe in
      await probe.store.shutdown()
      try await probe.expectClosed([
        { _ = try await probe.list.accountSessions(AccountSessionQuery(), now: probe.now) }
      ])
    },
  ]
}
