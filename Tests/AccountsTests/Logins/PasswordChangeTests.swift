import Accounts
import SessionCore
import SessionTesting
import Synchronization
import Testing

@Suite struct PasswordChangeTests {
  private static let email = "ana@example.com"
  private static let old = AccountsWorld.password
  private static let new = "a better battery"
  private static let actor = Actor(.user, address: "192.0.2.1")

  private struct Place {
    let world: AccountsWorld
    let account: Account
    let session: Session
    let token: SessionToken

    func change(
      current: String = PasswordChangeTests.old, new: String = PasswordChangeTests.new
    ) async throws(StoreError) -> PasswordChangeVerdict {
      try await world.logins.changePassword(
        of: session, current: current, new: new, by: PasswordChangeTests.actor)
    }
  }

  private func place() async throws -> Place {
    let world = try await AccountsWorld()
    let account = try await world.create(Self.email)
    let opened = try #require(try await world.logIn(Self.email).opened)
    return Place(world: world, account: account, session: opened.session, token: opened.token)
  }

  @Test("the new password opens and the old one does not, the other sessions are closed, the own one goes on")
  func changes() async throws {
    let place = try await place()
    let world = place.world
    let other = try #require(try await world.logIn(Self.email).opened)
    let (session, token) = try #require(try await place.change().changed)
    #expect(session.id == place.session.id)
    #expect(try await world.sessions.verify(token.text).isActive)
    guard case .refused(.closed, .account, _) = try await world.sessions.verify(other.token.text) else {
      Issue.record("the other session goes on")
      return
    }
    #expect(try await world.store.closingsDue(limit: 10).isEmpty)
    #expect(try await world.logIn(Self.email, Self.old).isRefused)
    #expect(try await world.logIn(Self.email, Self.new).opened != nil)
  }

  @Test("the old token is refused at once, and is not good for a renewal either")
  func oldToken() async throws {
    let place = try await place()
    let (_, token) = try #require(try await place.change().changed)
    guard case .refused(.superseded, _, _) = try await place.world.sessions.verify(place.token.text) else {
      Issue.record("the old token is let in")
      return
    }
    #expect(try await place.world.sessions.verify(token.text).isActive)
    guard case .refused(.superseded, .reuse) = try await place.world.sessions.renew(place.token.text, by: Self.actor)
    else {
      Issue.record("the old token was renewed")
      return
    }
  }

  @Test("whoever renews the old token while the password is being changed holds nothing afterwards")
  func renewedInBetween() async throws {
    let place = try await place()
    let sessions = place.world.sessions
    let stolen = Mutex<[SessionToken]>([])
    place.world.hooks.after("session.replace") { () async throws(StoreError) in
      guard case .renewed(_, let token) = try await sessions.renew(place.token.text, by: Self.actor) else { return }
      stolen.withLock { $0.append(token) }
    }
    _ = try await place.change()
    for token in stolen.withLock({ $0 }) + [place.token] {
      #expect(try await !sessions.verify(token.text).isActive)
      guard case .refused = try await sessions.renew(token.text, by: Self.actor) else {
        Issue.record("renewed")
        continue
      }
    }
  }

  @Test("the old token is void although the other sessions could not be closed")
  func oldTokenAfterFailure() async throws {
    let place = try await place()
    place.world.hooks.fail("session.closeMatching")
    await #expect(throws: StoreError.self) { try await place.change() }
    place.world.hooks.stopFailing()
    #expect(try await !place.world.sessions.verify(place.token.text).isActive)
  }

  @Test("a session that was renewed since the caller found it is renewed further, not taken for stolen")
  func renewedMeanwhile() async throws {
    let place = try await place()
    guard case .renewed = try await place.world.sessions.renew(place.token.text, by: Self.actor) else {
      Issue.record("not renewed")
      return
    }
    place.world.clock.advance(by: .minutes(1))
    let (_, token) = try #require(try await place.change().changed)
    #expect(try await place.world.sessions.verify(token.text).isActive)
  }

  @Test("a wrong password changes nothing, is told in the log and counts as a wrong log-in does")
  func wrong() async throws {
    let place = try await place()
    for _ in 0..<5 {
      guard case .wrong = try await place.change(current: "wrong") else {
        Issue.record("not wrong")
        return
      }
    }
    guard case .wait = try await place.change() else {
      Issue.record("not told to wait")
      return
    }
    #expect(try await place.world.logIn(Self.email).wait != nil)
    let events = try await place.world.events(.loginRefused)
    #expect(events.map(\.reason) == Array(repeating: "wrong_password", count: 5) + ["throttled"])
    #expect(events.allSatisfy { $0.sessionID == place.session.id && $0.userID == place.account.id.userID })
    #expect(try await place.world.logIn(Self.email, from: "192.0.2.2").opened != nil)
  }

