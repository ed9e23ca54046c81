extension Timestamp {
  /// The number of bytes of ``rfc3339``.
  public static let rfc3339Length = 24

  /// Reads a date and time of RFC 3339, such as "2026-01-02T03:04:05.678Z" or "2026-01-02t03:04:05+01:00".
  ///
  /// A fraction is cut to milliseconds; second 60 counts as the first of the next minute. `nil` for anything else: no
  /// time zone, a day that the month does not have, other separators, a year outside 0001 to 9999 in UTC.
  public init?(rfc3339 text: some Collection<UInt8>) {
    var reader = DigitReader(text)
    guard
      let year = reader.number(4), reader.skip("-"), let month = reader.number(2), reader.skip("-"),
      let day = reader.number(2), reader.skip("T", "t"), let hour = reader.number(2), reader.skip(":"),
      let minute = reader.number(2), reader.skip(":"), let second = reader.number(2),
      year >= 1, (1...12).contains(month), day >= 1, day <= Self.days(in: month, of: year),
      hour < 24, minute < 60, second <= 60
    else { return nil }
    var fraction: Int64 = 0
    if reader.skip(".") {
      guard let thousandths = reader.fraction() else { return nil }
      fraction = thousandths
    }
    var offset: Int64 = 0
    if !reader.skip("Z", "z") {
      let isWest = reader.skip("-")
      guard isWest || reader.skip("+"), let hours = reader.number(2), reader.skip(":"), let minutes = reader.number(2),
        hours < 24, minutes < 60
      else { return nil }
      offset = (hours * 60 + minutes) * (isWest ? -60_000 : 60_000)
    }
    guard reader.isAtEnd else { return nil }
    let seconds = Self.daysSince1970(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second
    let milliseconds = seconds * 1000 + fraction - offset
    guard (Self.earliest.milliseconds...Self.latest.milliseconds).contains(milliseconds) else { return nil }
    self.init(milliseconds: milliseconds)
  }

  /// Reads a date and time of RFC 3339; see ``init(rfc3339:)-(Collection<UInt8>)``.
  public init?(rfc3339 text: String) { self.init(rfc3339: Array(text.utf8)) }

  /// The time in UTC with milliseconds, always 24 bytes: "2026-01-02T03:04:05.678Z".
  public var rfc3339: [UInt8] {
    var bytes = [UInt8](repeating: 0x30, count: Self.rfc3339Length)
    writeRFC3339(to: &bytes, at: 0)
    return bytes
  }

  /// Overwrites the 24 bytes at `offset` with ``rfc3339``.
  ///
  /// Traps if `bytes` is too short.
  public func writeRFC3339(to bytes: inout [UInt8], at offset: Int) {
    let days = milliseconds >= 0 ? milliseconds / 86_400_000 : (milliseconds - 86_399_999) / 86_400_000
    // Divisions of 32 bits and one check of the bounds: two of these times are written with each verification.
    let inDay = UInt32(truncatingIfNeeded: milliseconds - days * 86_400_000)
    let (year, month, day) = Self.date(daysSince1970: days)
    unsafe bytes.withUnsafeMutableBytes { bytes in
      let text = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[offset..<(offset + Self.rfc3339Length)])
      unsafe text.copyBytes(from: Self.form)
      unsafe Self.put(UInt32(truncatingIfNeeded: year / 100), in: text, at: 0)
      unsafe Self.put(UInt32(truncatingIfNeeded: year % 100), in: text, at: 2)
      unsafe Self.put(UInt32(truncatingIfNeeded: month), in: text, at: 5)
      unsafe Self.put(UInt32(truncatingIfNeeded: day), in: text, at: 8)
      unsafe Self.put(inDay / 3_600_000, in: text, at: 11)
      unsafe Self.put(inDay / 60_000 % 60, in: text, at: 14)
      unsafe Self.put(inDay / 1000 % 60, in: text, at: 17)
      unsafe Self.put(inDay / 10 % 100, in: text, at: 20)
      unsafe text[22] = UInt8(truncatingIfNeeded: 0x30 + inDay % 10)
    }
  }

  /// What stands around the digits.
  private static var form: UnsafeRawBufferPointer {
    let form: StaticString = "0000-00-00T00:00:00.000Z"
    return unsafe UnsafeRawBufferPointer(start: form.utf8Start, count: form.utf8CodeUnitCount)
  }

  /// Writes two digits; of a greater number, some two bytes.
  @inline(__always)
  private static func put(_ value: UInt32, in text: UnsafeMutableRawBufferPointer, at place: Int) {
    unsafe text[place] = UInt8(truncatingIfNeeded: 0x30 + value / 10)
    unsafe text[place + 1] = UInt8(truncatingIfNeeded: 0x30 + value % 10)
  }

  private static func days(in month: Int64, of year: Int64) -> Int64 {
    switch month {
    case 4, 6, 9, 11: 30
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    default: 31
    }
  }

  // Years are counted from March in eras of 400 years, so that the leap day is the last of its year.
  private static func daysSince1970(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  private static func date(daysSince1970 days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }
}

/// Takes fixed numbers of digits and single characters from the front of a text.
private struct DigitReader<Text: Collection<UInt8>> {
  private var rest: Text.SubSequence

  init(_ text: Text) { rest = text[...] }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func number(_ count: Int) -> Int64? {
    var value: Int64 = 0
    for _ in 0..<count {
      guard let digit = digit() else { return nil }
      value = value * 10 + digit
    }
    return value
  }

  /// Thousandths from one digit or more; the rest are read and left out.
  mutating func fraction() -> Int64? {
    var value: Int64 = 0
    var count = 0
    while let digit = digit() {
      if count < 3 { value = value * 10 + digit }
      count += 1
    }
    guard count > 0 else { return nil }
    for _ in count..<max(count, 3) { value *= 10 }
    return value
  }

  mutating func skip(_ characters: Unicode.Scalar...) -> Bool {
    guard let byte = rest.first, characters.contains(where: { $0.value == UInt32(byte) }) else { return false }
    rest = rest.dropFirst()
    return true
  }

  private mutating func digit() -> Int64? {
    guard let byte = rest.first, (0x30...0x39).contains(byte) else { return nil }
    rest = rest.dropFirst()
    return Int64(byte - 0x30)
  }
}
