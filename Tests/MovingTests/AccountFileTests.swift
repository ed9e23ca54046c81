import Accounts
import Moving
import SessionCore
import Testing

@Suite("Lists of accounts") struct AccountFileTests {
  let world: MovingWorld

  init() throws { world = try MovingWorld() }

  private func read(_ text: String) throws -> [(at: String, found: AccountFile.Found)] {
    try world.write(text, to: "list")
    var file = try AccountFile(world.path("list"))
    var all: [(at: String, found: AccountFile.Found)] = []
    while let next = try file.next() { all.append(next) }
    return all
  }

  private static let hash = "$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e"

  @Test("an account reads the same from JSON lines, an array and CSV")
  func forms() throws {
    let json =
      #"{"email":"ada@Example.org","username":"ada","first_name":"Ada","level":"T","active":false,"#
      + #""verified":true,"password_hash":"\#(Self.hash)"}"#
    let csv = """
      email,username,first_name,level,active,verified,password_hash,picture
      ada@Example.org,ada,Ada,T,false,1,\(Self.hash),
      """
    for text in [json, json + "\n", "[\(json)]", csv, csv + "\n", csv.replacing("\n", with: "\r\n")] {
      let found = try read(text)
      #expect(found.count == 1)
      guard case .account(let profile, let password)? = found.first?.found else {
        Issue.record("\(text): \(found)")
        continue
      }
      #expect(profile.email?.text == "ada@Example.org" && profile.username == "ada" && profile.firstName == "Ada")
      #expect(profile.level == .technician && !profile.isActive && profile.isVerified && profile.picture == nil)
      #expect(password == PasswordHash(Self.hash))
    }
  }

  @Test("what a line leaves out is as for a new account: active, not verified, a user, without a password")
  func defaults() throws {
    guard case .account(let profile, nil)? = try read(#"{"username":"ada"}"#).first?.found else {
      Issue.record("no account")
      return
    }
    var plain = AccountProfile()
    plain.username = "ada"
    #expect(profile == plain)
  }

  @Test(
    "a line that is not right is told by its number, with what would be right",
    arguments: [
      (#"{"email":"no address"}"#, "email must be"), (#"{"name":"Ada"}"#, "an email or a username"),
      (#"{"username":"a@b"}"#, "username must not contain"), (#"{"username":"a","level":"X"}"#, "I, U, C, T, A"),
      (#"{"username":"a","active":"maybe"}"#, "active must be"), (#"{"username":"a","id":7}"#, "no member \"id\""),
      (#"{"username":"a","password":"secret"}"#, "password_hash takes"),
      (#"{"username":"a","password_hash":"secret"}"#, "password_hash must be"),
      (#"{"username":"a","password_hash":7}"#, "password_hash must be"),
      (#"{"username":"a","password_hash":"pbkdf2_sha256$2000001$s$AAAA"}"#, "password_hash must be"),
      (#"{"username":["a"]}"#, "username must be a text"), (#"{"username":"a","links":7}"#, "links must be"),
      (#"{"username":"a","picture":"javascript:1"}"#, "picture must be"), ("[]", "no JSON object"),
      ("{", "JSON object"),
      (#"{"username":"\#(String(repeating: "a", count: 256))"}"#, "username must be at most"),
    ])
  func bad(line: String, part: String) throws {
    let found = try read("{\"username\":\"good\"}\n\n\(line)\n")
    #expect(found.map(\.at) == ["line 1", "line 3"])
    guard case .bad(let why)? = found.last?.found else {
      Issue.record("\(line) was taken")
      return
    }
    #expect(why.contains(part), "\(why)")
  }

  @Test("links are read from JSON, and every hash that can be checked is taken")
  func more() throws {
    let links = #"{"username":"a","links":[{"issuer":"https://id.example","subject":"s"}]}"#
    guard case .account(let profile, nil)? = try read(links).first?.found else {
      Issue.record("no account")
      return
    }
    #expect(profile.links == [IdentityLink(issuer: "https://id.example", subject: "s")])
    for (text, kept) in [
      ("bcrypt$" + Self.hash, Self.hash), ("bcrypt_sha256$" + Self.hash, "bcrypt_sha256$" + Self.hash),
      (
        "argon2$argon2id$v=19$m=16,t=1,p=1$c29tZXNhbHQ$c29tZXNhbHRzb21lc2FsdA",
        "$argon2id$v=19$m=16,t=1,p=1$c29tZXNhbHQ$c29tZXNhbHRzb21lc2FsdA"
      ),
    ] {
      guard
        case .account(_, let password?)? = try read(#"{"username":"a","password_hash":"\#(text)"}"#).first?.found
      else {
        Issue.record("\(text) was refused")
        continue
      }
      #expect(password.text == kept)
    }
  }

  @Test("a database and an empty file are refused", arguments: ["SQLite format 3\0", "", "\n"])
  func noList(text: String) throws {
    #expect(throws: MovingError.self) { try read(text) }
  }
}
