import Cryptography
import JSON

/// A token in JWS's compact form (RFC 7515 section 7.1), taken apart and not believed yet.
struct CompactToken: Sendable {
  /// The longest text that is looked at.
  static let maximumLength = 16 * 1024

  /// The header, an object.
  let header: JSONValue
  /// The claims, an object, which nothing vouches for before the signature is verified.
  let claims: JSONValue
  /// What is signed: the first two parts as they stand.
  let signedBytes: [UInt8]
  /// The signature.
  let signature: [UInt8]

  /// Takes a text apart.
  ///
  /// There is one text for each token: three parts of base64url without padding, white space or spare bits. Header and
  /// claims are JSON in which no name comes twice.
  init(_ text: [UInt8]) throws(TokenRefusal) {
    guard text.count <= Self.maximumLength else { throw .malformed }
    let parts = text.split(separator: UInt8(ascii: "."), maxSplits: 3, omittingEmptySubsequences: false)
    guard parts.count == 3, parts.allSatisfy({ !$0.isEmpty }), let signature = Base64URL.decode(parts[2]) else {
      throw .malformed
    }
    header = try Self.object(parts[0])
    claims = try Self.object(parts[1])
    signedBytes = Array(text[..<parts[1].endIndex])
    self.signature = signature
  }

  private static func object(_ part: ArraySlice<UInt8>) throws(TokenRefusal) -> JSONValue {
    guard let text = Base64URL.decode(part),
      let value = try? JSONDocument(parsing: text, limits: JSONLimits(maximumBytes: maximumLength)).root,
      value.kind == .object
    else { throw .malformed }
    return value
  }
}
