/// One header field: a name and a value, as bytes (RFC 9110 section 5).
///
/// Values are kept as bytes because Swift's `Character` joins CR and LF, and because nothing promises that a value is
/// UTF-8.
public struct HTTPField: Sendable, Hashable {
  /// The name as it was sent; compare with ``isNamed(_:)``.
  public let name: [UInt8]
  /// The value without the white space around it.
  public let value: [UInt8]

  /// A field of a request, as received.
  public init(name: [UInt8], value: [UInt8]) {
    self.name = name
    self.value = value
  }

  /// A field of a response.
  ///
  /// Traps if `name` is not a token; CR, LF and NUL in `value` become spaces, so that no value that came from outside
  /// can end the line.
  public init(_ name: String, _ value: String) {
    self.name = Array(name.utf8)
    precondition(!name.isEmpty && self.name.allSatisfy(Self.isTokenByte), "a field name is a token")
    var bytes = Array(value.utf8)
    for index in bytes.indices
    where bytes[index] <= 13 && (bytes[index] == 13 || bytes[index] == 10 || bytes[index] == 0) {
      bytes[index] = 32
    }
    self.value = bytes
  }

  /// Whether the name is `other`, without regard to the case of ASCII letters.
  public func isNamed(_ other: StaticString) -> Bool {
    guard name.count == other.utf8CodeUnitCount else { return false }
    let start = unsafe other.utf8Start
    for index in name.indices where unsafe lowercased(name[index]) != lowercased(start[index]) { return false }
    return true
  }

  /// The value as text, with U+FFFD for what is not UTF-8.
  public var text: String { String(decoding: value, as: UTF8.self) }

  /// Whether a byte may stand in a token (RFC 9110 section 5.6.2).
  public static func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2E, 0x5E...0x60, 0x7C, 0x7E: true
    default: false
    }
  }
}

/// The lower-case letter of an upper-case ASCII letter; other bytes as they are.
@inline(__always)
func lowercased(_ byte: UInt8) -> UInt8 {
  byte &- 0x41 < 26 ? byte | 0x20 : byte
}
