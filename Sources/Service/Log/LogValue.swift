import JSON

extension Log {
  /// What stands behind a member's name; there is no case for anything at all, so that no secret gets in by being
  /// inside it.
  public enum Value: Sendable, Equatable {
    /// A text; beyond 4 KiB it is cut.
    case string(String)
    /// A text as bytes, which need not be UTF-8; beyond 4 KiB it is cut.
    case utf8([UInt8])
    /// An integer.
    case integer(Int64)
    /// A number; `null` if it is not finite.
    case double(Double)
    /// True or false.
    case boolean(Bool)
    /// Nothing: the member is left out.
    case absent

    /// A text, or nothing.
    public static func optional(_ text: String?) -> Value { text.map { .string($0) } ?? .absent }

    /// An integer of another width; one beyond 64 bits is cut to the nearest.
    public static func integer(_ value: some BinaryInteger) -> Value { .integer(Int64(clamping: value)) }

    /// The longest text that is not cut.
    static let longestText = 4096

    func write(to writer: inout JSONWriter) {
      switch self {
      case .string(let text):
        if text.utf8.count <= Self.longestText {
          writer.string(text)
        } else {
          writer.string(utf8: Self.cut(text.utf8))
        }
      case .utf8(let bytes): writer.string(utf8: bytes.count <= Self.longestText ? bytes : Self.cut(bytes))
      case .integer(let value): writer.integer(value)
      case .double(let value): writer.double(value)
      case .boolean(let value): writer.boolean(value)
      case .absent: writer.null()
      }
    }

    /// The beginning of a text, up to a whole character, and an ellipsis.
    private static func cut(_ text: some Sequence<UInt8>) -> [UInt8] {
      var bytes = Array(text.prefix(longestText + 1))
      // Steps back over continuation bytes, so that no half character is left; in what is not UTF-8 not for ever.
      for _ in 0..<4 where (bytes.popLast() ?? 0) & 0xC0 != 0x80 { break }
      return bytes + Array("…".utf8)
    }
  }
}

extension Log.Value: ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
  /// A text.
  public init(stringLiteral value: String) { self = .string(value) }
  /// An integer.
  public init(integerLiteral value: Int64) { self = .integer(value) }
  /// True or false.
  public init(booleanLiteral value: Bool) { self = .boolean(value) }
}
