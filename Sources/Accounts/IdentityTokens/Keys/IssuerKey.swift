import Cryptography
import JSON

/// A public key as an issuer publishes it (RFC 7517), with what it says about its use.
struct IssuerKey: Sendable {
  let id: String?
  let key: PublicKey
  /// The one algorithm it is for, if it says so.
  let algorithm: String?
  /// For whose tokens it is, where an issuer of many tenants says so.
  let issuer: String?

  /// Reads a key, or `nil` for one that is no use: another kind, too weak, malformed, for something else than
  /// verifying, or with its private half.
  init?(_ key: JSONValue) {
    guard key.kind == .object, key["d"] == nil, key["k"] == nil, Self.isForVerifying(key),
      Self.isTextOrAbsent(key["kid"]), Self.isTextOrAbsent(key["alg"]), Self.isTextOrAbsent(key["issuer"]),
      let publicKey = Self.publicKey(key)
    else { return nil }
    id = key["kid"]?.string
    algorithm = key["alg"]?.string
    issuer = key["issuer"]?.string
    self.key = publicKey
  }

  /// Whether it may verify that algorithm: of its kind, and not set aside for another (RFC 8725 section 3.1).
  func fits(_ wanted: TokenAlgorithm) -> Bool {
    key.kind == wanted.scheme.keyKind && algorithm.map { $0.utf8.elementsEqual(wanted.rawValue.utf8) } ?? true
  }

  private static func isForVerifying(_ key: JSONValue) -> Bool {
    if let use = key["use"], use.string.map({ $0.utf8.elementsEqual("sig".utf8) }) != true { return false }
    guard let operations = key["key_ops"] else { return true }
    return operations.elements.contains { $0.string.map { $0.utf8.elementsEqual("verify".utf8) } ?? false }
  }

  private static func isTextOrAbsent(_ member: JSONValue?) -> Bool { member.map { $0.kind == .string } ?? true }

  private static func publicKey(_ key: JSONValue) -> PublicKey? {
    switch key["kty"]?.string {
    case "RSA":
      guard let modulus = bytes(key["n"]), let exponent = bytes(key["e"]) else { return nil }
      return PublicKey(rsaModulus: modulus, exponent: exponent)
    case "EC":
      guard let x = bytes(key["x"]), let y = bytes(key["y"]) else { return nil }
      return switch key["crv"]?.string {
      case "P-256": PublicKey(.p256, x: x, y: y)
      case "P-384": PublicKey(.p384, x: x, y: y)
      default: nil
      }
    case "OKP":
      guard key["crv"]?.string == "Ed25519", let x = bytes(key["x"]) else { return nil }
      return PublicKey(ed25519: x)
    default: return nil
    }
  }

  private static func bytes(_ member: JSONValue?) -> [UInt8]? {
    member?.utf8String.flatMap { Base64URL.decode($0) }
  }
}
