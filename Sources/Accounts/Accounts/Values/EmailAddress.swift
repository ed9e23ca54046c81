public import SessionCore

/// An e-mail address: its domain is compared without regard to ASCII case, the rest by its bytes (RFC 5321 section
/// 2.4).
public struct EmailAddress: Sendable {
  /// The address as it was given.
  public let text: ExactText
  /// The address as it is compared: the domain in lower case.
  public let key: ExactText

  /// Takes an address; `nil` for whatever can't be one.
  ///
  /// One "@" divides a local part of 1 to 64 bytes from a domain of 1 to 189 bytes, whose labels of 1 to 63 bytes are
  /// letters, digits, hyphens (not at an end) or not ASCII. No spaces, no control characters, and 254 bytes in all.
  /// Quoted local parts are not taken.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count <= 254, let mark = bytes.lastIndex(of: 0x40) else { return nil }
    let (local, domain) = (bytes[..<mark], bytes[(mark + 1)...])
    guard (1...64).contains(local.count), local.allSatisfy(Self.isLocal), Self.hasNoEmptyPart(local),
      (1...189).contains(domain.count),
      domain.split(separator: 0x2E, omittingEmptySubsequences: false).allSatisfy(Self.isLabel)
    else { return nil }
    // What is not ASCII may hide a space or a control character in more than one byte.
    guard !text.unicodeScalars.contains(where: { $0.properties.isWhitespace || (0x7F...0x9F).contains($0.value) })
    else { return nil }
    self.text = ExactText(text)
    key = ExactText(
      String(decoding: bytes[...mark], as: UTF8.self) + String(decoding: domain.map(Self.lowercased), as: UTF8.self))
  }

  /// The domain in lower case.
  public var domain: String { key.string.split(separator: "@").last.map(String.init) ?? "" }

  private static func isLocal(_ byte: UInt8) -> Bool {
    // RFC 5322's atext and dots, and whatever is not ASCII (RFC 6531).
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x80...0xFF: true
    case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D...0x2F, 0x3D, 0x3F, 0x5E...0x60, 0x7B...0x7E: true
    default: false
    }
  }

  private static func hasNoEmptyPart(_ local: ArraySlice<UInt8>) -> Bool {
    local.split(separator: 0x2E, omittingEmptySubsequences: false).allSatisfy { !$0.isEmpty }
  }

  private static func isLabel(_ label: ArraySlice<UInt8>) -> Bool {
    (1...63).contains(label.count) && label.first != 0x2D && label.last != 0x2D
      && label.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x80...0xFF: true
        default: false
        }
      }
  }

  private static func lowercased(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }
}

extension EmailAddress: Hashable, CustomStringConvertible {
  /// Whether both are the same address as it is compared.
  public static func == (left: EmailAddress, right: EmailAddress) -> Bool { left.key == right.key }

  /// Feeds what is compared.
  public func hash(into hasher: inout Hasher) { hasher.combine(key) }

  /// The address as it was given.
  public var description: String { text.string }
}
