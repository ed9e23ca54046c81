import Accounts
import SessionCore
import Testing

@Suite struct AccountValidationTests {
  struct Edit: Sendable, CustomTestStringConvertible {
    let member: String
    let testDescription: String
    let apply: @Sendable (inout AccountProfile) -> Void

    init(_ member: String, _ description: String, _ apply: @escaping @Sendable (inout AccountProfile) -> Void) {
      self.member = member
      testDescription = "\(member): \(description)"
      self.apply = apply
    }
  }

  private static func long(_ count: Int) -> ExactText { ExactText(String(repeating: "a", count: count)) }
  private static let link = IdentityLink(issuer: "https://issuer.example", subject: "1")

  static let outOfBounds: [Edit] = [
    Edit("email", "nothing to be found by") { $0.email = nil },
    Edit("username", "empty") { $0.username = "" },
    Edit("username", "too long") { $0.username = long(256) },
    Edit("username", "a line feed") { $0.username = "a\nb" },
    Edit("username", "a control character of two bytes") { $0.username = "a\u{85}b" },
    Edit("username", "U+0000") { $0.username = "a\u{0}" },
    Edit("username", "an e-mail address") { $0.username = "ana@example.com" },
    Edit("name", "too long in bytes") { $0.name = ExactText(String(repeating: "é", count: 128)) },
    Edit("name", "U+0000") { $0.name = "a\u{0}b" },
    Edit("first_name", "empty") { $0.firstName = "" },
    Edit("last_name", "a carriage return") { $0.lastName = "a\r\nb" },
    Edit("picture", "a script") { $0.picture = "javascript:alert(1)" },
    Edit("picture", "data") { $0.picture = "data:image/png;base64,AAAA" },
    Edit("picture", "no host") { $0.picture = "https:///a.png" },
    Edit("picture", "nothing but a scheme") { $0.picture = "https://" },
    Edit("picture", "a space") { $0.picture = "https://example.com/a b" },
    Edit("picture", "a quote") { $0.picture = "https://example.com/\"onerror=" },
    Edit("picture", "too long") { $0.picture = ExactText("https://example.com/" + long(2029).string) },
    Edit("timezone", "empty") { $0.timezone = "" },
    Edit("timezone", "a path") { $0.timezone = "../../etc/passwd" },
    Edit("timezone", "an empty part") { $0.timezone = "Europe//Madrid" },
    Edit("timezone", "a space") { $0.timezone = "Europe/New York" },
    Edit("timezone", "too long") { $0.timezone = long(65) },
    Edit("links", "an empty issuer") { $0.links = [IdentityLink(issuer: "", subject: "1")] },
    Edit("links", "a subject that is too long") { $0.links = [IdentityLink(issuer: "i", subject: long(256))] },
    Edit("links", "the same twice") { $0.links = [link, link] },
    Edit("links", "too many") { profile in
      profile.links = (0...16).map { IdentityLink(issuer: "i", subject: ExactText("\($0)")) }
    },
  ]

  @Test("a profile with a member out of bounds is refused by the member's name", arguments: outOfBounds)
  func refused(_ edit: Edit) async throws {
    let world = try await AccountsWorld()
    var profile = AccountProfile()
    profile.email = EmailAddress("ana@example.com")
    edit.apply(&profile)
    guard
      case .invalid(edit.member, _) = try await world.accounts.create(profile, password: nil, by: AccountsWorld.actor)
    else {
      Issue.record("created")
      return
    }
    let account = try await world.create("ben@example.com")
    guard
      case .invalid(edit.member, _) = try await world.accounts.change(account.id, by: AccountsWorld.actor, edit.apply)
    else {
      Issue.record("changed")
      return
    }
    #expect(try await world.accounts.account(account.id, fresh: true) == account)
  }

  static let withinBounds: [Edit] = [
    Edit("username", "as long as may be") { $0.username = long(255) },
    Edit("username", "any script") { $0.username = "Ana Núñez 安娜" },
    Edit("name", "as long as may be") { $0.name = long(255) },
    Edit("picture", "an address") { $0.picture = "https://example.com/a.png?size=1&x=%20#top" },
    Edit("picture", "a scheme in capitals") { $0.picture = "HTTP://EXAMPLE.COM" },
    Edit("timezone", "three parts") { $0.timezone = "America/Argentina/Buenos_Aires" },
    Edit("timezone", "an offset") { $0.timezone = "Etc/GMT+5" },
    Edit("links", "nothing else") { profile in
      profile.email = nil
      profile.links = [link]
    },
    Edit("username", "nothing else") { profile in
      profile.email = nil
      profile.username = "ana"
    },
  ]

  @Test("a profile within bounds is kept as it is", arguments: withinBounds)
  func taken(_ edit: Edit) async throws {
    let world = try await AccountsWorld()
    var profile = AccountProfile()
    profile.email = EmailAddress("ana@example.com")
    edit.apply(&profile)
    let account = try await world.accounts.create(profile, password: nil, by: AccountsWorld.actor).account
    #expect(account?.profile == profile)
  }

  @Test("a password that the rules refuse creates no account, and one that can't be hashed now neither")
  func passwords() async throws {
    let world = try await AccountsWorld()
    var profile = AccountProfile()
    profile.email = EmailAddress("correct@example.com")
    let accounts = world.accounts
    for password in ["short", "correct@example.com"] {
      guard
        case .invalid("password", _) = try await accounts.create(
          profile, password: .plain(password), by: AccountsWorld.actor)
      else {
        Issue.record("\(password) was taken")
        return
      }
    }
    for hash in ["", "plain", "$1$md5", "$argon2i$v=19$", "$argon2id$ ", "$2b$" + String(repeating: "a", count: 600)] {
      guard
        case .invalid("password_hash", _) = try await accounts.create(
          profile, password: .hashed(PasswordHash(hash)), by: AccountsWorld.actor)
      else {
        Issue.record("\(hash) was taken")
        return
      }
    }
    world.hasher.setBusy(true)
    let busy = try await accounts.create(profile, password: .plain("long enough"), by: AccountsWorld.actor)
    #expect(busy == .busy(retryAfter: .seconds(2)))
    #expect(try await accounts.page(AccountQuery()).accounts.map(\.id) == [world.administrator])
  }
}