  @Test("200 parallel guesses with a stolen session are looked at no more often than log-ins are")
  func guessing() async throws {
    let place = try await place()
    let before = place.world.hasher.verifications
    _ = try await inParallel(200) { try await place.change(current: "wrong \($0)") }
    #expect(place.world.hasher.verifications - before == 5)
  }

  @Test("a password that the rules refuse uses up no try", arguments: ["short", "ana@example.com"])
  func refused(_ new: String) async throws {
    let place = try await place()
    for _ in 0..<20 {
      guard case .invalid("new", _) = try await place.change(new: new) else {
        Issue.record("not refused")
        return
      }
    }
    #expect(try await place.change().changed != nil)
  }

  @Test("who is told to come back has lost no try")
  func busy() async throws {
    let place = try await place()
    place.world.hasher.setBusy(true)
    for _ in 0..<20 {
      guard case .busy = try await place.change() else {
        Issue.record("not busy")
        return
      }
    }
    place.world.hasher.setBusy(false)
    #expect(try await place.change().changed != nil)
  }

  @Test("there is no password to change in a session of no account, of one without a password, of one not active")
  func noPassword() async throws {
    let world = try await AccountsWorld()
    let inactive = try await world.create(Self.email) { $0.isActive = false }
    for userID in ["ana", "99", world.administrator.description, inactive.id.description] {
      guard
        case .opened(let session, _, _) = try await world.sessions.open(
          SessionDraft(userID: ExactText(userID)), by: AccountsWorld.actor)
      else {
        Issue.record("not opened")
        return
      }
      let verdict = try await world.logins.changePassword(
        of: session, current: Self.old, new: Self.new, by: Self.actor)
      guard case .noPassword = verdict else {
        Issue.record("\(userID): \(verdict)")
        return
      }
    }
  }

  @Test("of two changes from the same password one succeeds")
  func twice() async throws {
    let place = try await place()
    let (world, session) = (place.world, place.session)
    world.hooks.before("setPassword") { () async throws(StoreError) in
      _ = try await world.logins.changePassword(
        of: session, current: Self.old, new: "the faster one", by: Self.actor)
    }
    guard case .wrong = try await place.change() else {
      Issue.record("both succeeded")
      return
    }
    #expect(try await world.logIn(Self.email, "the faster one").opened != nil)
  }

  @Test("an upgrade of the hash in between does not make the password wrong")
  func upgraded() async throws {
    let world = try await AccountsWorld()
    let account = try await world.create(Self.email, password: .hashed(FakeHasher.weakHash(Self.old)))
    let session = try await world.openSession(of: account.id)
    world.hooks.before("setPassword") { () async throws(StoreError) in _ = try await world.logIn(Self.email) }
    let verdict = try await world.logins.changePassword(of: session, current: Self.old, new: Self.new, by: Self.actor)
    #expect(verdict.changed != nil)
    #expect(try await world.logIn(Self.email, Self.new).opened != nil)
  }

  @Test("what a crash left is finished by settling, which spares the session that changed the password")
  func crash() async throws {
    let place = try await place()
    let world = place.world
    try await world.openSession(of: place.account.id)
    world.hooks.fail("session.closeMatching")
    await #expect(throws: StoreError.self) { try await place.change() }
    world.hooks.stopFailing()
    try await world.otherNode().settleClosings()
    #expect(try await world.liveSessions(of: place.account.id).map(\.id) == [place.session.id])
    #expect(try await world.store.closingsDue(limit: 10).isEmpty)
  }

  @Test("but spares none of an account that was deactivated since")
  func crashAndDeactivation() async throws {
    let place = try await place()
    let world = place.world
    world.hooks.fail("session.closeMatching")
    await #expect(throws: StoreError.self) { try await place.change() }
    await #expect(throws: StoreError.self) {
      try await world.accounts.change(place.account.id, by: Self.actor) { $0.isActive = false }
    }
    world.hooks.stopFailing()
    try await world.otherNode().settleClosings()
    #expect(try await world.liveSessions(of: place.account.id).isEmpty)
  }
}

extension PasswordChangeVerdict {
  var changed: (session: Session, token: SessionToken)? {
    if case .changed(let session, let token) = self { (session, token) } else { nil }
  }
}
