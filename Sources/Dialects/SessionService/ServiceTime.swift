import JSON
import SessionCore

/// A point in time as this protocol's clients write it: RFC 3339, or seconds or milliseconds since 1970.
enum ServiceTime {
  /// A number below this counts seconds: as milliseconds it would lie in 1973, as seconds it lies in 5138.
  private static let firstMilliseconds: Int64 = 100_000_000_000

  static let reason = "must be a time of RFC 3339, or seconds or milliseconds since 1970"

  /// Reads a text or a number; `nil` for anything else, for what lies before 1970 and what lies after 9999.
  static func read(_ value: JSONValue) -> Timestamp? {
    if let number = value.integer { return time(number) }
    if let number = value.double { return time(number) }
    guard let text = value.utf8String else { return nil }
    if let number = Digits.read(text) { return time(number) }
    guard let time = Timestamp(rfc3339: text), time.milliseconds >= 0 else { return nil }
    return time
  }

  private static func time(_ number: Int64) -> Timestamp? {
    guard number >= 0, number <= Timestamp.latest.milliseconds else { return nil }
    return Timestamp(milliseconds: number < firstMilliseconds ? number * 1000 : number)
  }

  /// A fraction of a second, or of a millisecond, is rounded to milliseconds.
  private static func time(_ number: Double) -> Timestamp? {
    guard number >= 0, number <= Double(Timestamp.latest.milliseconds) else { return nil }
    let milliseconds = number < Double(firstMilliseconds) ? number * 1000 : number
    return Int64(exactly: milliseconds.rounded()).map { Timestamp(milliseconds: $0) }
  }
}
