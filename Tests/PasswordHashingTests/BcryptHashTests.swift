import Cryptography
import Testing

@testable import PasswordHashing

@Suite("bcrypt hashes brought from elsewhere") struct BcryptHashTests {
  /// Facts of crypt_blowfish (wrapper.c) and of jBCrypt's tests.
  static let vectors = [
    ("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"),
    ("U*U*", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK"),
    ("U*U*U", "$2a$05$\(String(repeating: "X", count: 21))OAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a"),
    ("", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy"),
    ("a", "$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe"),
    ("abc", "$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i"),
    ("correct horse battery", "$2a$04$abcdefghijklmnopqrstuuqREtd3VJD2QVZbuFskFSLk6eRIrQoOS"),
    ("correct horse battery", "$2b$04$abcdefghijklmnopqrstuuqREtd3VJD2QVZbuFskFSLk6eRIrQoOS"),
    ("correct horse battery", "$2y$04$abcdefghijklmnopqrstuuqREtd3VJD2QVZbuFskFSLk6eRIrQoOS"),
    ("éééé", "$2b$04$abcdefghijklmnopqrstuucuxA7xgz2To/413zgxGHUcaigO4ay.O"),
  ]

  /// crypt_blowfish's vector of a password that bcrypt cuts at 72 bytes.
  static let cut = "$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui"
  static let seventyTwo =
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

  @Test("known vectors match, and no other password does", arguments: vectors)
  func known(password: String, text: String) throws {
    let stored = try #require(StoredPassword(text))
    #expect(stored.text == text)
    #expect(stored.isWeaker(than: .standard))
    #expect(stored.matches(SecretBytes(password.utf8)) == true)
    #expect(stored.matches(SecretBytes((password + "x").utf8)) == false)
    #expect(stored.matches(SecretBytes((password + "\0").utf8)) == false)
    #expect(stored.matches(SecretBytes((password + "\0x").utf8)) == false)
    #expect(stored.matches(SecretBytes(("x" + password).utf8)) == false)
  }

  @Test("72 bytes open, and 73 that begin with them don't")
  func longest() throws {
    let stored = try #require(StoredPassword(Self.cut))
    #expect(Self.seventyTwo.utf8.count == 72)
    #expect(stored.matches(SecretBytes(Self.seventyTwo.utf8)) == true)
    #expect(stored.matches(SecretBytes((Self.seventyTwo + "c").utf8)) == false)
    #expect(stored.matches(SecretBytes((Self.seventyTwo + "chars after 72 are ignored").utf8)) == false)
    #expect(stored.matches(SecretBytes(Self.seventyTwo.utf8.dropLast())) == false)
  }

  @Test("no change of one character after the version leaves a text that opens for the same password")
  func oneCharacter() {
    let text = Array("$2b$04$abcdefghijklmnopqrstuuqREtd3VJD2QVZbuFskFSLk6eRIrQoOS".utf8)
    var checked = 0
    // The cost has its own test: higher ones take long, and are read or refused by their number alone.
    for place in text.indices where place > 5 {
      for other in UInt8(0)...127 where other != text[place] {
        var changed = text
        changed[place] = other
        guard let stored = StoredPassword(String(decoding: changed, as: UTF8.self)) else { continue }
        checked += 1
        if checked % 16 == 0 { #expect(stored.matches(SecretBytes("correct horse battery".utf8)) == false) }
        #expect(stored.text != String(decoding: text, as: UTF8.self))
      }
    }
    #expect(checked > 1_000)
  }

  @Test("costs of 4 to 16 are taken, lower and higher ones refused", arguments: 0...31)
  func cost(_ cost: Int) {
    let digits = cost < 10 ? "0\(cost)" : "\(cost)"
    let stored = StoredPassword("$2b$\(digits)$abcdefghijklmnopqrstuuqREtd3VJD2QVZbuFskFSLk6eRIrQoOS")
    #expect((stored != nil) == (4...16).contains(cost))
  }

  @Test(
    "what is not exactly a text of bcrypt is refused",
    arguments: [
      "$2x$04$abcdefghijklmnopqrstuuqREtd3VJD2QVZbuFskFSLk6eRIrQoOS",
      "$2$04$abcdefghijklmnopqrstuuqREtd3VJD2QVZbuFskFSLk6eRIrQoOS",
      "$1$04$abcdefghijklmnopqrstuuqREtd3VJD2QVZbuFskFSLk6eRIrQoOSx",
      "$2b$4$abcdefghijklmnopqrstuuqREtd3VJD2QVZbuFskFSLk6eRIrQoOSx",
      "$2b$+4$abcdefghijklmnopqrstuuqREtd3VJD2QVZbuFskFSLk6eRIrQoOS",
      "$2b$04$abcdefghijklmnopqrstuuqREtd3VJD2QVZbuFskFSLk6eRIrQoO",
      "$2b$04$abcdefghijklmnopqrstuuqREtd3VJD2QVZbuFskFSLk6eRIrQoOSS",
      "$2b$04$abcdefghijklmnopqrstuuqREtd3VJD2QVZbuFskFSLk6eRIrQoO\0",
      "$2b$04$abcdefghijklmnopqrstuvqREtd3VJD2QVZbuFskFSLk6eRIrQoOS",
      "$2b$04$abcdefghijklmnopqrstuuqREtd3VJD2QVZbuFskFSLk6eRIrQoOT",
      "$2b$04$abcdefghijklmnopqrstuuqREtd3VJD2QVZbuFskFSLk6eRIrQoO=",
      "$6$saltsalt$abcdefghijklmnopqrstuuqREtd3VJD2QVZbuFskFSLk6eRI",
      "abcdefghij", "*0",
    ])
  func malformed(text: String) { #expect(StoredPassword(text) == nil) }
}
