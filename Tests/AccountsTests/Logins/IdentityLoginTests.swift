import Accounts
import SessionCore
import SessionTesting
import Testing

@Suite struct IdentityLoginTests {
  private static let link = IdentityLink(issuer: "https://issuer.example", subject: "subject-1")
  private static let token = Array("genuine".utf8)

  /// An identity as a provider says it.
  static func identity(
    _ email: String? = "ana@example.com", isVerified: Bool? = true, link: IdentityLink = IdentityLoginTests.link
  ) -> Identity {
    var identity = Identity(link: link, expires: Timestamp(milliseconds: 1_800_000_600_000))
    identity.email = email.flatMap { EmailAddress($0) }
    identity.isEmailVerified = isVerified
    return identity
  }

  private func logIn(
    _ world: AccountsWorld, _ token: [UInt8] = IdentityLoginTests.token, presented: SessionID? = nil
  ) async throws(StoreError) -> LoginVerdict {
    try await world.logins.logIn(
      idToken: token, nonce: nil, as: AccountsWorld.context(presented: presented))
  }

  private func linkedWorld() async throws -> (AccountsWorld, Account) {
    let world = try await AccountsWorld()
    let account = try await world.create("ana@example.com") { profile in
      profile.links = [Self.link]
      profile.name = "Ana"
    }
    world.identities.set(Self.token, .genuine(Self.identity()))
    return (world, account)
  }

  @Test("a genuine token opens a session of the account that is linked to its issuer and subject")
  func opens() async throws {
    let (world, account) = try await linkedWorld()
    let opened = try #require(try await logIn(world).opened)
    #expect(opened.account == account)
    #expect((opened.session.userID, opened.session.loginMethod) == (account.id.userID, "oidc"))
    #expect(opened.session.authTime == world.clock.now())
    #expect(try await world.sessions.verify(opened.token.text).isActive)
    #expect(try await world.reasons(.loginSucceeded) == ["oidc"])
  }

  @Test("what the token says of the name and the picture changes nothing in an account that is there")
  func unchanged() async throws {
    let (world, account) = try await linkedWorld()
    var identity = Self.identity("other@example.com")
    identity.name = "Eve"
    identity.picture = "https://example.com/eve.png"
    world.identities.set(Self.token, .genuine(identity))
    #expect(try await logIn(world).opened?.account == account)
    #expect(try await world.store.account(account.id) == account)
  }

  @Test("a token that was used is used with another signature too")
  func otherSignature() async throws {
    let (world, _) = try await linkedWorld()
    let texts = ["header.claims.one", "header.claims.two", "header.others.one"].map { Array($0.utf8) }
    for text in texts { world.identities.set(text, .genuine(Self.identity())) }
    #expect(try await logIn(world, texts[0]).opened != nil)
    #expect(try await logIn(world, texts[1]).isRefused)
    #expect(try await logIn(world, texts[2]).opened != nil)
  }

  @Test("100 parallel posts of one token open one session")
  func replayed() async throws {
    let (world, account) = try await linkedWorld()
    let verdicts = try await inParallel(100) { _ in try await self.logIn(world) }
    #expect(verdicts.count { $0.opened != nil } == 1)
    #expect(verdicts.count { $0.isRefused } == 99)
    #expect(try await world.liveSessions(of: account.id).count == 1)
    #expect(try await world.events(.sessionOpened).count <= 1)
    #expect(try await world.reasons(.loginRefused) == Array(repeating: "id_token_used", count: 99))
  }

  @Test("a token that was used stays used until it has ended, for every clock that may take it for genuine")
  func usedUntilEnd() async throws {
    let (world, _) = try await linkedWorld()
    #expect(try await logIn(world).opened != nil)
    world.clock.advance(by: .minutes(19))
    _ = try await world.store.purgeLoginNotes(now: world.clock.now(), limit: 1000)
    #expect(try await logIn(world).isRefused)
  }

  @Test(
    "a failure of ours before the session is about to be opened does not use the token up",
    arguments: ["account(link)", "useOnce"])
  func notBurnt(_ verb: String) async throws {
    let (world, _) = try await linkedWorld()
    world.hooks.fail(verb)
    await #expect(throws: StoreError.self) { try await logIn(world) }
    world.hooks.stopFailing()
    #expect(try await logIn(world).opened != nil)
  }

  @Test("nor does an issuer whose keys can't be had, nor an account that is not active yet")
  func notBurntByRefusal() async throws {
    let (world, account) = try await linkedWorld()
    world.identities.set(Self.token, .unavailable(retryAfter: .seconds(30)))
    guard case .busy(retryAfter: .seconds(30)) = try await logIn(world) else {
      Issue.record("not told to come back")
      return
    }
    world.identities.set(Self.token, .genuine(Self.identity()))
    _ = try await world.accounts.change(account.id, by: AccountsWorld.actor) { $0.isActive = false }
    #expect(try await logIn(world).isRefused)
    _ = try await world.accounts.change(account.id, by: AccountsWorld.actor) { $0.isActive = true }
    #expect(try await logIn(world).opened != nil)
    #expect(try await world.reasons(.loginRefused) == ["inactive"])
  }

  @Test("a token that is not genuine is refused, and the log says why")
  func refused() async throws {
    let (world, _) = try await linkedWorld()
    world.identities.set(Self.token, .refused(cause: "audience"))
    #expect(try await logIn(world).isRefused)
    #expect(try await world.reasons(.loginRefused) == ["id_token_audience"])
  }

  @Test("an address that the provider says is not verified lets nobody in, linked or not")
  func notVerified() async throws {
    let (world, _) = try await linkedWorld()
    world.identities.set(Self.token, .genuine(Self.identity(isVerified: false)))
    #expect(try await logIn(world).isRefused)
    #expect(try await world.reasons(.loginRefused) == ["email_not_verified"])
  }

  @Test("the session whose token came along is closed, and stays if the log-in is refused")
  func presented() async throws {
    let (world, account) = try await linkedWorld()
    let old = try await world.openSession(of: account.id)
    #expect(try await logIn(world, Array("forged".utf8), presented: old.id).isRefused)
    #expect(try await world.sessions.session(old.id)?.closeReason == nil)
    #expect(try await logIn(world, presented: old.id).opened != nil)
    #expect(try await world.sessions.session(old.id)?.closeReason == .logout)
  }

  @Test("without an issuer no token is taken")
  func noIssuer() async throws {
    let world = try await AccountsWorld()
    let logins = Logins(
      accounts: world.accounts, sessions: world.sessions, store: world.store, events: world.store,
      hasher: world.hasher, identities: nil, policy: LoginPolicy())
    let verdict = try await logins.logIn(idToken: Self.token, nonce: nil, as: AccountsWorld.context())
    #expect(verdict.invalidMember == "id_token")
  }

  @Test("a flood of forged tokens is a bounded number of entries of the log")
  func flood() async throws {
    let world = try await AccountsWorld()
    for index in 0..<500 { #expect(try await logIn(world, Array("forged \(index)".utf8)).isRefused) }
    let reasons = try await world.reasons(.loginRefused)
    #expect(reasons.count == 101)
    #expect(reasons.last == "throttled")
  }
}
