import Cryptography
import Testing

@testable import PasswordHashing

@Suite("Argon2id and its text") struct Argon2HashTests {
  /// Facts of the reference implementation, src/test.c of phc-winner-argon2, for version 0x13 of Argon2id.
  static let vectors = [
    ("password", "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"),
    ("password", "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"),
    ("password", "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc"),
    ("password", "$argon2id$v=19$m=65536,t=1,p=1$c29tZXNhbHQ$9qWtwbpyPd3vm1rB1GThgPzZ3/ydHL92zKL+15XZypg"),
    ("differentpassword", "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$C4TWUs9rDEvq7w3+J4umqA32aWKB1+DSiRuBfYxFj94"),
    ("password", "$argon2id$v=19$m=65536,t=2,p=1$ZGlmZnNhbHQ$vfMrBczELrFdWP0ZsfhWsRPaHppYdP3MVEMIVlqoFBw"),
  ]

  /// A hash so cheap that thousands of its like can be checked.
  static let cheap = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$"

  static func cheapText(of password: String) throws -> String {
    let parameters = try #require(Argon2Parameters(stored: 8, 1, 1))
    let salt = Array("somesalt".utf8)
    let tag = try #require(Argon2.tag(SecretBytes(password.utf8), salt: salt, parameters: parameters, length: 32))
    return Argon2Hash(parameters: parameters, salt: salt, tag: tag).text
  }

  @Test("the reference implementation's vectors match, and no other password does", arguments: vectors)
  func reference(password: String, text: String) throws {
    let stored = try #require(StoredPassword(text))
    #expect(stored.matches(SecretBytes(password.utf8)) == true)
    #expect(stored.matches(SecretBytes((password + "s").utf8)) == false)
    #expect(stored.matches(SecretBytes([])) == false)
  }

  @Test("a text that is read is written the same", arguments: vectors.map(\.1))
  func roundTrip(text: String) {
    #expect(Argon2Hash(text)?.text == text)
    #expect(StoredPassword(text)?.text == text)
  }

  @Test("no change of one character leaves a text that opens for the same password")
  func oneCharacter() throws {
    let text = Array(try Self.cheapText(of: "correct horse").utf8)
    let password = Array("correct horse".utf8)
    #expect(StoredPassword(String(decoding: text, as: UTF8.self))?.matches(SecretBytes(password)) == true)
    var checked = 0
    for place in text.indices {
      for other in UInt8(0)...255 where other != text[place] {
        var changed = text
        changed[place] = other
        guard let stored = StoredPassword(String(decoding: changed, as: UTF8.self)) else { continue }
        checked += 1
        #expect(stored.matches(SecretBytes(password)) == false, "\(String(decoding: changed, as: UTF8.self))")
      }
    }
    // Salt and tag can be changed to others; were nothing read at all, the loop would prove nothing.
    #expect(checked > 1_000)
  }

  @Test("no missing or doubled character leaves a text that opens for the same password")
  func length() throws {
    let text = Array(try Self.cheapText(of: "correct horse").utf8)
    for place in text.indices {
      for changed in [
        Array(text[..<place] + text[(place + 1)...]), Array(text[..<place] + [text[place]] + text[place...]),
      ] where changed != text {
        let stored = StoredPassword(String(decoding: changed, as: UTF8.self))
        #expect(
          stored?.matches(SecretBytes("correct horse".utf8)) != true, "\(String(decoding: changed, as: UTF8.self))")
      }
    }
  }

  @Test(
    "what is not exactly a text of Argon2id is refused",
    arguments: [
      "", "$", "$$$$$", "argon2id",
      "$argon2i$v=19$m=64,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
      "$argon2d$v=19$m=64,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
      "$ARGON2ID$v=19$m=64,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
      "$argon2id$m=64,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
      "$argon2id$v=16$m=64,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
      "$argon2id$v=19$t=2,m=64,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
      "$argon2id$v=19$m=64,t=2$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
      "$argon2id$v=19$m=64,t=2,p=1,$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
      "$argon2id$v=19$m=64,t=2,p=1,keyid=aGk$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
      "$argon2id$v=19$m=64,t=2,p=1,data=aGk$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
      "$argon2id$v=19$m=+64,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
      "$argon2id$v=19$m=064,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
      "$argon2id$v=19$m=64,t=,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
      "$argon2id$v=19$m=64,t=2,p=1$c29tZXNhbHQ=$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
      "$argon2id$v=19$m=64,t=2,p=1$c29tZXNhbHR$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
      "$argon2id$v=19$m=64,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR_uIPnA4rEsF5h7TKyQwu9U1bMCHGi-4",
      "$argon2id$v=19$m=64,t=2,p=1$c29tZQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
      "$argon2id$v=19$m=64,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR",
      "$argon2id$v=19$m=64,t=2,p=1$c29tZXNhbHQ",
      "$argon2id$v=19$m=64,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4$",
      "$argon2id$v=19$m=64,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4\n",
      " $argon2id$v=19$m=64,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
    ])
  func malformed(text: String) { #expect(StoredPassword(text) == nil) }

  @Test(
    "parameters that would take the machine are refused before any work",
    arguments: [
      "m=104857600,t=1,p=1", "m=262145,t=1,p=1", "m=64,t=17,p=1", "m=256,t=1,p=17", "m=4294967295,t=1,p=1",
      "m=999999999999999999999,t=1,p=1", "m=64,t=4294967295,p=1", "m=262144,t=5,p=1", "m=65537,t=16,p=1",
      "m=7,t=1,p=1", "m=15,t=1,p=2", "m=0,t=1,p=1", "m=8,t=0,p=1", "m=8,t=1,p=0", "m=-8,t=1,p=1",
    ])
  func hostile(parameters: String) {
    let rest = "$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"
    #expect(StoredPassword("$argon2id$v=19$m=256,t=1,p=1" + rest) != nil)
    #expect(StoredPassword("$argon2id$v=19$" + parameters + rest) == nil)
  }

  @Test("a salt or a tag of a megabyte is refused")
  func huge() {
    let long = String(repeating: "A", count: 1 << 20)
    #expect(StoredPassword("$argon2id$v=19$m=256,t=1,p=1$\(long)$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4") == nil)
    #expect(StoredPassword("$argon2id$v=19$m=256,t=1,p=1$c29tZXNhbHQ$\(long)") == nil)
  }

  @Test(
    "what is weaker than today's is known",
    arguments: [
      ("m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA", false), ("m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA", false),
      ("m=19455,t=2,p=1$c29tZXNhbHRzb21lc2FsdA", true), ("m=65536,t=1,p=1$c29tZXNhbHRzb21lc2FsdA", true),
      ("m=19456,t=2,p=1$c29tZXNhbHQ", true),
    ])
  func weaker(parameters: String, isWeaker: Bool) throws {
    let text = "$argon2id$v=19$\(parameters)$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"
    #expect(try #require(StoredPassword(text)).isWeaker(than: .standard) == isWeaker)
  }

  @Test("a hash prints as redacted")
  func redacted() throws {
    let stored = try #require(StoredPassword(Self.vectors[0].1))
    var dumped = ""
    dump(stored, to: &dumped)
    for text in ["\(stored)", String(reflecting: stored), dumped] {
      #expect(text.contains("redacted"))
      #expect(!text.contains("CTFhFdX"))
    }
  }
}
