import Cryptography
import Testing

@testable import SessionCore

@Suite struct TokenTests {
  private static let now = Timestamp(milliseconds: 1_800_000_000_000)
  private static let id = SessionID(high: 0x0123_4567_89AB_CDEF, low: 0xFEDC_BA98_7654_3210)

  private static func key(_ id: UInt8, _ seed: UInt8) -> RingKey {
    RingKey(id: id, secret: SecretBytes([UInt8](repeating: seed, count: 32)))
  }

  private func read(_ codec: TokenCodec, _ text: [UInt8], at now: Timestamp = Self.now) -> TokenReading {
    unsafe text.withUnsafeBytes { unsafe codec.read($0, now: now) }
  }

  @Test("a token is 76 characters and says what it was made of", arguments: [0, 1, 255, 256, .max] as [UInt32])
  func roundTrip(generation: UInt32) {
    let codec = TokenCodec(KeyRing(signing: Self.key(1, 7)))
    let token = codec.token(id: Self.id, generation: generation)
    #expect(token.text.count == SessionToken.textLength)
    #expect(token.text.starts(with: "sst_".utf8))
    #expect(read(codec, token.text) == .genuine(TokenClaims(id: Self.id, generation: generation)))
  }

  @Test("every other text of one changed character is refused")
  func oneCharacterChanges() {
    let codec = TokenCodec(KeyRing(signing: Self.key(1, 7)))
    let text = codec.token(id: Self.id, generation: 3).text
    for index in text.indices {
      for byte in UInt8.min...UInt8.max where byte != text[index] {
        var changed = text
        changed[index] = byte
        let reading = read(codec, changed)
        #expect(reading == .malformed || reading == .forged)
      }
    }
  }

  @Test("a longer, a shorter, a padded and an empty text are refused")
  func lengths() {
    let codec = TokenCodec(KeyRing(signing: Self.key(1, 7)))
    let text = codec.token(id: Self.id, generation: 3).text
    for other in [[], text.dropLast(), text + [0x3D], text + [0x0A], [0x20] + text, text + text] as [[UInt8]] {
      #expect(read(codec, other) == .malformed)
    }
  }

  @Test("a token of another ring is forged, whatever id its key has")
  func foreignRing() {
    let codec = TokenCodec(KeyRing(signing: Self.key(1, 7)))
    for id in [1, 2] as [UInt8] {
      let foreign = TokenCodec(KeyRing(signing: Self.key(id, 8))).token(id: Self.id, generation: 0)
      #expect(read(codec, foreign.text) == .forged)
    }
  }

  @Test("a rotated key signs at once, and the former one is read until the overlap ends")
  func rotation() {
    let first = KeyRing(signing: Self.key(1, 7))
    let codec = TokenCodec(first)
    let old = codec.token(id: Self.id, generation: 0)
    let end = Self.now + .seconds(60)
    codec.replaceRing(first.rotated(to: Self.key(2, 9), now: Self.now, overlapEnd: end))
    let new = codec.token(id: Self.id, generation: 0)
    #expect(new.text != old.text)
    #expect(read(codec, new.text, at: end + .days(1)) == .genuine(TokenClaims(id: Self.id, generation: 0)))
    #expect(read(codec, old.text, at: end - .seconds(1)) == .genuine(TokenClaims(id: Self.id, generation: 0)))
    #expect(read(codec, old.text, at: end) == .forged)
  }

  @Test("rotation leaves out keys whose time is over")
  func rotationForgets() {
    let end = Self.now + .seconds(60)
    let second = KeyRing(signing: Self.key(1, 7)).rotated(to: Self.key(2, 8), now: Self.now, overlapEnd: end)
    let third = second.rotated(to: Self.key(3, 9), now: end, overlapEnd: end + .seconds(60))
    #expect(third.keys.map(\.id) == [3, 2])
  }

  @Test("a CSRF token belongs to one session and survives a rotation within the overlap")
  func csrf() {
    let first = KeyRing(signing: Self.key(1, 7))
    let codec = TokenCodec(first)
    let token = codec.csrfToken(for: Self.id)
    #expect(codec.isCSRFToken(token, for: Self.id, now: Self.now))
    #expect(!codec.isCSRFToken(token, for: SessionID(high: 1, low: 2), now: Self.now))
    #expect(!codec.isCSRFToken([], for: Self.id, now: Self.now))
    let end = Self.now + .seconds(60)
    codec.replaceRing(first.rotated(to: Self.key(2, 9), now: Self.now, overlapEnd: end))
    #expect(codec.isCSRFToken(token, for: Self.id, now: Self.now))
    #expect(!codec.isCSRFToken(token, for: Self.id, now: end))
  }

  @Test("tokens print as redacted however they are printed")
  func redaction() {
    let token = TokenCodec(KeyRing(signing: Self.key(1, 7))).token(id: Self.id, generation: 0)
    var dumped = ""
    dump(token, to: &dumped)
    #expect("\(token)" == "redacted" && String(reflecting: token) == "redacted")
    #expect(!dumped.contains("115"))
  }
}
