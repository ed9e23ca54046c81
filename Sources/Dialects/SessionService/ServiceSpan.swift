import JSON
import SessionCore

/// A time to live as this protocol's clients write it: a number of seconds, or a number and a unit such as "30m".
enum ServiceSpan {
  static let reason = #"must be a whole number of seconds, or a span such as "30m" or "7d", of 1 second or more"#

  /// Reads a text or a number; `nil` for anything else, and for less than a second.
  static func read(_ value: JSONValue) -> TimeSpan? {
    let span: TimeSpan? =
      if let number = value.integer ?? value.double.flatMap({ Int64(exactly: $0) }) {
        self.span(number, of: 1000)
      } else {
        value.utf8String.flatMap { read($0) }
      }
    guard let span, span >= .seconds(1) else { return nil }
    return span
  }

  private static func read(_ text: [UInt8]) -> TimeSpan? {
    let digits = text.prefix { (0x30...0x39).contains($0) }
    guard let number = Digits.read(digits) else { return nil }
    let unit = text[digits.endIndex...].drop { $0 == 0x20 }
    guard let milliseconds = milliseconds(in: String(decoding: unit, as: UTF8.self)) else { return nil }
    return span(number, of: milliseconds)
  }

  private static func span(_ number: Int64, of milliseconds: Int64) -> TimeSpan? {
    let (product, overflow) = number.multipliedReportingOverflow(by: milliseconds)
    return overflow || product < 0 ? nil : TimeSpan(milliseconds: product)
  }

  private static func milliseconds(in unit: String) -> Int64? {
    switch unit.lowercased() {
    case "", "s", "sec", "secs", "second", "seconds": 1000
    case "ms", "msec", "msecs", "millisecond", "milliseconds": 1
    case "m", "min", "mins", "minute", "minutes": 60_000
    case "h", "hr", "hrs", "hour", "hours": 3_600_000
    case "d", "day", "days": 86_400_000
    case "w", "week", "weeks": 604_800_000
    default: nil
    }
  }
}

/// Digits as a number, strictly: no sign, no space.
enum Digits {
  /// The number; `nil` for no digits, for anything else, and for more than 18 digits.
  static func read(_ text: some Collection<UInt8>) -> Int64? {
    guard (1...18).contains(text.count), text.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return text.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
  }
}
