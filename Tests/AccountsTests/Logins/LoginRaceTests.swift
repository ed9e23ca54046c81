import Accounts
import SessionCore
import SessionTesting
import Testing

/// What happens to an account while somebody logs in to it.
@Suite struct LoginRaceTests {
  private static let email = "ana@example.com"
  private static let token = Array("token".utf8)

  enum Change: String, CaseIterable, Sendable {
    case deactivation, removal, reset

    func happen(to id: AccountID, in world: AccountsWorld) async throws(StoreError) {
      switch self {
      case .deactivation: _ = try await world.accounts.change(id, by: AccountsWorld.actor) { $0.isActive = false }
      case .removal: _ = try await world.accounts.remove(id, by: AccountsWorld.actor)
      case .reset: _ = try await world.accounts.setPassword("another one", of: id, by: AccountsWorld.actor)
      }
    }

    var cause: String {
      switch self {
      case .deactivation: "inactive"
      case .removal: "unknown_account"
      case .reset: "password_changed"
      }
    }
  }

  enum Moment: String, CaseIterable, Sendable {
    /// The password is judged, the session not yet in the store: what closes sessions does not find it.
    case beforeOpening
    /// The session is in the store, its opening not yet answered.
    case afterOpening
  }

  private func world(_ change: Change, _ moment: Moment) async throws -> (AccountsWorld, AccountID) {
    let world = try await AccountsWorld()
    let account = try await world.create(Self.email) { $0.links = [IdentityLink(issuer: "i", subject: "1")] }
    let hook: Hooks.Hook = { () async throws(StoreError) in try await change.happen(to: account.id, in: world) }
    switch moment {
    case .beforeOpening: world.hooks.before("session.insert", hook)
    case .afterOpening: world.hooks.after("session.insert", hook)
    }
    return (world, account.id)
  }

  @Test(
    "a log-in by password that an end of the account overtakes is refused and leaves no live session",
    arguments: Change.allCases, Moment.allCases)
  func password(_ change: Change, _ moment: Moment) async throws {
    let (world, id) = try await world(change, moment)
    #expect(try await world.logIn(Self.email).isRefused)
    #expect(try await world.liveSessions(of: id).isEmpty)
    #expect(try await world.reasons(.loginRefused) == [change.cause])
    #expect(try await world.reasons(.loginSucceeded).isEmpty)
  }

  @Test(
    "a log-in by id token that an end of the account overtakes is refused and leaves no live session",
    arguments: [Change.deactivation, .removal], Moment.allCases)
  func identity(_ change: Change, _ moment: Moment) async throws {
    let (world, id) = try await world(change, moment)
    let link = IdentityLink(issuer: "i", subject: "1")
    world.identities.set(Self.token, .genuine(Identity(link: link, expires: .latest)))
    let verdict = try await world.logins.logIn(idToken: Self.token, nonce: nil, as: AccountsWorld.context())
    #expect(verdict.isRefused)
    #expect(try await world.liveSessions(of: id).isEmpty)
    #expect(try await world.reasons(.loginRefused) == [change.cause])
  }

  @Test("nor does a link that is taken away meanwhile open a session")
  func link() async throws {
    let world = try await AccountsWorld()
    let link = IdentityLink(issuer: "i", subject: "1")
    let account = try await world.create(Self.email) { $0.links = [link] }
    world.identities.set(Self.token, .genuine(Identity(link: link, expires: .latest)))
    world.hooks.before("session.insert") { () async throws(StoreError) in
      _ = try await world.accounts.change(account.id, by: AccountsWorld.actor) { $0.links = [] }
    }
    let verdict = try await world.logins.logIn(idToken: Self.token, nonce: nil, as: AccountsWorld.context())
    #expect(verdict.isRefused)
    #expect(try await world.liveSessions(of: account.id).isEmpty)
    #expect(try await world.reasons(.loginRefused) == ["link_removed"])
  }

  @Test("100 log-ins in parallel with a deactivation leave no live session")
  func many() async throws {
    let world = try await AccountsWorld()
    let account = try await world.create(Self.email)
    let verdicts = try await inParallel(101) { index -> LoginVerdict? in
      if index == 50 {
        try await Change.deactivation.happen(to: account.id, in: world)
        return nil
      }
      return try await world.logIn(Self.email, from: "192.0.2.\(index)")
    }
    #expect(verdicts.allSatisfy { $0 == nil || $0?.isRefused == true || $0?.opened != nil || $0?.wait != nil })
    #expect(try await world.liveSessions(of: account.id).isEmpty)
  }

  @Test("a reset to the password that was just used keeps the user in")
  func samePassword() async throws {
    let world = try await AccountsWorld()
    let account = try await world.create(Self.email, password: .hashed(FakeHasher.weakHash(AccountsWorld.password)))
    world.hooks.before("session.insert") { () async throws(StoreError) in
      _ = try await world.accounts.setPassword(AccountsWorld.password, of: account.id, by: AccountsWorld.actor)
    }
    #expect(try await world.logIn(Self.email).opened != nil)
    #expect(try await world.liveSessions(of: account.id).count == 1)
  }

  @Test("a second look that can't be had now closes the session and says to come back")
  func busySecondLook() async throws {
    let world = try await AccountsWorld()
    let account = try await world.create(Self.email)
    world.hooks.before("session.insert") { () async throws(StoreError) in
      _ = try await world.accounts.setPassword("another one", of: account.id, by: AccountsWorld.actor)
      world.hasher.setBusy(true)
    }
    #expect(try await world.logIn(Self.email).isBusy)
    #expect(try await world.liveSessions(of: account.id).isEmpty)
  }
}
