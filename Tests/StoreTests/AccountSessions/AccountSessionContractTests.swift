import Accounts
import MemoryStore
import SessionCore
import SessionTesting
import Testing

@Suite("The contract of sessions with their accounts") struct AccountSessionContractTests {
  @Test("is kept by", arguments: TestedStore.all, AccountSessionStoreCase.all)
  func keeps(store: TestedStore, promise: AccountSessionStoreCase) async throws {
    try await store.onPlace { place in try await promise.run { try await place.open() } }
  }

  /// Wrong ways to answer, and how the cases that must find them out begin.
  private static let breakages:
    [(cases: String, name: String, change: @Sendable (AccountSessionQuery, AccountSessionPage) -> AccountSessionPage)] =
      [
        ("list", "forgets accounts", { _, page in page.changed { $0.rows[0].account = nil } }),
        ("list", "turns the order", { _, page in page.changed { $0.rows.reverse() } }),
        ("list", "loses the last of a page", { _, page in page.changed { $0.rows.removeLast() } }),
        (
          "condition", "knows no conditions",
          { query, page in query.condition == .any([]) ? page : .init(rows: [], next: nil) }
        ),
        ("random", "says that no page follows", { _, page in page.changed { $0.next = nil } }),
      ]

  @Test("a store that breaks a promise is found out", arguments: breakages.indices)
  func found(index: Int) async throws {
    let breakage = Self.breakages[index]
    var failures = 0
    for promise in AccountSessionStoreCase.all where promise.name.hasPrefix(breakage.cases) {
      do {
        try await promise.run(on: { MemoryStore() }, listing: { BrokenList(base: $0, change: breakage.change) })
      } catch is ConformanceFailure {
        failures += 1
      }
    }
    #expect(failures > 0, "no case has found that the store \(breakage.name)")
  }
}

/// A list whose pages are changed before they are answered.
private struct BrokenList: AccountSessionStore {
  let base: any AccountSessionStore
  let change: @Sendable (AccountSessionQuery, AccountSessionPage) -> AccountSessionPage

  func accountSessions(
    _ query: AccountSessionQuery, now: Timestamp
  ) async throws(StoreError) -> AccountSessionPage {
    change(query, try await base.accountSessions(query, now: now))
  }
}

extension AccountSessionPage {
  /// The page with a change made to it, unless it is empty.
  fileprivate func changed(_ change: (inout AccountSessionPage) -> Void) -> AccountSessionPage {
    guard !rows.isEmpty else { return self }
    var page = self
    change(&page)
    return page
  }
}
