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
/// Reading costs one decoding of 72 characters and four blocks of SHA-256, and no memory. The ring is kept in several copies,
/// chosen by session, so that event loops do not wait for one another.
final class TokenCodec: Sendable {
  static let version: UInt8 = 1
  private static let claimsLength = 22
  private static let bodyLength = 54
  private static let copies = 16
  private static let tokenLabel = Array("sesame session token v1".utf8)
  private static let csrfLabel = Array("sesame csrf token v1".utf8)

  private let rings: [RingCopy]

  private final class RingCopy: Sendable {
    let ring: Mutex<KeyRing>
    init(_ ring: KeyRing) { self.ring = Mutex(ring) }
  }

  init(_ ring: KeyRing) {
    rings = (0..<Self.copies).map { _ in RingCopy(KeyRing(signing: ring.signing, former: Array(ring.keys.dropFirst())))
    }
  }

  var ring: KeyRing { rings[0].ring.withLock { $0 } }

  func replaceRing(_ ring: KeyRing) {
    for copy in rings {
      copy.ring.withLock { $0 = KeyRing(signing: ring.signing, former: Array(ring.keys.dropFirst())) }
    }
  }

  func token(id: SessionID, generation: UInt32) -> SessionToken {
    let key = ring.signing
    var body = [UInt8](repeating: 0, count: Self.bodyLength)
    body[0] = Self.version
    body[1] = key.id
    for index in 0..<4 { body[2 + index] = UInt8(truncatingIfNeeded: generation >> UInt32(24 - 8 * index)) }
    for index in 0..<8 {
      body[6 + index] = UInt8(truncatingIfNeeded: id.high >> UInt64(56 - 8 * index))
      body[14 + index] = UInt8(truncatingIfNeeded: id.low >> UInt64(56 - 8 * index))
    }
    let code = key.authentication.code(for: body[..<Self.claimsLength] + Self.tokenLabel)
    body.replaceSubrange(Self.claimsLength..., with: code)
    return SessionToken(text: Array("sst_".utf8) + Base64URL.encode(body))
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
      let copy = rings[Int(truncatingIfNeeded: low % UInt64(Self.copies))]
      let isGenuine = copy.ring.withLock { ring in
        guard let key = ring.key(keyID, now: now) else { return false }
        return unsafe Self.isCode(UnsafeRawBufferPointer(rebasing: body[Self.claimsLength...]), of: message, under: key)
      }
      guard isGenuine else { return .forged }
      let generation = unsafe UInt32(bigEndian: body.loadUnaligned(fromByteOffset: 2, as: UInt32.self))
      return .genuine(TokenClaims(id: SessionID(high: high, low: low), generation: generation))
    }
  }

  /// A token that a page of the session's own origin shows beside the cookie: 43 characters, the same for the session's whole life.
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
  private static func decode(_ text: UnsafeRawBufferPointer, into bytes: UnsafeMutableRawBufferPointer) -> Bool {
    var seen: UInt32 = 0
    var output = 0
    var index = 0
    while index + 4 <= text.count {
      let first = unsafe sextet(text[index])
      let second = unsafe sextet(text[index + 1])
      let third = unsafe sextet(text[index + 2])
      let fourth = unsafe sextet(text[index + 3])
      seen |= first | second | third | fourth
      let bits = first << 18 | second << 12 | third << 6 | fourth
      unsafe bytes[output] = UInt8(truncatingIfNeeded: bits >> 16)
      unsafe bytes[output + 1] = UInt8(truncatingIfNeeded: bits >> 8)
      unsafe bytes[output + 2] = UInt8(truncatingIfNeeded: bits)
      index += 4
      output += 3
    }
    return seen < 64
  }

  /// The value of a character, or one above 63.
  @inline(__always)
  private static func sextet(_ character: UInt8) -> UInt32 {
    switch character {
    case 0x41...0x5A: UInt32(character) - 0x41
    case 0x61...0x7A: UInt32(character) - 0x61 + 26
    case 0x30...0x39: UInt32(character) - 0x30 + 52
    case 0x2D: 62
    case 0x5F: 63
    default: 0x40
    }
  }
}
