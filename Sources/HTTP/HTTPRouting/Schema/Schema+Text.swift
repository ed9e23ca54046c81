extension Schema {
  /// What is wrong with the text of a query parameter; `nil` if it is as the schema says.
  func reason(against text: String) -> String? {
    switch shape {
    case .any: return nil
    case .named(_, let schema): return schema.reason(against: text)
    case .either(let choices):
      let reasons = choices.map { $0.reason(against: text) }
      return reasons.contains(nil) ? nil : Self.joined(reasons.compactMap(\.self))
    case .boolean: return text == "true" || text == "false" ? nil : "must be true or false"
    case .number: return Double(text)?.isFinite == true ? nil : "must be a number"
    case .integer(let bounds):
      guard let number = Self.integer(text) else { return "must be a whole number" }
      return Self.reason(number, outside: bounds)
    case .string(let length, let format, let values):
      return Self.reason(text, length: length, format: format, values: values)
    case .array, .object: return "can't be given in the query"
    }
  }

  /// The number that `text` is in decimal digits, with or without a "-" before them.
  ///
  /// Not `Int64(text)`, which takes a "+" too.
  static func integer(_ text: String) -> Int64? {
    let isNegative = text.utf8.first == 0x2D
    let digits = text.utf8.dropFirst(isNegative ? 1 : 0)
    guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return Int64(text)
  }

  /// Why none of several schemas will do; each reason once.
  static func joined(_ reasons: [String]) -> String {
    var told: [String] = []
    for reason in reasons where !told.contains(where: { $0.utf8.elementsEqual(reason.utf8) }) { told.append(reason) }
    return told.joined(separator: ", or ")
  }

  static func reason(_ number: Int64, outside bounds: ClosedRange<Int64>) -> String? {
    guard !bounds.contains(number) else { return nil }
    if bounds.upperBound == .max { return "must be at least \(bounds.lowerBound)" }
    if bounds.lowerBound == .min { return "must be at most \(bounds.upperBound)" }
    return "must be from \(bounds.lowerBound) to \(bounds.upperBound)"
  }

  static func reason(_ text: String, length: ClosedRange<Int>, format: String?, values: [String]) -> String? {
    if !values.isEmpty {
      return values.contains { $0.utf8.elementsEqual(text.utf8) }
        ? nil : "must be one of: \(values.joined(separator: ", "))"
    }
    // A password is taken exactly as it is.
    if format != "password", text.utf8.contains(0) { return "must not contain U+0000" }
    // The number of bytes bounds the number of scalars from above and, times four, from below: counting is seldom
    // needed.
    let bytes = text.utf8.count
    if length.lowerBound > 0, bytes < length.lowerBound * 4, text.unicodeScalars.count < length.lowerBound {
      return length.lowerBound == 1 ? "must not be empty" : "must have at least \(length.lowerBound) characters"
    }
    if bytes > length.upperBound, text.unicodeScalars.count > length.upperBound {
      return "must have at most \(length.upperBound) characters"
    }
    return nil
  }
}
