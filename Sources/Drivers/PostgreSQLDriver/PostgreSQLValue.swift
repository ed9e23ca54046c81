/// A value that is bound to a parameter of a statement.
///
/// Texts go as their bytes with their length. The server's texts hold no U+0000: a statement with one is refused, not
/// cut (https://www.postgresql.org/docs/15/datatype-character.html).
public enum PostgreSQLValue: Sendable, Equatable {
  /// A number, or NULL.
  case integer(Int64?)
  /// A truth value.
  case boolean(Bool)
  /// A text, as UTF-8, or NULL.
  case text([UInt8]?)
  /// A list of texts, some of which may be NULL.
  case texts([[UInt8]?])
  /// A list of numbers, some of which may be NULL.
  case integers([Int64?])

  /// The type that its parameter is declared to have.
  var type: String {
    switch self {
    case .text: "text"
    case .integer: "bigint"
    case .boolean: "boolean"
    case .texts: "text[]"
    case .integers: "bigint[]"
    }
  }

  /// About how many bytes it takes on the way to the server.
  var size: Int {
    switch self {
    case .integer, .boolean: 24
    case .text(let text): 8 + (text?.count ?? 0)
    case .texts(let texts): texts.reduce(8) { $0 + ($1?.count ?? 4) + 4 }
    case .integers(let numbers): numbers.count * 16
    }
  }

  /// Whether it goes as it is, rather than as a text for the type's own reader.
  var isBinary: Bool {
    if case .text = self { return true }
    return false
  }

  /// Adds the bytes that are sent; `false` for NULL, which has none.
  func write(into bytes: inout [UInt8]) -> Bool {
    switch self {
    case .integer(nil), .text(nil): return false
    case .integer(let number?): bytes += Array(String(number).utf8)
    case .boolean(let isTrue): bytes.append(isTrue ? 0x74 : 0x66)
    case .text(let text?): bytes += text
    case .texts(let texts): Self.write(texts, into: &bytes) { Self.quote($0, into: &$1) }
    case .integers(let numbers): Self.write(numbers, into: &bytes) { $1 += Array(String($0).utf8) }
    }
    return true
  }

  /// Writes a list as its type reads it (https://www.postgresql.org/docs/15/arrays.html#ARRAYS-IO).
  private static func write<Element>(
    _ elements: [Element?], into bytes: inout [UInt8], _ writeElement: (Element, inout [UInt8]) -> Void
  ) {
    bytes.append(0x7B)
    for (index, element) in elements.enumerated() {
      if index > 0 { bytes.append(0x2C) }
      if let element { writeElement(element, &bytes) } else { bytes += Array("NULL".utf8) }
    }
    bytes.append(0x7D)
  }

  private static func quote(_ text: [UInt8], into bytes: inout [UInt8]) {
    bytes.append(0x22)
    for byte in text {
      if byte == 0x22 || byte == 0x5C { bytes.append(0x5C) }
      bytes.append(byte)
    }
    bytes.append(0x22)
  }
}
