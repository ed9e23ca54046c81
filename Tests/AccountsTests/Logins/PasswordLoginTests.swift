import SessionCore
import SessionTesting
import Synchronization
import Testing

@testable import Accounts

@Suite struct PasswordLoginTests {
  private static let password = AccountsWorld.password

  @Test("the right password opens a session that says whose it is, how and when it was opened")
  func opens() async throws {
    let world = try await AccountsWorld()
    let account = try await world.create("ana@example.com") { $0.username = "ana" }
    let context = LoginContext(
      actor: Actor(.user, address: "192.0.2.7", requestID: "r1"), address: "192.0.2.7", userAgent: "curl",
      client: "shop", isRemembered: true)
    let verdict = try await world.logins.logIn(email: "ana@EXAMPLE.com", password: Self.password, as: context)
    let (session, token, shown) = try #require(verdict.opened)
    #expect(shown == account)
    #expect((session.userID, session.userName) == (account.id.userID, "ana"))
    #expect((session.address, session.client, session.userAgent) == ("192.0.2.7", "shop", "curl"))
    #expect((session.loginMethod, session.authTime) == ("password", world.clock.now()))
    #expect(session.isRemembered)
    #expect(try await world.sessions.verify(token.text).isActive)
    let events = try await world.events(.loginSucceeded)
    #expect(events.count == 1)
    #expect(events.first?.reason == "password")
    #expect(events.first?.sessionID == session.id)
    #expect(events.first?.userID == account.id.userID)
    #expect(events.first?.actor == context.actor)
  }

  @Test("the user's name is the one to show, else the user name, else the address")
  func userName() async throws {
    let world = try await AccountsWorld()
    try await world.create("a@example.com") { ($0.name, $0.username) = ("Ana Núñez", "ana") }
    try await world.create("b@example.com")
    #expect(try await world.logIn("a@example.com").opened?.session.userName == "Ana Núñez")
    #expect(try await world.logIn("b@example.com").opened?.session.userName == "b@example.com")
  }

  @Test("unknown, wrong, inactive and without a password get one answer, after the same calls and one verification")
  func refusals() async throws {
    let world = try await AccountsWorld()
    let known = try await world.create("known@example.com")
    try await world.create("inactive@example.com") { $0.isActive = false }
    try await world.create("none@example.com", password: nil)
    let tries = [
      ("unknown@example.com", Self.password, "unknown_account"), ("known@example.com", "wrong", "wrong_password"),
      ("inactive@example.com", Self.password, "inactive"), ("inactive@example.com", "wrong", "inactive"),
      ("none@example.com", Self.password, "no_password"), ("none@example.com", "", "no_password"),
    ]
    var calls: Set<[String]> = []
    for (email, password, _) in tries {
      let verified = world.hasher.verifications
      _ = world.hooks.takeCalls()
      #expect(try await world.logIn(email, password).isRefused)
      calls.insert(world.hooks.takeCalls())
      #expect(world.hasher.verifications == verified + 1)
    }
    #expect(calls == [["countAttempt", "account(email)", "passwordHash", "append"]])
    #expect(try await world.reasons(.loginRefused) == tries.map(\.2))
    let events = try await world.events(.loginRefused)
    #expect(events[0].userID == nil)
    #expect(events[1].userID == known.id.userID)
  }

  @Test("the log tells neither a password nor the address of whom there is no account for")
  func silent() async throws {
    let world = try await AccountsWorld()
    try await world.create("ana@example.com")
    _ = try await world.logIn("canary1@example.com", "canary2")
    _ = try await world.logIn("ana@example.com", "canary3")
    let log = try await world.store.events(after: 0, kinds: nil, limit: 1000).entries
    #expect(!log.isEmpty)
    #expect(!String(reflecting: log).contains("canary"))
  }

  @Test(
    "what is no e-mail address is invalid, looked at by nobody and not counted",
    arguments: ["", "ana", "@", "ana@", "a b@example.com", "ana@example.com\n", "ana@example..com"])
  func noAddress(_ email: String) async throws {
    let world = try await AccountsWorld()
    _ = world.hooks.takeCalls()
    #expect(try await world.logIn(email).invalidMember == "email")
    #expect(world.hooks.takeCalls().isEmpty)
    #expect(world.hasher.verifications == 0)
  }

