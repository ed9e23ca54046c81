extension TimeSpan {
  /// Reads a span as people write it: a number and its unit, such as "1d", "2 days", "10h" or "1.5 hours".
  ///
  /// The number has digits, and behind a point at most eight more. Units are, in any letter case and also in the
  /// plural: ms, msec, millisecond; s, sec, second; m, min, minute; h, hr, hour; d, day; w, week; y, yr, year (of
  /// 365.25 days). Spaces may stand before the unit. A number alone is in seconds. What is shorter than a millisecond
  /// is cut off.
  ///
  /// `nil` for whatever is not written so, negative spans, and those beyond 64 bits of milliseconds.
  public init?(text: String) {
    let bytes = Array(text.utf8)
    let number = bytes.prefix { (0x30...0x39).contains($0) || $0 == 0x2E }
    let unit = bytes[number.count...].drop { $0 == 0x20 }.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    guard let factor = unit.isEmpty && number.count == bytes.count ? 1000 : Self.factor(of: unit) else { return nil }
    let parts = number.split(separator: 0x2E, omittingEmptySubsequences: false)
    guard parts.count <= 2, let last = parts.last, !last.isEmpty, let whole = Self.integer(parts[0]) else { return nil }
    let (product, isTooLong) = whole.multipliedReportingOverflow(by: factor)
    guard !isTooLong else { return nil }
    var rest: Int64 = 0
    if parts.count == 2 {
      guard last.count <= 8, let fraction = Self.integer(last) else { return nil }
      rest = fraction * factor / last.reduce(1) { power, _ in power * 10 }
    }
    let (sum, overflows) = product.addingReportingOverflow(rest)
    guard !overflows else { return nil }
    self.init(milliseconds: sum)
  }

  private static let units: [(milliseconds: Int64, names: [String])] = [
    (1, ["ms", "msec", "msecs", "millisecond", "milliseconds"]),
    (1000, ["s", "sec", "secs", "second", "seconds"]),
    (60_000, ["m", "min", "mins", "minute", "minutes"]),
    (3_600_000, ["h", "hr", "hrs", "hour", "hours"]),
    (86_400_000, ["d", "day", "days"]),
    (604_800_000, ["w", "week", "weeks"]),
    (31_557_600_000, ["y", "yr", "yrs", "year", "years"]),
  ]

  private static func factor(of unit: [UInt8]) -> Int64? {
    units.first { $0.names.contains { $0.utf8.elementsEqual(unit) } }?.milliseconds
  }

  /// The number of these digits; none are 0.
  private static func integer(_ digits: ArraySlice<UInt8>) -> Int64? {
    var number: Int64 = 0
    for digit in digits {
      let (product, isTooLarge) = number.multipliedReportingOverflow(by: 10)
      let (sum, overflows) = product.addingReportingOverflow(Int64(digit) - 0x30)
      guard !isTooLarge, !overflows else { return nil }
      number = sum
    }
    return number
  }
}
