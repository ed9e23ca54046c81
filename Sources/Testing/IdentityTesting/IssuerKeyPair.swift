public import Cryptography
public import IdentityTokens
import JSON

/// A key pair of an issuer in a test, which signs whatever it is given.
public struct IssuerKeyPair: Sendable {
  /// Its `kid`; `nil` leaves it out of tokens and of the key.
  public var id: String?
  /// What it signs by.
  public let algorithm: TokenAlgorithm
  /// The private half.
  public let key: SigningKey

  /// A pair of a key that exists already.
  public init(_ algorithm: TokenAlgorithm, id: String?, key: SigningKey) {
    self.algorithm = algorithm
    self.id = id
    self.key = key
  }

  /// A new pair; RSA keys take a while, and a test that needs many shares them.
  public init(_ algorithm: TokenAlgorithm, id: String?, bits: Int = 2048) {
    self.init(algorithm, id: id, key: .generate(algorithm.scheme.keyKind, bits: bits))
  }

  /// The public half as a JSON Web Key, with `extra` members, such as `"use":"sig"`, behind its own.
  public func jwk(extra: String = "") -> String {
    var members: [(String, String)] = []
    func text(_ bytes: [UInt8]) -> String { String(decoding: Base64URL.encode(bytes), as: UTF8.self) }
    switch key.publicNumbers {
    case .rsa(let modulus, let exponent):
      members += [("kty", "RSA"), ("n", text(modulus)), ("e", text(exponent))]
    case .elliptic(let x, let y):
      members += [("kty", "EC"), ("crv", key.kind == .p256 ? "P-256" : "P-384"), ("x", text(x)), ("y", text(y))]
    case .ed25519(let x): members += [("kty", "OKP"), ("crv", "Ed25519"), ("x", text(x))]
    }
    if let id { members.append(("kid", id)) }
    var writer = JSONWriter()
    writer.beginObject()
    for (name, value) in members {
      writer.name(name)
      writer.string(value)
    }
    writer.endObject()
    let own = String(decoding: writer.bytes, as: UTF8.self)
    return extra.isEmpty ? own : own.dropLast() + "," + extra + "}"
  }

  /// The header of an ordinary token.
  public var header: String {
    let name = id.map { #","kid":"\#($0)""# } ?? ""
    return #"{"alg":"\#(algorithm.rawValue)","typ":"JWT"\#(name)}"#
  }

  /// A token with those claims, and the ordinary header or any other, signed with this key.
  public func token(_ claims: String, header: String? = nil, as other: TokenAlgorithm? = nil) -> [UInt8] {
    let signed = Self.signedBytes(header: header ?? self.header, claims: claims)
    let signature = key.signature(of: signed, by: (other ?? algorithm).scheme) ?? []
    return signed + [UInt8(ascii: ".")] + Base64URL.encode(signature)
  }

  /// The first two parts of a token.
  public static func signedBytes(header: String, claims: String) -> [UInt8] {
    Base64URL.encode(Array(header.utf8)) + [UInt8(ascii: ".")] + Base64URL.encode(Array(claims.utf8))
  }

  /// The key set of some pairs.
  public static func keySet(_ pairs: [IssuerKeyPair]) -> String {
    #"{"keys":[\#(pairs.map { $0.jwk() }.joined(separator: ","))]}"#
  }
}
