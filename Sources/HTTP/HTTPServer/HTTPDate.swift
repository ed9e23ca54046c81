internal import Glibc

/// The Date of responses (RFC 9110 section 5.6.7), made anew only when the second changes.
struct HTTPDate {
  private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  /// The second, since 1970, for which `line` was made.
  private(set) var second: Int = .min

  /// The field's whole line, if the second has changed since the last call.
  mutating func lineIfChanged() -> [UInt8]? {
    let now = time(nil)
    if now == second { return nil }
    second = now
    return Self.line(for: now)
  }

  /// The field's whole line for a second since 1970, or a later one.
  static func line(for second: Int) -> [UInt8] {
    let (day, time) = (second / 86_400, second % 86_400)
    // Counted from 1 March 2000 in eras of 400 years, so that the leap day comes last.
    let shifted = day - 11_017
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * dayOfYear + 2) / 153
    let dayOfMonth = dayOfYear - (153 * month + 2) / 5 + 1
    let year = 2000 + era * 400 + yearOfEra + (month >= 10 ? 1 : 0)
    let date = "\(two(dayOfMonth)) \(months[(month + 2) % 12]) \(year)"
    let clock = "\(two(time / 3600)):\(two(time / 60 % 60)):\(two(time % 60))"
    // 1 January 1970 was a Thursday.
    return Array("Date: \(days[(day + 4) % 7]), \(date) \(clock) GMT\r\n".utf8)
  }

  private static func two(_ number: Int) -> String {
    number < 10 ? "0\(number)" : "\(number)"
  }
}
