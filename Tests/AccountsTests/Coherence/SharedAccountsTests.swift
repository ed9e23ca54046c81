import Accounts
import MemoryStore
import SessionTesting
import Testing

@testable import SessionCore

/// What one node changes of an account holds on the other within a lease at most, whatever breaks.
@Suite struct SharedAccountsTests {
  @Test("a deactivation is known elsewhere as soon as its note is heard, and without it when the lease ends")
  func deactivated() async throws {
    let world = try await DirectoryWorld()
    for isHeard in [true, false] {
      let account = try await world.create(isHeard ? "ana" : "bea")
      await world.beat()
      _ = try await world.there.accounts.account(account.id)
      #expect(world.there.accounts.accountAtOnce(ofUser: account.id.userID).isActive == true)
      try await world.deactivate(account, on: world.here)
      if isHeard {
        world.hear(world.there)
      } else {
        world.clock.advance(by: TimeSpan(milliseconds: 999))
        #expect(world.there.accounts.accountAtOnce(ofUser: account.id.userID).isActive == true)
        world.clock.advance(by: TimeSpan(milliseconds: 1))
      }
      #expect(world.there.accounts.accountAtOnce(ofUser: account.id.userID) == .miss)
      #expect(try await world.there.accounts.account(account.id)?.profile.isActive == false)
      await world.beat()
    }
  }

  @Test("that there is no account of an id is forgotten when another node creates one")
  func created() async throws {
    let world = try await DirectoryWorld()
    #expect(try await world.there.accounts.account(AccountID(2)) == nil)
    #expect(world.there.accounts.accountAtOnce(ofUser: "2") == .none)
    let account = try await world.create("ana")
    #expect(account.id == AccountID(2))
    world.hear(world.there)
    #expect(world.there.accounts.accountAtOnce(ofUser: "2") == .miss)
    #expect(try await world.there.accounts.account(AccountID(2)) == account)
  }

  @Test("a lane that opens again brings back nothing, and no read from before it does")
  func reopened() async throws {
    let world = try await DirectoryWorld()
    let account = try await world.create("ana")
    await world.beat()
    _ = try await world.there.accounts.account(account.id)
    try await world.reopen(world.there) { try await world.deactivate(account, on: world.here) }
    #expect(world.there.accounts.accountAtOnce(ofUser: account.id.userID) == .miss)
    await world.there.gate.hold(.account)
    let reading = Task { try await world.there.accounts.account(account.id) }
    await world.there.gate.waitForHeld(1)
    try await world.reopen(world.there) {
      _ = try await world.here.accounts.change(account.id, by: DirectoryWorld.actor) { $0.isActive = true }
    }
    await world.there.gate.release()
    #expect(try await reading.value?.profile.isActive == false)
    #expect(world.there.accounts.accountAtOnce(ofUser: account.id.userID) == .miss)
  }

  @Test("a read or a write that was under way when another node's change was heard of fills nothing")
  func underWay() async throws {
    let world = try await DirectoryWorld()
    let account = try await world.create("ana")
    await world.beat()
    for verb in [StoreVerb.account, .replaceAccount] {
      await world.there.gate.hold(verb)
      let task = Task {
        if verb == .account { return _ = try await world.there.accounts.account(account.id, fresh: true) }
        _ = try await world.there.accounts.change(account.id, by: DirectoryWorld.actor) { $0.name = "Ana" }
      }
      await world.there.gate.waitForHeld(1)
      try await world.deactivate(account, on: world.here)
      world.hear(world.there)
      await world.there.gate.release()
      try await task.value
      #expect(world.there.accounts.accountAtOnce(ofUser: account.id.userID) == .miss)
      #expect(try await world.there.accounts.account(account.id)?.profile.isActive == false)
      _ = try await world.here.accounts.change(account.id, by: DirectoryWorld.actor) { $0.isActive = true }
      await world.beat()
    }
  }

  @Test("without a lease every question reads the store")
  func withoutLease() async throws {
    let world = try await DirectoryWorld()
    let account = try await world.create("ana")
    await world.beat()
    world.clock.advance(by: .seconds(2))
    let before = world.there.calls.count(.account)
    for _ in 0..<3 { _ = try await world.there.accounts.account(account.id) }
    #expect(world.there.calls.count(.account) == before + 3)
    await world.beat()
    #expect(world.there.accounts.accountAtOnce(ofUser: account.id.userID) == .account(account))
  }

