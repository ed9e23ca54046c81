import JSON

/// What the header of an issuer's token says, once it has passed the rules of RFC 8725.
struct TokenHeader: Sendable {
  /// How it is signed.
  let algorithm: TokenAlgorithm
  /// Which of the issuer's keys signed it.
  let keyID: String?

  /// The longest `kid`.
  static let maximumKeyIDLength = 1024

  /// Reads a header; the rules come in the order in which they are written here.
  init(_ header: JSONValue) throws(TokenRefusal) {
    try Self.checkCritical(header)
    try Self.checkEmbeddedKeys(header)
    try Self.checkType(header)
    guard let name = header["alg"]?.string else { throw .header }
    guard let algorithm = TokenAlgorithm.allCases.first(where: { $0.rawValue.utf8.elementsEqual(name.utf8) }) else {
      throw .algorithm
    }
    self.algorithm = algorithm
    keyID = try Self.keyID(header)
  }

  /// No extension is understood here, so whatever a token declares critical makes it invalid (RFC 7515 section 4.1.11).
  static func checkCritical(_ header: JSONValue) throws(TokenRefusal) {
    if header["crit"] != nil { throw .critical }
  }

  /// A token that names or brings its own key proves nothing (RFC 8725 section 3.10).
  static func checkEmbeddedKeys(_ header: JSONValue) throws(TokenRefusal) {
    for member in [header["jku"], header["jwk"], header["x5u"], header["x5c"]] where member != nil {
      throw .embeddedKey
    }
  }

  /// Other kinds of tokens, such as "at+jwt", can't stand in for this one (RFC 8725 section 3.11).
  static func checkType(_ header: JSONValue) throws(TokenRefusal) {
    guard let type = header["typ"] else { return }
    guard let name = type.utf8String else { throw .header }
    // Media types are compared without regard to case (RFC 7515 section 4.1.9).
    guard name.map({ $0 | 0x20 }).elementsEqual("jwt".utf8) else { throw .type }
  }

  static func keyID(_ header: JSONValue) throws(TokenRefusal) -> String? {
    guard let member = header["kid"] else { return nil }
    guard let text = member.string, text.utf8.count <= maximumKeyIDLength else { throw .header }
    return text
  }
}
