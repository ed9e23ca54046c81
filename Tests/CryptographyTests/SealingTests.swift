import Cryptography
import Testing

@Suite struct SealingTests {
  private let key = SealingKey(SecretBytes(0..<32))

  @Test("a sealed text is that of the published test case (GCM test case 16, McGrew and Viega)")
  func published() throws {
    let secret = bytes("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308")
    let text = bytes(
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525"
        + "b16aedf5aa0de657ba637b39")
    let sealed = SealingKey(SecretBytes(secret)).seal(
      text, context: bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2"), nonce: bytes("cafebabefacedbaddecaf888"))
    #expect(
      sealed.dropFirst(12)
        == bytes(
          "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838"
            + "c5f61e6393ba7a0abcc9f662" + "76fc6ece0f4e1768cddf8853bb2d551b")[...])
  }

  @Test("what was sealed opens, whatever its length, and never looks the same twice", arguments: [0, 1, 15, 16, 4096])
  func roundTrip(length: Int) {
    let text = [UInt8](repeating: 0x61, count: length)
    let sealed = key.seal(text, context: [1, 2])
    #expect(sealed.count == length + SealingKey.overhead)
    #expect(key.open(sealed, context: [1, 2]) == text)
    #expect(key.seal(text, context: [1, 2]) != sealed)
    #expect(key.open(key.seal(text, context: []), context: []) == text)
  }

  @Test("a changed byte, a cut end, another key or another context opens nothing")
  func tampering() {
    let sealed = key.seal(Array("secret".utf8), context: [9])
    for index in sealed.indices {
      var changed = sealed
      changed[index] ^= 1
      #expect(key.open(changed, context: [9]) == nil)
      #expect(key.open(Array(sealed[..<index]), context: [9]) == nil)
    }
    #expect(key.open(sealed, context: [8]) == nil)
    #expect(key.open(sealed, context: []) == nil)
    #expect(SealingKey(SecretBytes(1..<33)).open(sealed, context: [9]) == nil)
  }

  @Test("a sealing key prints as redacted")
  func redacted() {
    var text = "\(key) \(String(reflecting: key)) "
    dump(key, to: &text)
    #expect(!text.contains("31") && text.contains("redacted"))
  }

  private func bytes(_ hex: String) -> [UInt8] {
    let digits = hex.compactMap { $0.hexDigitValue }.map(UInt8.init)
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }
}
