/// Figures as people read them.
enum NumberText {
  /// A whole number with commas between the thousands.
  static func whole(_ value: Double) -> String {
    guard let number = Int64(exactly: value.rounded()) else { return "?" }
    var text = String(number.magnitude)
    var place = text.count - 3
    while place > 0 {
      text.insert(",", at: text.index(text.startIndex, offsetBy: place))
      place -= 3
    }
    return number < 0 ? "-\(text)" : text
  }

  /// With one digit behind the point if it is less than 100.
  static func rate(_ value: Double) -> String {
    guard value.isFinite, value < 99.95 else { return whole(value) }
    let tenths = Int((max(0, value) * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }

  /// A time in seconds, in the unit that suits it; "-" for `nil`.
  static func time(_ seconds: Double?) -> String {
    guard let seconds, seconds.isFinite else { return seconds == nil ? "-" : "long" }
    if seconds < 0.001 { return "\(rate(seconds * 1_000_000)) µs" }
    return seconds < 1 ? "\(rate(seconds * 1000)) ms" : "\(rate(seconds)) s"
  }

  /// Bytes in the unit that suits them.
  static func bytes(_ value: Double) -> String {
    let units = ["B", "KiB", "MiB", "GiB", "TiB"]
    var value = max(0, value)
    var index = 0
    while value >= 1024, index < units.count - 1 {
      value /= 1024
      index += 1
    }
    return index == 0 ? "\(whole(value)) B" : "\(rate(value)) \(units[index])"
  }
}
