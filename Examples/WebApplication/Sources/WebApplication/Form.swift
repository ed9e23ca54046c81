import HTTPMessages

/// The fields of a posted HTML form.
struct Form {
  private var values: [String: String] = [:]

  /// `nil` if the request holds no form, or one that is not percent-encoded UTF-8, or has a field twice: which of them
  /// counts must be beyond doubt.
  init?(_ request: HTTPRequest) {
    let type = request.field("content-type").map { String(decoding: $0, as: UTF8.self) } ?? ""
    guard type.split(separator: ";").first?.lowercased() == "application/x-www-form-urlencoded" else { return nil }
    for pair in request.body.split(separator: UInt8(ascii: "&")) {
      let mark = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
      guard let name = Self.decoded(pair[..<mark]), let value = Self.decoded(pair[mark...].dropFirst()),
        values.updateValue(value, forKey: name) == nil
      else { return nil }
    }
  }

  /// The value of a field.
  subscript(name: String) -> String? { values[name] }

  private static func decoded(_ bytes: ArraySlice<UInt8>) -> String? {
    var decoded: [UInt8] = []
    var rest = bytes
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "+"): decoded.append(UInt8(ascii: " "))
      case UInt8(ascii: "%"):
        guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else { return nil }
        decoded.append(high << 4 | low)
      default: decoded.append(byte)
      }
    }
    return String(validating: decoded, as: UTF8.self)
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
