import Accounts
import MemoryStore
import SessionCore
import SessionTesting
import Testing

@Suite struct AccountChangeTests {
  private static let actor = AccountsWorld.actor

  @Test("the first account is an administrator, whatever level it asks for, and the next is not")
  func first() async throws {
    let world = try await AccountsWorld()
    #expect(try await world.accounts.account(world.administrator)?.profile.level == .administrator)
    #expect(try await world.create("ana@example.com").profile.level == .user)
  }

  @Test("what belongs to another account is refused, in a new account and in an old one")
  func taken() async throws {
    let world = try await AccountsWorld()
    try await world.create("ana@example.com") { $0.username = "ana" }
    let ben = try await world.create("ben@example.com")
    var profile = AccountProfile()
    profile.email = EmailAddress("ana@EXAMPLE.com")
    #expect(try await world.accounts.create(profile, password: nil, by: Self.actor) == .taken(.email))
    #expect(try await world.accounts.change(ben.id, by: Self.actor) { $0.username = "ana" } == .taken(.username))
    #expect(try await world.accounts.account(ben.id) == ben)
  }

  @Test("a change at another revision than the one asked for does nothing, and shows what is there")
  func revision() async throws {
    let world = try await AccountsWorld()
    let account = try await world.create("ana@example.com")
    let first = try await world.accounts.change(account.id, ifRevision: 1, by: Self.actor) { $0.name = "Ana" }
    let changed = try #require(first.account)
    #expect(changed.revision == 2)
    #expect(
      try await world.accounts.change(account.id, ifRevision: 1, by: Self.actor) { $0.name = "Eve" }
        == .conflict(current: changed))
    // Also if the other writer comes between the look and the write.
    world.hooks.before("replace") { () async throws(StoreError) in
      _ = try await world.otherNode().change(account.id, by: Self.actor) { $0.firstName = "Ana" }
    }
    let late = try await world.accounts.change(account.id, ifRevision: 2, by: Self.actor) { $0.name = "Eve" }
    guard case .conflict(let current?) = late else {
      Issue.record("\(late)")
      return
    }
    #expect((current.revision, current.profile.name, current.profile.firstName) == (3, "Ana", "Ana"))
  }

  @Test("a change without a revision is made again on what another writer left")
  func retried() async throws {
    let world = try await AccountsWorld()
    let account = try await world.create("ana@example.com")
    world.hooks.before("replace") { () async throws(StoreError) in
      _ = try await world.otherNode().change(account.id, by: Self.actor) { $0.firstName = "Ana" }
    }
    let changed = try await world.accounts.change(account.id, by: Self.actor) { $0.lastName = "Núñez" }.account
    #expect(changed?.profile.firstName == "Ana")
    #expect(changed?.profile.lastName == "Núñez")
    #expect(try await world.accounts.account(account.id) == changed)
  }

  @Test("100 parallel changes are all kept")
  func parallel() async throws {
    let world = try await AccountsWorld()
    let account = try await world.create("ana@example.com") { $0.name = "." }
    _ = try await inParallel(100) { _ in
      try await world.accounts.change(account.id, by: Self.actor) { $0.name = ExactText(($0.name?.string ?? "") + ".") }
    }
    #expect(try await world.accounts.account(account.id)?.profile.name?.byteCount == 101)
    #expect(try await world.accounts.account(account.id) == world.store.account(account.id))
  }

  @Test("a change of nothing writes nothing, but the letter case of a domain is something")
  func nothing() async throws {
    let world = try await AccountsWorld()
    let account = try await world.create("ana@example.com")
    #expect(try await world.accounts.change(account.id, by: Self.actor) { $0.level = .user } == .done(account))
    let respelled = try await world.accounts.change(account.id, by: Self.actor) {
      $0.email = EmailAddress("ana@Example.com")
    }
    #expect(respelled.account?.revision == 2)
    #expect(try await world.store.account(account.id)?.profile.email?.text == "ana@Example.com")
  }

  @Test("what is missing can't be changed, removed or given a password")
  func missing() async throws {
    let world = try await AccountsWorld()
    let id = AccountID(99)
    #expect(try await world.accounts.change(id, by: Self.actor) { $0.name = "x" } == .missing)
    #expect(try await world.accounts.remove(id, by: Self.actor) == .missing)
    #expect(try await world.accounts.setPassword("long enough", of: id, by: Self.actor) == .missing)
  }

  @Test("a removal at another revision than was asked for changes nothing, though the change came in between")
  func removalAtRevision() async throws {
    let world = try await AccountsWorld()
    let account = try await world.create("ana@example.com")
    world.hooks.before("replace") { () async throws(StoreError) in
      var profile = account.profile
      profile.name = "Ana"
      _ = try await world.store.store.replace(
        profile, of: account.id, revision: account.revision, by: Self.actor, now: world.clock.now())
    }
    let verdict = try await world.accounts.remove(account.id, ifRevision: account.revision, by: Self.actor)
    guard case .conflict(let current?) = verdict else {
      Issue.record("\(verdict)")
      return
    }
    #expect(current.profile.isActive && current.profile.name == "Ana")
  }

  @Test("an account that is removed while it is changed is missing")
  func removedMeanwhile() async throws {
    let world = try await AccountsWorld()
    let account = try await world.create("ana@example.com")
    world.hooks.before("replace") { () async throws(StoreError) in
      _ = try await world.store.store.remove(account.id, by: Self.actor, now: world.clock.now())
    }
    #expect(try await world.accounts.change(account.id, by: Self.actor) { $0.name = "x" } == .missing)
    #expect(world.accounts.accountAtOnce(ofUser: account.id.userID) == .none)
  }

  enum Blow: String, CaseIterable, Sendable {
    case demotion, deactivation, removal

    func strike(_ id: AccountID, in accounts: Accounts) async throws -> AccountVerdict {
      switch self {
      case .demotion: try await accounts.change(id, by: AccountsWorld.actor) { $0.level = .user }
      case .deactivation: try await accounts.change(id, by: AccountsWorld.actor) { $0.isActive = false }
      case .removal: try await accounts.remove(id, by: AccountsWorld.actor)
      }
    }
  }

  @Test("the last active administrator stays, with the session", arguments: Blow.allCases)
  func lastAdministrator(_ blow: Blow) async throws {
    let world = try await AccountsWorld()
    // An administrator who is not active does not count.
    try await world.create("eve@example.com") { profile in
      profile.level = .administrator
      profile.isActive = false
    }
    let before = try await world.accounts.account(world.administrator)
    try await world.openSession(of: world.administrator)
    #expect(try await blow.strike(world.administrator, in: world.accounts) == .lastAdministrator)
    #expect(try await world.accounts.account(world.administrator, fresh: true) == before)
    #expect(try await world.liveSessions(of: world.administrator).count == 1)
  }

  @Test(
    "of two parallel blows to the last two administrators exactly one succeeds", arguments: Blow.allCases,
    Blow.allCases)
  func lastTwo(_ first: Blow, _ second: Blow) async throws {
    for _ in 0..<20 {
      let world = try await AccountsWorld()
      let other = try await world.create("ana@example.com") { $0.level = .administrator }
      let verdicts = try await inParallel(2) { index in
        try await index == 0
          ? first.strike(world.administrator, in: world.accounts) : second.strike(other.id, in: world.accounts)
      }
      #expect(verdicts.count { $0.isDone } == 1)
      #expect(verdicts.count { $0 == .lastAdministrator } == 1)
      var filter = AccountFilter()
      filter.level = .administrator
      filter.isActive = true
      #expect(try await world.accounts.page(AccountQuery(filter)).accounts.count == 1)
    }
  }
}
