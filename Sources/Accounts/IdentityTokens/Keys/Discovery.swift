import JSON

/// How an issuer says where its keys are (OpenID Connect Discovery section 4).
enum Discovery {
  static let maximumLength = 64 * 1024

  /// Where the issuer's document is; with tenants it is the one that Microsoft calls common.
  static func address(of issuer: String) -> String {
    var base = Array(issuer.utf8)
    let mark = Array(IssuerRule.placeholder.utf8)
    if let start = base.indices.first(where: { base[$0...].starts(with: mark) }) {
      base.replaceSubrange(start..<(start + mark.count), with: "common".utf8)
    }
    if base.last == UInt8(ascii: "/") { base.removeLast() }
    return String(decoding: base, as: UTF8.self) + "/.well-known/openid-configuration"
  }

  /// Where the keys are, by that document.
  static func keysAddress(in document: [UInt8], of issuer: String) throws(DocumentFailure) -> String {
    try address("jwks_uri", in: root(of: document, of: issuer), of: issuer)
  }

  /// What the document says.
  ///
  /// Its `issuer` must be the one that was asked for, byte by byte (section 4.3), or anyone's document would do.
  static func root(of document: [UInt8], of issuer: String) throws(DocumentFailure) -> JSONValue {
    guard let root = JSONDocument.fetched(document, maximumLength: maximumLength) else {
      throw DocumentFailure("The issuer's configuration is not a JSON object of at most \(maximumLength) bytes.")
    }
    guard root["issuer"]?.utf8String.map({ $0.elementsEqual(issuer.utf8) }) == true else {
      throw DocumentFailure("The issuer's configuration is that of another issuer.")
    }
    return root
  }

  /// An address that it names: what belongs to an issuer that is reached by TLS must be reached by TLS, too.
  static func address(_ name: StaticString, in root: JSONValue, of issuer: String) throws(DocumentFailure) -> String {
    guard let address = root[name]?.string, !address.isEmpty else {
      throw DocumentFailure("The issuer's configuration has no \(name).")
    }
    let isSecure = address.utf8.starts(with: "https://".utf8)
    if issuer.utf8.starts(with: "https://".utf8), !isSecure {
      throw DocumentFailure("The issuer's \(name) is not an https address.")
    }
    guard isSecure || address.utf8.starts(with: "http://".utf8),
      address.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
    else { throw DocumentFailure("The issuer's \(name) is not an address.") }
    return address
  }
}
