import JSON
import SessionCore

/// Who issued the token: exactly that text, or one for each tenant.
///
/// A provider of many tenants, such as Microsoft's, writes its issuer with `{tenantid}` where the tenant's id stands,
/// which is also the claim `tid`.
struct IssuerRule: Sendable {
  static let placeholder = "{tenantid}"

  /// The text, or what stands before and after the tenant's id.
  private let before: [UInt8]
  private let after: [UInt8]?
  /// The accepted tenants in lower case; `nil` for all.
  private let tenants: Set<[UInt8]>?

  init(issuer: ExactText, tenants: [String]?) {
    let text = Array(issuer.string.utf8)
    let mark = Array(Self.placeholder.utf8)
    if let start = text.indices.first(where: { text[$0...].starts(with: mark) }) {
      before = Array(text[..<start])
      after = Array(text[(start + mark.count)...])
    } else {
      before = text
      after = nil
    }
    self.tenants = tenants.map { Set($0.map { $0.utf8.map(Self.lowercased) }) }
  }

  /// Whether there is a tenant's id in the issuer.
  var hasTenants: Bool { after != nil }

  /// Whether `issuer`, the token's, may be of this provider at all.
  func matches(_ issuer: [UInt8]) -> Bool {
    guard let after else { return issuer == before }
    return issuer.count == before.count + Self.tenantLength + after.count && issuer.starts(with: before)
      && issuer.suffix(after.count).elementsEqual(after)
  }

  /// `iss` is ours, and with tenants, its part is the `tid` of one that is accepted.
  ///
  /// Answers the issuer as the token says it.
  func check(_ claims: JSONValue) throws(TokenRefusal) -> ExactText {
    guard let issuer = claims["iss"]?.string else { throw .claims }
    let bytes = Array(issuer.utf8)
    guard matches(bytes) else { throw .issuer }
    if hasTenants {
      guard let tenant = claims["tid"]?.utf8String, Self.isTenant(tenant) else { throw .tenant }
      guard bytes[before.count...].prefix(Self.tenantLength).elementsEqual(tenant) else { throw .issuer }
      if let tenants, !tenants.contains(tenant.map(Self.lowercased)) { throw .tenant }
    }
    return ExactText(issuer)
  }

  private static let tenantLength = 36

  /// Whether it is a GUID in its usual form: 8, 4, 4, 4 and 12 hexadecimal digits.
  static func isTenant(_ text: [UInt8]) -> Bool {
    guard text.count == tenantLength else { return false }
    return text.indices.allSatisfy { index in
      if [8, 13, 18, 23].contains(index) { return text[index] == UInt8(ascii: "-") }
      let byte = lowercased(text[index])
      return (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
    }
  }

  private static func lowercased(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }
}
