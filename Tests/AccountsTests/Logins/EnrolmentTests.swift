import Accounts
import SessionCore
import SessionTesting
import Testing

/// Who gets an account by an id token, and whose account nobody gets.
@Suite struct EnrolmentTests {
  private static let link = IdentityLink(issuer: "https://issuer.example", subject: "subject-1")
  private static let token = Array("genuine".utf8)

  private func logIn(
    _ world: AccountsWorld, _ token: [UInt8] = EnrolmentTests.token
  ) async throws -> LoginVerdict {
    try await world.logins.logIn(idToken: token, nonce: nil, as: AccountsWorld.context())
  }

  private func world(_ enrolment: Enrolment, _ identity: Identity) async throws -> AccountsWorld {
    let world = try await AccountsWorld(policy: { $0.enrolment = enrolment })
    world.identities.set(Self.token, .genuine(identity))
    return world
  }

  /// How an account that has the token's e-mail address already was made.
  enum Victim: String, CaseIterable, Sendable {
    case withPassword, withoutPassword, inactive, verified, linkedToAnotherIssuer, linkedToAnotherSubject

    func edit(_ profile: inout AccountProfile) {
      switch self {
      case .withPassword, .withoutPassword: break
      case .inactive: profile.isActive = false
      case .verified: profile.isVerified = true
      case .linkedToAnotherIssuer: profile.links = [IdentityLink(issuer: "https://other.example", subject: "subject-1")]
      case .linkedToAnotherSubject:
        profile.links = [IdentityLink(issuer: "https://issuer.example", subject: "subject-2")]
      }
    }
  }

  private static let enrolments: [Enrolment] = [.off, .on(.guest), .domains(["example.com": .user])]

  @Test(
    "an account is never taken over by its e-mail address, whatever the provider says of it",
    arguments: Victim.allCases,
    [true, false, nil] as [Bool?])
  func takeover(_ victim: Victim, _ isVerified: Bool?) async throws {
    for enrolment in Self.enrolments {
      let identity = IdentityLoginTests.identity("victim@EXAMPLE.com", isVerified: isVerified)
      let world = try await world(enrolment, identity)
      let account = try await world.create(
        "victim@example.com", password: victim == .withPassword ? .plain(AccountsWorld.password) : nil, victim.edit)
      let verdict = try await logIn(world)
      // Without a word on the address an account of its own may be made, which does not have it.
      if enrolment == .on(.guest), isVerified == nil {
        let opened = try #require(verdict.opened)
        #expect(opened.account.id != account.id)
        #expect(opened.account.profile.email == nil)
      } else {
        #expect(verdict.isRefused)
      }
      #expect(try await world.store.account(account.id) == account)
      #expect(try await world.liveSessions(of: account.id).isEmpty)
    }
  }

  @Test("the log says that the address belongs to another account")
  func taken() async throws {
    let world = try await world(.on(.guest), IdentityLoginTests.identity("victim@example.com"))
    try await world.create("victim@example.com")
    #expect(try await logIn(world).isRefused)
    #expect(try await world.reasons(.loginRefused) == ["email_taken"])
  }

  @Test("off, nobody gets an account")
  func off() async throws {
    let world = try await world(.off, IdentityLoginTests.identity())
    #expect(try await logIn(world).isRefused)
    #expect(try await world.reasons(.loginRefused) == ["not_enrolled"])
    #expect(try await world.accounts.page(AccountQuery()).accounts.count == 1)
  }

