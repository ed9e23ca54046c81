import Cryptography
import JSON
import SessionCore

/// What one key of the ring gives for tokens of our own.
struct SignedTokenKey: Sendable {
  /// The key's name in tokens and in the published set.
  let id: String
  let acceptedUntil: Timestamp?
  private let secret: Secret

  private enum Secret: Sendable {
    case pair(SigningKey, PublicKey, x: [UInt8], y: [UInt8])
    case digest(MessageAuthenticationKey)
  }

  private static let pairLabel = "signed tokens: ES256"
  private static let digestLabel = "signed tokens: HS256"
  private static let nameLabel = "signed tokens: name of the HS256 key"

  init(_ key: RingKey, algorithm: SignedTokenAlgorithm) {
    acceptedUntil = key.acceptedUntil
    switch algorithm {
    case .es256:
      let (pair, publicKey, x, y) = Self.pair(of: key)
      secret = .pair(pair, publicKey, x: x, y: y)
      id = Self.thumbprint(x: x, y: y)
    case .hs256:
      secret = .digest(MessageAuthenticationKey(key.derivedSecret(for: Self.digestLabel)))
      let name = unsafe key.derivedSecret(for: Self.nameLabel).withUnsafeBytes { unsafe Array($0.prefix(16)) }
      id = String(decoding: Base64URL.encode(name), as: UTF8.self)
    }
  }

  /// The pair whose private number is the first derived secret that is one: nearly always the very first, for one in
  /// four billion is not.
  private static func pair(of key: RingKey) -> (SigningKey, PublicKey, x: [UInt8], y: [UInt8]) {
    for number in 0...UInt8.max {
      guard let pair = SigningKey(p256Scalar: key.derivedSecret(for: pairLabel, number: number)),
        case .elliptic(let x, let y) = pair.publicNumbers, let publicKey = PublicKey(.p256, x: x, y: y)
      else { continue }
      return (pair, publicKey, x, y)
    }
    preconditionFailure("256 derived secrets in a row are no private numbers of P-256")
  }

  func signature(of message: [UInt8]) -> [UInt8] {
    switch secret {
    case .digest(let key): return key.code(for: message)
    case .pair(let key, _, _, _):
      guard let signature = key.signature(of: message, by: .ecdsaP256SHA256) else {
        preconditionFailure("OpenSSL does not sign with a key that it has made")
      }
      return signature
    }
  }

  func verifies(_ signature: [UInt8], of message: [UInt8]) -> Bool {
    switch secret {
    case .digest(let key): ConstantTime.areEqual(key.code(for: message), signature)
    case .pair(_, let key, _, _): key.verifies(signature, of: message, by: .ecdsaP256SHA256)
    }
  }

  /// Writes the key for the published set; nothing for a secret one.
  func write(to writer: inout JSONWriter) {
    guard case .pair(_, _, let x, let y) = secret else { return }
    writer.beginObject()
    for (name, value) in [("kty", "EC"), ("crv", "P-256"), ("use", "sig"), ("alg", "ES256"), ("kid", id)] {
      writer.name(name)
      writer.string(value)
    }
    for (name, value) in [("x", x), ("y", y)] {
      writer.name(name)
      writer.string(utf8: Base64URL.encode(value))
    }
    writer.endObject()
  }

  /// The SHA-256 of the key's members in the order of their names (RFC 7638).
  private static func thumbprint(x: [UInt8], y: [UInt8]) -> String {
    let texts = [x, y].map { String(decoding: Base64URL.encode($0), as: UTF8.self) }
    let members = #"{"crv":"P-256","kty":"EC","x":"\#(texts[0])","y":"\#(texts[1])"}"#
    return String(decoding: Base64URL.encode(SHA256Digest.bytes(of: Array(members.utf8))), as: UTF8.self)
  }
}
