import Accounts
import SessionCore
import Testing

/// What ends the sessions of an account, also when it is interrupted.
@Suite struct AccountClosingTests {
  private static let actor = AccountsWorld.actor

  enum End: String, CaseIterable, Sendable {
    case deactivation, removal, reset

    func happen(to id: AccountID, in accounts: Accounts) async throws(StoreError) -> AccountVerdict {
      switch self {
      case .deactivation: try await accounts.change(id, by: AccountsWorld.actor) { $0.isActive = false }
      case .removal: try await accounts.remove(id, by: AccountsWorld.actor)
      case .reset: try await accounts.setPassword("another one", of: id, by: AccountsWorld.actor)
      }
    }
  }

  @Test("every session of the account is closed when it is answered, and nobody else's", arguments: End.allCases)
  func closes(_ end: End) async throws {
    let world = try await AccountsWorld()
    let account = try await world.create("ana@example.com")
    var tokens: [[UInt8]] = []
    for _ in 0..<3 { tokens.append(try #require(try await world.logIn("ana@example.com").opened).token.text) }
    try await world.openSession(of: world.administrator)
    #expect(try await end.happen(to: account.id, in: world.accounts).isDone)
    for token in tokens {
      guard case .refused(.closed, .account, _) = try await world.sessions.verify(token) else {
        Issue.record("a session goes on")
        continue
      }
    }
    #expect(try await world.liveSessions(of: account.id).isEmpty)
    #expect(try await world.liveSessions(of: world.administrator).count == 1)
    #expect(try await world.store.closingsDue(limit: 10).isEmpty)
  }

  @Test("what a crash left between the account and its sessions is finished by settling", arguments: End.allCases)
  func crash(_ end: End) async throws {
    let world = try await AccountsWorld()
    let account = try await world.create("ana@example.com")
    try await world.openSession(of: account.id)
    world.hooks.fail("session.closeMatching")
    await #expect(throws: StoreError.self) { try await end.happen(to: account.id, in: world.accounts) }
    #expect(try await world.liveSessions(of: account.id).count == 1)
    world.hooks.stopFailing()
    // Another process, which knows nothing but the stores.
    try await world.otherNode().settleClosings()
    #expect(try await world.liveSessions(of: account.id).isEmpty)
    #expect(try await world.store.closingsDue(limit: 10).isEmpty)
    // Once settled, the account may have sessions again.
    try await world.openSession(of: account.id)
    try await world.otherNode().settleClosings()
    #expect(try await world.liveSessions(of: account.id).count == 1)
  }

  @Test("settling pays more debts than one page holds")
  func many() async throws {
    let world = try await AccountsWorld()
    world.hooks.fail("session.closeMatching")
    var ids: [AccountID] = []
    for index in 0..<230 {
      let account = try await world.create("u\(index)@example.com", password: nil)
      try await world.openSession(of: account.id)
      await #expect(throws: StoreError.self) { try await End.deactivation.happen(to: account.id, in: world.accounts) }
      ids.append(account.id)
    }
    world.hooks.stopFailing()
    try await world.accounts.settleClosings()
    for id in ids { #expect(try await world.liveSessions(of: id).isEmpty) }
  }

  @Test("a deactivation that is repeated closes again")
  func repeated() async throws {
    let world = try await AccountsWorld()
    let account = try await world.create("ana@example.com")
    _ = try await End.deactivation.happen(to: account.id, in: world.accounts)
    try await world.openSession(of: account.id)
    #expect(try await End.deactivation.happen(to: account.id, in: world.accounts).isDone)
    #expect(try await world.liveSessions(of: account.id).isEmpty)
  }

  @Test("a removal that is interrupted leaves an account that is not active, and can be repeated")
  func interruptedRemoval() async throws {
    let world = try await AccountsWorld()
    let account = try await world.create("ana@example.com")
    try await world.openSession(of: account.id)
    world.hooks.fail("remove")
    await #expect(throws: StoreError.self) { try await world.accounts.remove(account.id, by: Self.actor) }
    #expect(try await world.accounts.account(account.id)?.profile.isActive == false)
    #expect(try await world.liveSessions(of: account.id).isEmpty)
    world.hooks.stopFailing()
    #expect(try await world.accounts.remove(account.id, by: Self.actor).isDone)
    #expect(try await world.accounts.account(account.id) == nil)
    #expect(try await world.accounts.remove(account.id, by: Self.actor) == .missing)
  }

  @Test("a removed account has no live session although it was activated again in between")
  func activatedMeanwhile() async throws {
    let world = try await AccountsWorld()
    let account = try await world.create("ana@example.com")
    world.hooks.before("remove") { () async throws(StoreError) in
      _ = try await world.otherNode().change(account.id, by: Self.actor) { $0.isActive = true }
      guard try await world.logIn("ana@example.com").opened != nil else {
        throw StoreError(.corrupt, "The log-in was refused.")
      }
    }
    #expect(try await world.accounts.remove(account.id, by: Self.actor).isDone)
    #expect(try await world.liveSessions(of: account.id).isEmpty)
  }

  @Test("a level change is seen at once, and closes nothing")
  func level() async throws {
    let world = try await AccountsWorld()
    let account = try await world.create("ana@example.com")
    try await world.openSession(of: account.id)
    _ = try await world.accounts.account(account.id)
    _ = try await world.accounts.change(account.id, by: Self.actor) { $0.level = .technician }
    guard case .account(let seen) = world.accounts.accountAtOnce(ofUser: account.id.userID) else {
      Issue.record("not cached")
      return
    }
    #expect(seen.profile.level == .technician)
    #expect(try await world.liveSessions(of: account.id).count == 1)
  }

  @Test("a reset tells what is wrong with the password, and closes nothing then")
  func refusedReset() async throws {
    let world = try await AccountsWorld()
    let account = try await world.create("ana@example.com")
    try await world.openSession(of: account.id)
    guard case .invalid("password", _) = try await world.accounts.setPassword("short", of: account.id, by: Self.actor)
    else {
      Issue.record("it was set")
      return
    }
    world.hasher.setBusy(true)
    #expect(
      try await world.accounts.setPassword("long enough", of: account.id, by: Self.actor)
        == .busy(retryAfter: .seconds(2)))
    #expect(try await world.liveSessions(of: account.id).count == 1)
  }

  @Test("of two resets at once the later one stands, and both succeed")
  func twoResets() async throws {
    let world = try await AccountsWorld()
    let account = try await world.create("ana@example.com")
    world.hooks.before("setPassword") { () async throws(StoreError) in
      _ = try await world.otherNode().setPassword("the earlier", of: account.id, by: Self.actor)
    }
    #expect(try await world.accounts.setPassword("the later one", of: account.id, by: Self.actor).isDone)
    #expect(try await world.logIn("ana@example.com", "the later one").opened != nil)
    #expect(try await world.logIn("ana@example.com", "the earlier").isRefused)
  }

  @Test("a session that a service opens while the account is being deactivated does not live")
  func openedMeanwhile() async throws {
    let world = try await AccountsWorld()
    let account = try await world.create("ana@example.com")
    let accounts = world.accounts
    world.hooks.before("session.insert") { () async throws(StoreError) in
      _ = try await accounts.change(account.id, by: Self.actor) { $0.isActive = false }
    }
    let verdict = try await accounts.open(SessionDraft(userID: account.id.userID), by: Self.actor)
    guard case .inactive = verdict else {
      Issue.record("\(verdict)")
      return
    }
    #expect(try await world.liveSessions(of: account.id).isEmpty)
  }
}
