import Accounts
import SessionCore
import Testing

@Suite("Accounts, log-ins and service keys of two stores on one place") struct SharedAccountTests {
  private typealias Pair = [any StorePlace.Store]
  private static let now = Timestamp(milliseconds: 1_700_000_000_000)
  private static let actor = Actor(.service, name: "tests", address: "192.0.2.1", requestID: "r-1")

  @Test("of 100 accounts of one address, user name or link, one is added", arguments: TestedStore.shared)
  func unique(kind: TestedStore) async throws {
    try await Self.onPair(of: kind) { stores in
      try await Self.add("root@example.org", .administrator, to: stores[0])
      for member in UniqueMember.allCases {
        let outcomes = try await Self.together(100) { index in
          var profile = AccountProfile()
          switch member {
          case .email: profile.email = EmailAddress("Same@example.org")
          case .username: profile.username = "same"
          case .links: profile.links = [IdentityLink(issuer: "same", subject: "same")]
          }
          return try await stores[index % 2].insert(profile, password: nil, by: Self.actor, now: Self.now)
        }
        #expect(outcomes.count { $0 == .taken(member) } == 99)
      }
      let page = try await stores[1].page(AccountQuery(counts: true))
      #expect(page.count == 4)
      let log = try await Self.log(of: stores[0])
      #expect(log.count { $0.event.kind == .accountCreated } == 4)
    }
  }

  @Test(
    "of 50 first accounts, one becomes an administrator, and no number is given twice", arguments: TestedStore.shared)
  func first(kind: TestedStore) async throws {
    try await Self.onPair(of: kind) { stores in
      let accounts = try await Self.together(50) { index in
        try await Self.add("a\(index)@example.org", .guest, to: stores[index % 2])
      }
      #expect(accounts.count { $0.profile.level == .administrator } == 1)
      #expect(Set(accounts.map(\.id)).count == 50)
      let page = try await stores[0].page(AccountQuery(limit: 100))
      #expect(page.accounts == accounts.sorted { $0.id < $1.id })
    }
  }

  /// A way of not being an active administrator any more.
  enum Loss: CaseIterable { case demotion, deactivation, removal }

  @Test("of two administrators that two stores take away at once, one stays", arguments: TestedStore.shared)
  func lastAdministrators(kind: TestedStore) async throws {
    try await Self.onPair(of: kind) { stores in
      var left = try await Self.add("left@example.org", .administrator, to: stores[0])
      for (number, losses) in (Self.pairs + Self.pairs + Self.pairs).enumerated() {
        let right = try await Self.add("right\(number)@example.org", .administrator, to: stores[1])
        let chiefs = [left, right]
        let isLost = try await Self.together(2) { index in
          (index, try await Self.lose(chiefs[index], by: losses[index], in: stores[index]))
        }
        #expect(isLost.count { $0.1 } == 1, "of \(losses)")
        let filter = AccountFilter.activeAdministrators
        let rest = try await stores[number % 2].page(AccountQuery(filter)).accounts
        #expect(rest == isLost.filter { !$0.1 }.map { chiefs[$0.0] })
        left = try #require(rest.first)
      }
    }
  }

  private static let pairs = Loss.allCases.flatMap { first in Loss.allCases.map { [first, $0] } }

  @Test("of 40 replacements at one revision, one is made, and the other store sees it", arguments: TestedStore.shared)
  func revisions(kind: TestedStore) async throws {
    try await Self.onPair(of: kind) { stores in
      var account = try await Self.add("a@example.org", .administrator, to: stores[0])
      for round in 1...3 {
        let before = account
        let outcomes = try await Self.together(40) { index in
          var profile = before.profile
          profile.name = ExactText("\(round) \(index)")
          return try await stores[index % 2].replace(
            profile, of: before.id, revision: before.revision, by: Self.actor, now: Self.now)
        }
        #expect(outcomes.count { $0 == .conflict } == 39)
        let seen = [try await stores[0].account(before.id), try await stores[1].account(before.id)]
        #expect(seen[0] == seen[1])
        account = try #require(seen[0])
        #expect(account.revision == before.revision + 1)
      }
    }
  }

  @Test("of 100 uses of what may be used once, one is the first", arguments: TestedStore.shared)
  func uses(kind: TestedStore) async throws {
    try await Self.onPair(of: kind) { stores in
      let first = try await Self.together(100) { index in
        try await stores[index % 2].useOnce("digest", until: Self.now + .minutes(5), now: Self.now)
      }
      #expect(first.count { $0 } == 1)
    }
  }

