import Accounts
import SessionCore
import SessionTesting
import Testing

@Suite("Sessions with their accounts, where few of many meet the condition") struct RareAccountSessionTests {
  private let now = Timestamp(milliseconds: 1_700_000_000_000)

  @Test("the oldest of many sessions are found, a page after the other", arguments: TestedStore.all)
  func rare(tested: TestedStore) async throws {
    try await tested.onStore { store in
      var profile = AccountProfile(level: .user)
      profile.lastName = "Rare"
      guard case .inserted(let account) = try await store.insert(profile, password: nil, by: .tester, now: now) else {
        Issue.record("an account is added")
        return
      }
      let sessions = (0..<1200).map { number in
        let isRare = number % 250 == 0
        return Session(
          id: SessionID(high: UInt64(number), low: UInt64(number)), userID: isRare ? account.id.userID : "stranger",
          openTime: now - .seconds(Int64(1200 - number)), idleTimeout: .hours(1), lifetime: .days(1))
      }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for session in sessions {
          group.addTask { _ = try await store.insert(session, limit: nil, by: .tester, now: now) }
        }
        try await group.waitForAll()
      }
      let expected = sessions.filter { $0.userID == account.id.userID }.map(\.id).reversed()
      for limit in [1, 2, 5, 100] {
        var query = AccountSessionQuery(.text(.lastName, .equal, "Rare"), limit: limit)
        var found: [SessionID] = []
        repeat {
          let page = try await store.accountSessions(query, now: now)
          #expect(page.rows.count == limit || page.next == nil)
          #expect(page.rows.allSatisfy { $0.account?.id == account.id })
          found += page.rows.map(\.id)
          query.after = page.next
        } while query.after != nil
        #expect(found == Array(expected), "pages of \(limit)")
      }
    }
  }
}