  @Test("nobody gets a session for an account that another node has just deactivated, by a service or by logging in")
  func noSession() async throws {
    let world = try await DirectoryWorld()
    let account = try await world.create("ana")
    await world.beat()
    _ = try await world.there.accounts.account(account.id)
    try await world.deactivate(account, on: world.here)
    // The note is on its way: this node has the account as active.
    #expect(world.there.accounts.accountAtOnce(ofUser: account.id.userID).isActive == true)
    guard
      case .inactive = try await world.there.accounts.open(
        SessionDraft(userID: account.id.userID), by: DirectoryWorld.actor)
    else {
      Issue.record("a service got a session")
      return
    }
    #expect(try await world.logIn("ana", on: world.there).isRefused)
    var filter = SessionFilter()
    filter.userID = account.id.userID
    filter.isAlive = true
    #expect(try await world.there.sessions.count(filter) == 0)
  }

  @Test("sessions that end with their account end on every node")
  func sessionsEnd() async throws {
    let world = try await DirectoryWorld()
    let account = try await world.create("ana")
    let opened = try #require(try await world.logIn("ana", on: world.there).opened)
    await world.beat()
    func atOnce() -> CachedVerification {
      unsafe opened.token.text.withUnsafeBytes {
        unsafe world.there.sessions.verifyAtOnce($0, now: world.clock.now())
      }
    }
    guard case .active = atOnce() else {
      Issue.record("the session was not in the cache: \(atOnce())")
      return
    }
    try await world.deactivate(account, on: world.here)
    world.hear(world.there)
    guard case .miss = atOnce() else {
      Issue.record("let in: \(atOnce())")
      return
    }
    guard case .refused(.closed, .account, _) = try await world.there.sessions.verify(opened.token.text) else {
      Issue.record("not closed")
      return
    }
  }

  @Test("a key that one node revoked opens nothing on the other once its note is heard, or the lease has ended")
  func keys() async throws {
    let world = try await DirectoryWorld()
    func isKnown(_ secret: ServiceKeySecret) -> Bool {
      unsafe secret.text.withUnsafeBytes { unsafe world.there.keys.keyAtOnce($0) } != nil
    }
    for isHeard in [true, false] {
      let (key, secret) = try await world.here.keys.create(
        name: "shop", scopes: [.sessionsRead], expires: nil, by: DirectoryWorld.actor)
      await world.beat()
      for _ in 0..<2 { #expect(try await world.there.keys.key(for: secret.text)?.id == key.id) }
      #expect(isKnown(secret))
      _ = try await world.here.keys.revoke(key.id, by: DirectoryWorld.actor)
      if isHeard {
        world.hear(world.there)
      } else {
        world.clock.advance(by: TimeSpan(milliseconds: 999))
        #expect(isKnown(secret))
        world.clock.advance(by: TimeSpan(milliseconds: 1))
      }
      #expect(!isKnown(secret))
      #expect(try await world.there.keys.key(for: secret.text) == nil)
      await world.beat()
    }
  }

  @Test("nor after a lane that was cut off when it was revoked has opened again, whatever was being read")
  func keysReopened() async throws {
    let world = try await DirectoryWorld()
    let (key, secret) = try await world.here.keys.create(
      name: "shop", scopes: [], expires: nil, by: DirectoryWorld.actor)
    await world.beat()
    await world.there.gate.hold(.serviceKey)
    let reading = Task { try await world.there.keys.key(for: secret.text) }
    await world.there.gate.waitForHeld(1)
    await world.there.gate.hold(.check)
    try await world.reopen(world.there) {
      _ = try await world.here.keys.revoke(key.id, by: DirectoryWorld.actor)
    }
    await world.there.gate.release()
    #expect(try await reading.value?.id == key.id)
    #expect(try await world.there.keys.key(for: secret.text) == nil)
  }

  @Test("a shared store that nobody follows is read for every question about accounts and keys")
  func unfollowed() async throws {
    let place = SharedMemory(MemoryStore())
    let clock = ManualClock(Timestamp(milliseconds: 1_800_000_000_000))
    let keys = (0..<2).map { number in
      ServiceKeys(store: place.node(), clock: clock, random: SeededRandom(seed: UInt64(number)), cacheAge: .hours(1))
    }
    let (key, secret) = try await keys[0].create(name: "shop", scopes: [], expires: nil, by: DirectoryWorld.actor)
    #expect(try await keys[1].key(for: secret.text)?.id == key.id)
    #expect(unsafe secret.text.withUnsafeBytes { unsafe keys[1].keyAtOnce($0) } == nil)
    _ = try await keys[0].revoke(key.id, by: DirectoryWorld.actor)
    #expect(try await keys[1].key(for: secret.text) == nil)
  }
}
