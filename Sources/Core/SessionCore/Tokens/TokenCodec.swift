import Cryptography
import Synchronization

/// What a genuine token says.
struct TokenClaims: Sendable, Equatable {
  var id: SessionID
  var generation: UInt32
}

/// What reading a token came to.
enum TokenReading: Sendable, Equatable {
  case genuine(TokenClaims)
  case malformed
  case forged
}

/// Makes and reads tokens: `sst_` and the base64url of version, key id, generation, session id and HMAC-SHA256.
///
/// Reading costs one decoding of 72 characters and two blocks of SHA-256, and no memory. The ring is kept in several
/// copies, chosen by session, so that event loops do not wait for one another.
final class TokenCodec: Sendable {
  static let version: UInt8 = 1
  private static let claimsLength = 22
  private static let bodyLength = 54
  private static let tokenLabel = Array("sesame session token v1".utf8)
  private static let csrfLabel = Array("sesame csrf token v1".utf8)

  private let rings: InlineArray<16, Mutex<KeyRing>>

  init(_ ring: KeyRing) {
    rings = InlineArray { _ in Mutex(Self.copy(ring)) }
  }

  var ring: KeyRing { rings[0].withLock { $0 } }

  func replaceRing(_ ring: KeyRing) {
    for index in rings.indices { rings[index].withLock { $0 = Self.copy(ring) } }
  }

  /// A ring that shares no storage with `ring`.
  private static func copy(_ ring: KeyRing) -> KeyRing {
    KeyRing(signing: ring.signing, former: Array(ring.keys.dropFirst()))
  }

  func token(id: SessionID, generation: UInt32) -> SessionToken {
    let key = ring.signing
    var body: [UInt8] = []
    body.reserveCapacity(Self.bodyLength)
    body.append(Self.version)
    body.append(key.id)
    unsafe withUnsafeBytes(of: generation.bigEndian) { unsafe body.append(contentsOf: $0) }
    unsafe withUnsafeBytes(of: (id.high.bigEndian, id.low.bigEndian)) { unsafe body.append(contentsOf: $0) }
    let claims = body
    body += Self.tokenLabel
    let code = key.authentication.code(for: body)
    return SessionToken(text: Array("sst_".utf8) + Base64URL.encode(claims + code))
  }

  func read(_ text: UnsafeRawBufferPointer, now: Timestamp) -> TokenReading {
    guard text.count == SessionToken.textLength, unsafe text[0] == 0x73, unsafe text[1] == 0x73, unsafe text[2] == 0x74,
      unsafe text[3] == 0x5F
    else { return .malformed }
    return unsafe withUnsafeTemporaryAllocation(byteCount: 128, alignment: 8) { scratch in
      let body = unsafe UnsafeMutableRawBufferPointer(rebasing: scratch[..<Self.bodyLength])
      guard unsafe Self.decode(UnsafeRawBufferPointer(rebasing: text[4...]), into: body), unsafe body[0] == Self.version
      else { return .malformed }
      let high = unsafe UInt64(bigEndian: body.loadUnaligned(fromByteOffset: 6, as: UInt64.self))
      let low = unsafe UInt64(bigEndian: body.loadUnaligned(fromByteOffset: 14, as: UInt64.self))
      let message = unsafe UnsafeMutableRawBufferPointer(rebasing: scratch[64..<(64 + 22 + 23)])
      unsafe message.copyMemory(from: UnsafeRawBufferPointer(rebasing: body[..<Self.claimsLength]))
      unsafe message[Self.claimsLength...].copyBytes(from: Self.tokenLabel)
      let keyID = unsafe body[1]
      let isGenuine = rings[Int(truncatingIfNeeded: low & 15)].withLock { ring in
        guard let index = ring.index(of: keyID, now: now) else { return false }
        let code = unsafe UnsafeRawBufferPointer(rebasing: body[Self.claimsLength...])
        return unsafe Self.isCode(code, of: message, under: ring.keys[index])
      }
      guard isGenuine else { return .forged }
      let generation = unsafe UInt32(bigEndian: body.loadUnaligned(fromByteOffset: 2, as: UInt32.self))
      return .genuine(TokenClaims(id: SessionID(high: high, low: low), generation: generation))
    }
  }

  /// A token that a page of the session's own origin shows beside the cookie: 43 characters, the same until
  /// the ring rotates; the former one is read as long as its key is.
  func csrfToken(for id: SessionID) -> [UInt8] {
    Self.csrfToken(for: id, under: ring.signing)
  }

  func isCSRFToken(_ text: [UInt8], for id: SessionID, now: Timestamp) -> Bool {
    var found = false
    for key in ring.keys where key.acceptedUntil.map({ now < $0 }) ?? true {
      if ConstantTime.areEqual(Self.csrfToken(for: id, under: key), text) { found = true }
    }
    return found
  }

  private static func csrfToken(for id: SessionID, under key: RingKey) -> [UInt8] {
    Base64URL.encode(key.authentication.code(for: id.text + csrfLabel))
  }

  private static func isCode(
    _ code: UnsafeRawBufferPointer, of message: UnsafeMutableRawBufferPointer, under key: RingKey
  ) -> Bool {
    unsafe withUnsafeTemporaryAllocation(byteCount: MessageAuthenticationKey.codeLength, alignment: 8) { expected in
      unsafe key.authentication.authenticate(UnsafeRawBufferPointer(message), into: expected)
      return unsafe ConstantTime.areEqual(UnsafeRawBufferPointer(expected), code)
    }
  }

  /// Decodes characters in fours; 72 characters are 54 bytes exactly, so there are no spare bits to check.
  ///
  /// The characters are mapped first, by arithmetic that the compiler turns into vector instructions: a token is
  /// random, and a branch on each character would be guessed wrong every other time.
  private static func decode(_ text: UnsafeRawBufferPointer, into bytes: UnsafeMutableRawBufferPointer) -> Bool {
    unsafe withUnsafeTemporaryAllocation(byteCount: 72, alignment: 16) { sextets in
      var seen: UInt8 = 0
      for index in 0..<72 {
        let value = unsafe sextet(text[index])
        seen |= value
        unsafe sextets[index] = value
      }
      for group in 0..<18 {
        let first = unsafe UInt32(sextets[group * 4]) << 18 | UInt32(sextets[group * 4 + 1]) << 12
        let bits = unsafe first | UInt32(sextets[group * 4 + 2]) << 6 | UInt32(sextets[group * 4 + 3])
        unsafe bytes[group * 3] = UInt8(truncatingIfNeeded: bits >> 16)
        unsafe bytes[group * 3 + 1] = UInt8(truncatingIfNeeded: bits >> 8)
        unsafe bytes[group * 3 + 2] = UInt8(truncatingIfNeeded: bits)
      }
      return seen < 64
    }
  }

  /// The value of a character, or one above 63.
  @inline(__always)
  private static func sextet(_ character: UInt8) -> UInt8 {
    let upper: UInt8 = character &- 0x41 < 26 ? character &- 0x41 : 0
    let lower: UInt8 = character &- 0x61 < 26 ? character &- 0x61 &+ 26 : 0
    let digit: UInt8 = character &- 0x30 < 10 ? character &- 0x30 &+ 52 : 0
    let mark: UInt8 = (character == 0x2D ? 62 : 0) | (character == 0x5F ? 63 : 0)
    let value = upper | lower | digit | mark
    // "A" is the one character whose value is 0.
    return value == 0 && character != 0x41 ? 0x40 : value
  }
}
