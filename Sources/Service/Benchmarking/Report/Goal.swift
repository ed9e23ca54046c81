/// A figure, and what it is to be.
struct Goal: Sendable, Equatable {
  /// What the figure is, as it follows the number: "of the control".
  var name: String
  var value: Double
  var unit: Unit
  /// `nil` for a figure that is only shown.
  var bound: Bound?

  /// In what a figure is counted.
  enum Unit: String, Sendable {
    case ratio
    case microseconds = "µs"
    case milliseconds = "ms"
    case seconds = "s"
    case bytes
    case mebibytes = "MiB"
    case count

    fileprivate var decimals: Int {
      switch self {
      case .bytes, .count: 0
      case .microseconds, .mebibytes: 1
      case .ratio, .milliseconds, .seconds: 2
      }
    }
  }

  /// Where a figure is to lie.
  enum Bound: Sendable, Equatable {
    case atLeast(Double)
    case atMost(Double)
  }

  /// Whether the target is met; `nil` if there is none.
  var isMet: Bool? {
    switch bound {
    case .atLeast(let limit)?: value >= limit
    case .atMost(let limit)?: value <= limit
    case nil: nil
    }
  }

  /// The figure as a person reads it.
  var text: String { "\(shown(value)) \(name)" }

  /// The target as a person reads it; empty if there is none.
  var boundText: String {
    switch bound {
    case .atLeast(let limit)?: "≥ \(shown(limit))"
    case .atMost(let limit)?: "≤ \(shown(limit))"
    case nil: ""
    }
  }

  private func shown(_ value: Double) -> String {
    let number = Decimal.text(value, places: unit.decimals)
    return unit == .ratio || unit == .count ? number : "\(number) \(unit.rawValue)"
  }
}

/// Numbers as text.
enum Decimal {
  /// A number with so many places behind the point, and commas between thousands.
  static func text(_ value: Double, places: Int) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return "—" }
    var scale = 1
    for _ in 0..<places { scale *= 10 }
    let scaled = Int((abs(value) * Double(scale)).rounded())
    var whole = String(scaled / scale)
    var index = whole.count - 3
    while index > 0 {
      whole.insert(",", at: whole.index(whole.startIndex, offsetBy: index))
      index -= 3
    }
    let sign = value < 0 && scaled > 0 ? "-" : ""
    guard places > 0 else { return sign + whole }
    let fraction = String(scaled % scale)
    return "\(sign)\(whole)." + String(repeating: "0", count: places - fraction.count) + fraction
  }
}
