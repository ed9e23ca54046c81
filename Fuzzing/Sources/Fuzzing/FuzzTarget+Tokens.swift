@testable import IdentityTokens
import Cryptography
import JSON
@testable import SessionCore

extension FuzzTarget {
  private static let ring = KeyRing(
    signing: RingKey(id: 1, secret: SecretBytes([UInt8](repeating: 1, count: 32))))
  private static let codec = TokenCodec(ring)
  private static let now = Timestamp(milliseconds: 1_800_000_000_000)

  /// A token has one text, and who can't sign makes none.
  func readToken(_ bytes: [UInt8]) {
    if case .genuine(let claims) = unsafe bytes.withUnsafeBytes({ unsafe Self.codec.read($0, now: Self.now) }) {
      precondition(
        Self.codec.token(id: claims.id, generation: claims.generation).text == bytes, "a second text of a token")
    }
    // What is signed must be read, whatever stands in it: so the fuzzer needn't guess a digest.
    let numbers = bytes.prefix(20)
    let id = SessionID(
      high: numbers.prefix(8).reduce(0) { $0 << 8 | UInt64($1) },
      low: numbers.dropFirst(8).prefix(8).reduce(0) { $0 << 8 | UInt64($1) })
    let generation = numbers.dropFirst(16).reduce(0) { $0 << 8 | UInt32($1) }
    var text = Self.codec.token(id: id, generation: generation).text
    let reading = unsafe text.withUnsafeBytes { unsafe Self.codec.read($0, now: Self.now) }
    precondition(reading == .genuine(TokenClaims(id: id, generation: generation)), "a token that is not read")
    guard let last = bytes.last, bytes.count > 20 else { return }
    let place = Int(bytes[bytes.count - 2]) % text.count
    let was = text[place]
    text[place] = last
    if case .genuine = unsafe text.withUnsafeBytes({ unsafe Self.codec.read($0, now: Self.now) }) {
      precondition(was == last, "a token that was changed")
    }
  }

  /// An id token is taken apart, or refused with a reason.
  func readSignedToken(_ bytes: [UInt8]) {
    // What is no token as it stands becomes one whose header or claims it is.
    let part = Base64URL.encode(bytes)
    let empty = Base64URL.encode(Array("{}".utf8))
    for text in [bytes, part + [0x2E] + empty + [0x2E] + empty, empty + [0x2E] + part + [0x2E] + empty] {
      guard let token = try? CompactToken(text) else { continue }
      _ = try? TokenHeader(token.header)
    }
  }

  /// An issuer's documents are read, or are none.
  func readKeySet(_ bytes: [UInt8]) {
    if let keys = IssuerKeySet(bytes) {
      for key in keys.keys {
        for algorithm in TokenAlgorithm.allCases { _ = key.fits(algorithm) }
      }
    }
    _ = try? Discovery.keysAddress(in: bytes, of: "https://issuer.example")
  }
}