  @Test("on, whoever is new gets an account of that level with what the token says, and the next time the same one")
  func on() async throws {
    var identity = IdentityLoginTests.identity()
    (identity.name, identity.givenName, identity.familyName) = ("Ana Núñez", "Ana", "Núñez")
    (identity.picture, identity.timezone) = ("https://example.com/a.png", "Europe/Madrid")
    identity.preferredUsername = "root"
    let world = try await world(.on(.collaborator), identity)
    let account = try #require(try await logIn(world).opened).account
    let profile = account.profile
    #expect((profile.level, profile.isActive, profile.isVerified) == (.collaborator, true, true))
    #expect((profile.email, profile.username) == (EmailAddress("ana@example.com"), nil))
    #expect((profile.name, profile.firstName, profile.lastName) == ("Ana Núñez", "Ana", "Núñez"))
    #expect((profile.picture, profile.timezone) == ("https://example.com/a.png", "Europe/Madrid"))
    #expect(profile.links == [Self.link])
    #expect(!account.hasPassword)
    let second = Array("second".utf8)
    world.identities.set(second, .genuine(identity))
    #expect(try await logIn(world, second).opened?.account.id == account.id)
  }

  @Test("what of a token an account can't hold is left out, and does not keep its user out")
  func leftOut() async throws {
    var identity = IdentityLoginTests.identity(nil, isVerified: nil)
    identity.name = String(repeating: "a", count: 256)
    identity.givenName = "A\u{0}"
    identity.familyName = ""
    identity.picture = "javascript:alert(1)"
    identity.timezone = "../etc"
    let world = try await world(.on(.guest), identity)
    let profile = try #require(try await logIn(world).opened).account.profile
    var expected = AccountProfile(level: .guest)
    expected.links = [Self.link]
    #expect(profile == expected)
  }

  @Test("a link that no account can hold is refused")
  func badLink() async throws {
    let link = IdentityLink(issuer: "https://issuer.example", subject: "")
    let world = try await world(.on(.guest), IdentityLoginTests.identity(link: link))
    #expect(try await logIn(world).isRefused)
    #expect(try await world.reasons(.loginRefused) == ["id_token_links"])
  }

  @Test(
    "by domain, only a verified address of exactly that domain gets an account",
    arguments: [
      ("ana@example.com", true, AccountLevel.user), ("ana@EXAMPLE.COM", true, .user),
      ("ana@Staff.Example", true, .collaborator), ("ana@sub.example.com", true, nil),
      ("ana@badexample.com", true, nil), ("ana@example.com.evil.example", true, nil), ("ana@example.com", nil, nil),
      ("ana@example.com", false, nil), (nil, true, nil),
    ] as [(String?, Bool?, AccountLevel?)])
  func domains(_ email: String?, _ isVerified: Bool?, _ level: AccountLevel?) async throws {
    let enrolment = Enrolment.domains(["example.com": .user, "STAFF.example": .collaborator])
    let world = try await world(enrolment, IdentityLoginTests.identity(email, isVerified: isVerified))
    #expect(try await logIn(world).opened?.account.profile.level == level)
    #expect(try await world.accounts.page(AccountQuery()).accounts.count == (level == nil ? 1 : 2))
  }

  @Test("parallel first log-ins of one user make one account, and all get in")
  func parallel() async throws {
    let world = try await world(.on(.guest), IdentityLoginTests.identity())
    let verdicts = try await inParallel(50) { index in
      let token = Array("token \(index)".utf8)
      world.identities.set(token, .genuine(IdentityLoginTests.identity()))
      return try await self.logIn(world, token)
    }
    #expect(verdicts.count { $0.opened != nil } == 50)
    #expect(Set(verdicts.compactMap { $0.opened?.account.id }).count == 1)
    #expect(try await world.accounts.page(AccountQuery()).accounts.count == 2)
  }

  @Test("a first log-in that another one overtakes finds the account that it made")
  func overtaken() async throws {
    let world = try await world(.on(.guest), IdentityLoginTests.identity())
    world.hooks.before("insert") { () async throws(StoreError) in
      let other = Array("other".utf8)
      world.identities.set(other, .genuine(IdentityLoginTests.identity()))
      _ = try await world.logins.logIn(idToken: other, nonce: nil, as: AccountsWorld.context())
    }
    #expect(try await logIn(world).opened != nil)
    #expect(try await world.accounts.page(AccountQuery()).accounts.count == 2)
  }
}
