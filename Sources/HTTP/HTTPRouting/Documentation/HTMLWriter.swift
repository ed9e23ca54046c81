/// Writes HTML, with every text escaped.
struct HTMLWriter {
  private(set) var bytes: [UInt8] = []

  /// Writes an element around what `body` writes; values of attributes are escaped.
  mutating func element(
    _ name: StaticString, _ attributes: [(StaticString, String)] = [], _ body: (inout HTMLWriter) -> Void
  ) {
    start(name, attributes)
    body(&self)
    raw("</")
    raw(name)
    raw(">\n")
  }

  /// Writes an element around a text.
  mutating func element(_ name: StaticString, _ attributes: [(StaticString, String)], _ text: String) {
    element(name, attributes) { $0.text(text) }
  }

  /// Writes an element without attributes around a text.
  mutating func element(_ name: StaticString, _ text: String) {
    element(name, [], text)
  }

  /// Writes an element that has no end.
  mutating func void(_ name: StaticString, _ attributes: [(StaticString, String)]) {
    start(name, attributes)
    raw("\n")
  }

  /// Writes text; nothing in it is markup.
  mutating func text(_ text: String) {
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "&"): raw("&amp;")
      case UInt8(ascii: "<"): raw("&lt;")
      case UInt8(ascii: ">"): raw("&gt;")
      case UInt8(ascii: "\""): raw("&quot;")
      case UInt8(ascii: "'"): raw("&#39;")
      default: bytes.append(byte)
      }
    }
  }

  /// Writes markup of our own.
  mutating func raw(_ markup: StaticString) {
    unsafe bytes.append(contentsOf: UnsafeBufferPointer(start: markup.utf8Start, count: markup.utf8CodeUnitCount))
  }

  private mutating func start(_ name: StaticString, _ attributes: [(StaticString, String)]) {
    raw("<")
    raw(name)
    for (attribute, value) in attributes {
      raw(" ")
      raw(attribute)
      raw("=\"")
      text(value)
      raw("\"")
    }
    raw(">")
  }
}
