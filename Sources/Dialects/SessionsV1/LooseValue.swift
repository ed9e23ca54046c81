import HTTPRouting
import JSON
import SessionCore

/// Values of filters and pages, which the original's clients send as text or as what they are.
struct LooseValue {
  private let object: JSONValue?
  private let path: String
  private(set) var errors: [MemberError] = []

  init(_ object: JSONValue?, _ path: String) {
    self.object = object
    self.path = path
  }

  /// The member, unless it is missing or `null`.
  private func value(_ name: StaticString) -> JSONValue? {
    guard let value = object?[name], !value.isNull else { return nil }
    return value
  }

  private mutating func refuse(_ name: StaticString, _ reason: String) {
    errors.append(MemberError("\(path).\(name)", reason))
  }

  mutating func text(_ name: StaticString) -> ExactText? {
    guard let value = value(name) else { return nil }
    if let text = value.string { return ExactText(text) }
    // A number or a truth value is what its text says, as the original had it.
    if value.kind == .number || value.kind == .boolean { return ExactText(value.text.description) }
    refuse(name, "must be a string")
    return nil
  }

  mutating func boolean(_ name: StaticString) -> Bool? {
    guard let value = value(name) else { return nil }
    if let boolean = value.boolean { return boolean }
    switch value.string?.lowercased() ?? value.text.description {
    case "true", "1", "yes", "t", "y": return true
    case "false", "0", "no", "f", "n": return false
    default:
      refuse(name, "must be true or false")
      return nil
    }
  }

  mutating func integer(_ name: StaticString) -> Int64? {
    guard let value = value(name) else { return nil }
    if let integer = value.integer ?? value.double.flatMap({ Int64(exactly: $0) }) { return integer }
    if let digits = value.string?.utf8 {
      let magnitude = digits.first == 0x2D ? digits.dropFirst() : digits[...]
      if !magnitude.isEmpty, magnitude.allSatisfy({ (0x30...0x39).contains($0) }),
        let integer = Int64(String(decoding: digits, as: UTF8.self))
      {
        return integer
      }
    }
    refuse(name, "must be a whole number")
    return nil
  }

  /// A time of RFC 3339, one without a zone or a day alone, both in UTC, or a number of milliseconds since 1970.
  mutating func time(_ name: StaticString) -> Timestamp? {
    guard let value = value(name) else { return nil }
    if let milliseconds = value.integer { return Timestamp(milliseconds: milliseconds) }
    if let text = value.string {
      if let time = Timestamp(rfc3339: text) ?? Timestamp(rfc3339: text + "Z") { return time }
      if let day = Timestamp(rfc3339: text + "T00:00:00Z") { return day }
    }
    refuse(name, "must be a time of RFC 3339")
    return nil
  }
}