  @Test("of 200 tries exactly as many as a rule allows are let through", arguments: TestedStore.shared)
  func tries(kind: TestedStore) async throws {
    try await Self.onPair(of: kind) { stores in
      let rules = [
        AttemptRule(key: "account", limit: 10, window: .minutes(15)),
        AttemptRule(key: "network", limit: 1000, window: .hours(1)),
      ]
      let verdicts = try await Self.together(200) { index in
        try await stores[index % 2].countAttempt(rules, now: Self.now)
      }
      #expect(verdicts.count { $0 == .allowed } == 10)
      #expect(verdicts.allSatisfy { $0 == .allowed || $0 == .refused(retryAfter: .minutes(15)) })
      // What was refused was not counted under the other rule.
      let wide = AttemptRule(key: "network", limit: 11, window: .hours(1))
      #expect(try await stores[0].countAttempt([wide], now: Self.now) == .allowed)
      #expect(try await stores[1].countAttempt([wide], now: Self.now) == .refused(retryAfter: .hours(1)))
    }
  }

  @Test(
    "a key that one store adds opens the other, and a key that one revokes opens neither", arguments: TestedStore.shared
  )
  func keys(kind: TestedStore) async throws {
    try await Self.onPair(of: kind) { stores in
      let keys = try await Self.together(20) { index in
        try await stores[index % 2].insertKey(
          name: ExactText("key \(index)"), scopes: [.admin], expires: nil, digest: Self.digest(index), by: Self.actor,
          now: Self.now)
      }
      #expect(Set(keys.map(\.id)).count == 20)
      for index in 0..<20 {
        let key = try #require(try await stores[(index + 1) % 2].serviceKey(digest: Self.digest(index)))
        let answers = try await Self.together(10) { number in
          try await stores[number % 2].revokeKey(key.id, by: Self.actor, now: Self.now)
        }
        #expect(answers.compactMap { $0 } == [key])
        for store in stores { #expect(try await store.serviceKey(digest: Self.digest(index)) == nil) }
      }
    }
  }

  // MARK: What the tests say most often

  private static func digest(_ number: Int) -> [UInt8] { (0..<32).map { $0 &* 37 &+ UInt8(number) } }

  private static func onPair(of kind: TestedStore, _ body: (Pair) async throws -> Void) async throws {
    try await kind.onPlace { place in
      let first = try await place.open()
      let second: any StorePlace.Store
      do { second = try await place.open() } catch {
        await first.shutdown()
        throw error
      }
      let outcome: Result<Void, any Error>
      do { outcome = .success(try await body([first, second])) } catch { outcome = .failure(error) }
      await first.shutdown()
      await second.shutdown()
      try outcome.get()
    }
  }

  private static func together<Answer: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (Int) async throws -> Answer
  ) async throws -> [Answer] {
    try await withThrowingTaskGroup(of: Answer.self) { group in
      for index in 0..<count { group.addTask { try await body(index) } }
      var answers: [Answer] = []
      for try await answer in group { answers.append(answer) }
      return answers
    }
  }

  @discardableResult
  private static func add(
    _ email: String, _ level: AccountLevel, to store: any StorePlace.Store
  ) async throws -> Account {
    var profile = AccountProfile(level: level)
    profile.email = EmailAddress(email)
    let outcome = try await store.insert(profile, password: nil, by: actor, now: now)
    guard case .inserted(let account) = outcome else { throw Unexpected(outcome: "\(outcome)") }
    return account
  }

  /// Whether the store lets an administrator go.
  private static func lose(_ account: Account, by loss: Loss, in store: any StorePlace.Store) async throws -> Bool {
    if loss == .removal {
      switch try await store.remove(account.id, by: actor, now: now) {
      case .removed: return true
      case .lastAdministrator: return false
      case .missing: throw Unexpected(outcome: "missing")
      }
    }
    var profile = account.profile
    if loss == .demotion { profile.level = .user } else { profile.isActive = false }
    switch try await store.replace(profile, of: account.id, revision: account.revision, by: actor, now: now) {
    case .replaced: return true
    case .lastAdministrator: return false
    case let outcome: throw Unexpected(outcome: "\(outcome)")
    }
  }

  private static func log(of store: any StorePlace.Store) async throws -> [LoggedEvent] {
    var entries: [LoggedEvent] = []
    var page = try await store.events(after: 0, kinds: nil, limit: 100)
    while true {
      entries += page.entries
      guard page.hasMore else { return entries }
      page = try await store.events(after: page.next, kinds: nil, limit: 100)
    }
  }
}

/// An answer that a test has no use for.
private struct Unexpected: Error {
  let outcome: String
}

extension AccountFilter {
  /// The administrators that count.
  fileprivate static var activeAdministrators: AccountFilter {
    var filter = AccountFilter()
    (filter.level, filter.isActive) = (.administrator, true)
    return filter
  }
}