  @Test("a password longer than any and a context that no session can have are invalid before anything is looked at")
  func outOfBounds() async throws {
    let world = try await AccountsWorld()
    try await world.create("ana@example.com")
    _ = world.hooks.takeCalls()
    let long = String(repeating: "é", count: 513)
    #expect(try await world.logIn("ana@example.com", long).invalidMember == "password")
    let context = AccountsWorld.context(userAgent: ExactText(String(repeating: "a", count: 2049)))
    let verdict = try await world.logins.logIn(email: "ana@example.com", password: Self.password, as: context)
    #expect(verdict.invalidMember == "user_agent")
    #expect(world.hooks.takeCalls().isEmpty)
  }

  @Test("who is told to come back has lost no try")
  func busy() async throws {
    let world = try await AccountsWorld()
    try await world.create("ana@example.com")
    world.hasher.setBusy(true)
    for _ in 0..<50 { #expect(try await world.logIn("ana@example.com").isBusy) }
    world.hasher.setBusy(false)
    #expect(try await world.logIn("ana@example.com").opened != nil)
  }

  @Test("a log-in that finds no room for hashing is told so before anything is read or written, whoever it is for")
  func noRoom() async throws {
    let world = try await AccountsWorld()
    try await world.create("ana@example.com")
    world.hasher.setWait(.seconds(3))
    _ = world.hooks.takeCalls()
    for email in ["ana@example.com", "nobody@example.com"] {
      guard case .busy(retryAfter: .seconds(3)) = try await world.logIn(email) else {
        Issue.record("not told to come back")
        return
      }
    }
    #expect(world.hooks.takeCalls().isEmpty)
    #expect(world.hasher.verifications == 0)
    world.hasher.setWait(nil)
    #expect(try await world.logIn("ana@example.com").opened != nil)
  }

  @Test("beyond as many log-ins as may be under way the next is told to come back before anything is read or written")
  func crowd() async throws {
    let world = try await AccountsWorld { $0.underWay = 1 }
    try await world.create("ana@example.com")
    let second = Mutex<LoginVerdict?>(nil)
    world.hooks.after("countAttempt") { () async throws(StoreError) in
      let verdict = try await world.logIn("ana@example.com", from: "192.0.2.2")
      second.withLock { $0 = verdict }
    }
    _ = world.hooks.takeCalls()
    #expect(try await world.logIn("ana@example.com").opened != nil)
    #expect(second.withLock { $0 }?.isBusy == true)
    #expect(world.hooks.count("countAttempt") == 1)
    // Their places are free again, however they ended.
    #expect(try await world.logIn("ana@example.com", "wrong").isRefused)
    world.hooks.fail("countAttempt")
    await #expect(throws: StoreError.self) { try await world.logIn("ana@example.com") }
    world.hooks.stopFailing()
    #expect(try await world.logIn("ana@example.com").opened != nil)
  }

  @Test("one address can't take the places of all others")
  func places() {
    let places = LoginPlaces(limit: 3, limitOfOne: 2)
    #expect(places.take("a") == .taken)
    #expect(places.take("a") == .taken)
    #expect(places.take("a") == .tooManyOfOne)
    #expect(places.take("b") == .taken)
    #expect(places.take("b") == .full)
    places.giveBack("a")
    #expect(places.take("b") == .taken)
    places.giveBack("a")
    places.giveBack("b")
    places.giveBack("b")
    for _ in 0..<2 { #expect(places.take("a") == .taken) }
    #expect(places.take("b") == .taken)
  }

  @Test("a user with as many sessions as may live is told so, and loses no try")
  func limit() async throws {
    let world = try await AccountsWorld(sessions: { $0.liveLimit = LiveSessionLimit(maximum: 1, overflow: .deny) })
    try await world.create("ana@example.com")
    #expect(try await world.logIn("ana@example.com").opened != nil)
    for _ in 0..<50 {
      guard case .limitReached(maximum: 1) = try await world.logIn("ana@example.com") else {
        Issue.record("let in, or counted")
        return
      }
    }
    #expect(try await world.reasons(.loginRefused) == Array(repeating: "session_limit", count: 50))
  }

  @Test("the session whose token came along is closed by the log-in, and the new token is another")
  func presented() async throws {
    let world = try await AccountsWorld()
    try await world.create("ana@example.com")
    try await world.create("ben@example.com")
    let old = try #require(try await world.logIn("ben@example.com").opened)
    #expect(try await world.logIn("ana@example.com", "wrong", presented: old.session.id).isRefused)
    #expect(try await world.sessions.verify(old.token.text).isActive)
    let new = try #require(try await world.logIn("ana@example.com", presented: old.session.id).opened)
    #expect(new.token.text != old.token.text)
    #expect(new.session.id != old.session.id)
    #expect(try await world.sessions.verify(new.token.text).isActive)
    guard case .refused(.closed, .logout, _) = try await world.sessions.verify(old.token.text) else {
      Issue.record("the old session goes on")
      return
    }
  }

  @Test("a weak hash is replaced at log-in, which closes nothing")
  func upgrade() async throws {
    let world = try await AccountsWorld()
    let account = try await world.create("ana@example.com", password: .hashed(FakeHasher.weakHash(Self.password)))
    let session = try await world.openSession(of: account.id)
    #expect(try await world.logIn("ana@example.com").opened != nil)
    #expect(try await world.store.passwordHash(of: account.id) == FakeHasher.hash(Self.password))
    #expect(try await world.sessions.session(session.id)?.closeTime == nil)
    _ = world.hooks.takeCalls()
    #expect(try await world.logIn("ana@example.com").opened != nil)
    #expect(world.hooks.count("setPassword") == 0)
  }

  @Test("parallel log-ins that all upgrade the hash all get in")
  func parallelUpgrades() async throws {
    let world = try await AccountsWorld()
    try await world.create("ana@example.com", password: .hashed(FakeHasher.weakHash(Self.password)))
    // Another log-in, with its upgrade, is made whole between the opening and the second look of the first.
    world.hooks.after("session.insert") { () async throws(StoreError) in
      guard try await world.logIn("ana@example.com").opened != nil else {
        throw StoreError(.corrupt, "The other was refused.")
      }
    }
    #expect(try await world.logIn("ana@example.com").opened != nil)
  }

  @Test("an upgrade that the store can't keep does not keep the user out")
  func failedUpgrade() async throws {
    let world = try await AccountsWorld()
    try await world.create("ana@example.com", password: .hashed(FakeHasher.weakHash(Self.password)))
    for verb in ["setPassword", "forgetAttempts", "returnAttempts"] { world.hooks.fail(verb) }
    #expect(try await world.logIn("ana@example.com").opened != nil)
  }

  @Test(
    "a log-in that the store fails leaves no live session",
    arguments: [
      "countAttempt", "account(email)", "passwordHash", "session.insert", "account", "append", "session.close",
    ])
  func broken(_ verb: String) async throws {
    let world = try await AccountsWorld()
    let account = try await world.create("ana@example.com")
    let presented = try await world.openSession(of: world.administrator)
    world.hooks.fail(verb)
    await #expect(throws: StoreError.self) { try await world.logIn("ana@example.com", presented: presented.id) }
    world.hooks.stopFailing()
    // Where closing is what fails, the session is open, but its token was never made known.
    if verb != "session.close" { #expect(try await world.liveSessions(of: account.id).isEmpty) }
    #expect(try await world.reasons(.loginSucceeded).isEmpty)
  }

  @Test("a log-in that asks for a level lets in who has it, and refuses the others as it does a wrong password")
  func leastLevel() async throws {
    let world = try await AccountsWorld()
    try await world.create("user@example.com")
    try await world.create("chief@example.com") { $0.level = .administrator }
    var context = AccountsWorld.context()
    (context.kind, context.purpose, context.leastLevel) = ("console", "desk", .administrator)
    let refused = try await world.logins.logIn(email: "user@example.com", password: Self.password, as: context)
    #expect(refused.isRefused)
    #expect(try await world.reasons(.loginRefused) == ["level"])
    let opened = try await world.logins.logIn(email: "chief@example.com", password: Self.password, as: context)
    #expect(opened.opened?.session.kind == "console")
    #expect(opened.opened?.session.loginMethod == "desk.password")
  }

  @Test("an account that this program vouches for is let in if it is there, active and of the level")
  func vouched() async throws {
    let world = try await AccountsWorld()
    let user = try await world.create("user@example.com")
    let off = try await world.create("off@example.com") { ($0.isActive, $0.level) = (false, .administrator) }
    var context = AccountsWorld.context()
    context.leastLevel = .administrator
    for id in [user.id, off.id, AccountID(999)] {
      #expect(try await world.logins.logIn(vouched: id, method: "link", as: context).isRefused)
    }
    #expect(try await world.reasons(.loginRefused) == ["level", "inactive", "unknown_account"])
    let opened = try await world.logins.logIn(vouched: world.administrator, method: "link", as: context).opened
    #expect(opened?.session.loginMethod == "link")
    #expect(try await world.liveSessions(of: user.id).isEmpty)
  }
}

extension Verification {
  var isActive: Bool { if case .active = self { true } else { false } }
}
