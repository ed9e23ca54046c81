import SessionCore
import Testing

@testable import Accounts

@Suite struct AccountCacheTests {
  private static let actor = AccountsWorld.actor

  @Test("an account that was read is known without the store, and so is that there is none")
  func known() async throws {
    let world = try await AccountsWorld()
    let account = try await world.create("ana@example.com")
    let (user, nobody): (ExactText, ExactText) = (account.id.userID, "99")
    #expect(world.accounts.accountAtOnce(ofUser: user) == .miss)
    #expect(world.accounts.accountAtOnce(ofUser: nobody) == .miss)
    #expect(try await world.accounts.account(ofUser: user) == account)
    #expect(try await world.accounts.account(ofUser: nobody) == nil)
    _ = world.hooks.takeCalls()
    #expect(world.accounts.accountAtOnce(ofUser: user) == .account(account))
    #expect(world.accounts.accountAtOnce(ofUser: nobody) == .none)
    #expect(try await world.accounts.account(ofUser: user) == account)
    #expect(world.hooks.takeCalls().isEmpty)
    _ = try await world.accounts.account(account.id, fresh: true)
    #expect(world.hooks.takeCalls() == ["account"])
  }

  @Test(
    "a user id that is no account's costs nothing",
    arguments: ["", "ana", "0", "-1", "+1", "01", "1 ", "99999999999999999999"])
  func noNumber(_ userID: String) async throws {
    let world = try await AccountsWorld()
    _ = world.hooks.takeCalls()
    #expect(world.accounts.accountAtOnce(ofUser: ExactText(userID)) == .none)
    #expect(try await world.accounts.account(ofUser: ExactText(userID)) == nil)
    #expect(world.hooks.takeCalls().isEmpty)
  }

  @Test("that there is no account of an id is forgotten when there is")
  func created() async throws {
    let world = try await AccountsWorld()
    let id = AccountID(2)
    #expect(try await world.accounts.account(id) == nil)
    let account = try await world.create("ana@example.com")
    #expect(account.id == id)
    #expect(try await world.accounts.account(id) == account)
  }

  @Test("a read that began before a creation does not bring back that there is none")
  func createdDuringRead() async throws {
    let world = try await AccountsWorld()
    world.hooks.after("account") { () async throws(StoreError) in
      var profile = AccountProfile()
      profile.username = "ana"
      _ = try await world.accounts.create(profile, password: nil, by: Self.actor)
    }
    #expect(try await world.accounts.account(AccountID(2)) == nil)
    #expect(world.accounts.accountAtOnce(ofUser: "2") == .miss)
  }

  @Test("a read that began before a change does not fill the cache after it")
  func staleRefill() async throws {
    let world = try await AccountsWorld()
    let account = try await world.create("ana@example.com")
    world.hooks.after("account") { () async throws(StoreError) in
      _ = try await world.accounts.change(account.id, by: Self.actor) { $0.level = .guest }
    }
    _ = try await world.accounts.account(account.id)
    guard case .account(let cached) = world.accounts.accountAtOnce(ofUser: account.id.userID) else {
      Issue.record("the change did not fill the cache")
      return
    }
    #expect(cached.profile.level == .guest)
  }

  @Test("nor does a read that ends while a write is under way")
  func readDuringWrite() async throws {
    let cache = AccountCache(limit: 320)
    let account = Account(
      id: AccountID(1), profile: AccountProfile(), created: .earliest, hasPassword: false, revision: 1)
    var changed = account
    changed.revision = 2
    let stored = changed
    try await cache.write(account.id) { () async throws(StoreError) -> (Void, AccountCache.WriteEffect) in
      _ = try await cache.read(account.id) { () async throws(StoreError) -> Account? in account }
      #expect(cache.find(account.id) == .miss)
      return ((), .stored(stored))
    }
    #expect(cache.find(account.id) == .account(changed))
  }

  @Test("of writes whose answers come in another order than they were made the newest is known")
  func overlapping() async throws {
    let world = try await AccountsWorld()
    let account = try await world.create("ana@example.com")
    world.hooks.after("replace") { () async throws(StoreError) in
      // The first is stored and its answer on the way.
      _ = try await world.accounts.change(account.id, by: Self.actor) { $0.isActive = false }
    }
    _ = try await world.accounts.change(account.id, by: Self.actor) { $0.name = "Ana" }
    #expect(try await world.accounts.account(account.id)?.profile.isActive == false)
    #expect(try await world.accounts.account(account.id)?.revision == 3)
  }

  @Test("a write whose outcome is unknown leaves nothing known")
  func unknownOutcome() async throws {
    let world = try await AccountsWorld()
    let account = try await world.create("ana@example.com")
    world.hooks.after("replace") { () async throws(StoreError) in
      throw StoreError(.unknownOutcome, "The answer was lost.")
    }
    await #expect(throws: StoreError.self) {
      try await world.accounts.change(account.id, by: Self.actor) { $0.level = .guest }
    }
    #expect(world.accounts.accountAtOnce(ofUser: account.id.userID) == .miss)
    #expect(try await world.accounts.account(account.id)?.profile.level == .guest)
  }

  @Test("the cache is bounded, and keeps what is asked for again")
  func bounded() async throws {
    let cache = AccountCache(limit: 320)
    func read(_ number: Int64) async throws {
      _ = try await cache.read(AccountID(number)) { () async throws(StoreError) -> Account? in nil }
    }
    try await read(1)
    for number in 2...2000 as ClosedRange<Int64> {
      try await read(number)
      #expect(cache.find(AccountID(1)) == .none)
    }
    let known = (1...2000 as ClosedRange<Int64>).count { cache.find(AccountID($0)) != .miss }
    #expect(known <= 320)
  }
}
