/// A table in Markdown.
struct Table: CustomStringConvertible {
  private var rows: [[String]]

  init(_ heading: [String]) { rows = [heading, heading.map { _ in "---" }] }

  mutating func add(_ row: [String]) { rows.append(row) }

  var description: String { rows.map { "| \($0.joined(separator: " | ")) |\n" }.joined() }

  /// 0.1234 as "12.3 %".
  static func percent(_ share: Double) -> String { "\(number((share * 1000).rounded() / 10)) %" }

  /// Three digits that matter: "1.25", "12.5", "125", "12,500".
  static func number(_ value: Double) -> String {
    var scale = 1.0
    while abs(value) * scale < 100, scale < 1000 { scale *= 10 }
    while abs(value) * scale >= 1000 { scale /= 10 }
    let rounded = (value * scale).rounded() / scale
    guard rounded.magnitude < 100 || rounded != rounded.rounded() else { return whole(rounded) }
    let text = "\(rounded)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  private static func whole(_ value: Double) -> String {
    let digits = Array(String(Int(value)))
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return text
  }
}
