import Cryptography
import Testing

@Suite struct CryptographyTests {
  private func hex(_ bytes: [UInt8]) -> String {
    bytes.map { byte in
      let text = String(byte, radix: 16)
      return text.count == 1 ? "0" + text : text
    }.joined()
  }

  @Test("the digest of abc is the one of FIPS 180-4")
  func digest() {
    #expect(
      hex(SHA256Digest.bytes(of: Array("abc".utf8)))
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }

  @Test(
    "authentication codes are those of RFC 4231",
    arguments: [
      (
        [UInt8](repeating: 0x0B, count: 20), Array("Hi There".utf8),
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
      ),
      (
        Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
      ),
      (
        [UInt8](repeating: 0xAA, count: 131), Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
      ),
    ])
  func codes(key: [UInt8], message: [UInt8], expected: String) {
    #expect(hex(MessageAuthenticationKey(SecretBytes(key)).code(for: message)) == expected)
  }

  @Test("secrets print as redacted however they are printed")
  func redaction() {
    let secret = SecretBytes([115, 51, 99])
    var dumped = ""
    dump(secret, to: &dumped)
    dump(MessageAuthenticationKey(secret), to: &dumped)
    for text in ["\(secret)", String(reflecting: secret), "\(MessageAuthenticationKey(secret))"] {
      #expect(text == "redacted")
    }
    #expect(!dumped.contains("115"))
  }

  @Test("base64url reads back what it wrote", arguments: 0...70)
  func roundTrip(count: Int) {
    let bytes = SecureRandom.bytes(count)
    let text = Base64URL.encode(bytes)
    #expect(text.count == Base64URL.encodedLength(count))
    #expect(Base64URL.decode(text) == bytes)
  }

  @Test(
    "base64url refuses padding, other alphabets, spare bits and impossible lengths",
    arguments: ["A", "AB=", "AA==", "A+AA", "A/AA", "AB", "AAB", "A AA", "AAAAA", "A\u{0}AA"])
  func strictness(text: String) {
    #expect(Base64URL.decode(Array(text.utf8)) == nil)
  }

  @Test("constant-time comparison tells equal from different")
  func comparison() {
    #expect(ConstantTime.areEqual([1, 2, 3], [1, 2, 3]))
    #expect(!ConstantTime.areEqual([1, 2, 3], [1, 2, 4]))
    #expect(!ConstantTime.areEqual([1, 2, 3], [1, 2]))
    #expect(ConstantTime.areEqual([], []))
  }
}
