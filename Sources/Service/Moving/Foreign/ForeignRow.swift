import JSON
import SessionCore

/// One row or document of another program, whose values may be written in several ways.
struct ForeignRow {
  /// Where it stands.
  let at: String
  /// Its members.
  let value: JSONValue
  /// About how many bytes it has.
  let size: Int

  /// Whether a member is there and not null.
  func has(_ name: String) -> Bool { value.member(name).map { !$0.isNull } ?? false }

  /// A text, or a number as text; `nil` if it is missing, empty or anything else.
  func text(_ name: String) -> String? { Self.text(value.member(name)) }

  /// A text, or a number as text.
  static func text(_ value: JSONValue?) -> String? {
    if let text = value?.string { return text.isEmpty ? nil : text }
    if let number = value?["$oid"]?.string { return number }
    return value?.integer.map(String.init)
  }

  /// A text of at most so many bytes, cut off nowhere: `nil` if it is longer.
  func exactText(_ name: String, atMost limit: Int = 1024) -> ExactText? {
    text(name).flatMap { $0.utf8.count <= limit ? ExactText($0) : nil }
  }

  /// A truth value: true, 1, "1", "t", "true" or "True", and their opposites.
  func boolean(_ name: String) -> Bool? {
    guard let member = value.member(name) else { return nil }
    if let boolean = member.boolean { return boolean }
    switch Self.text(member) {
    case "1", "t", "true", "True", "TRUE": return true
    case "0", "f", "false", "False", "FALSE": return false
    default: return nil
    }
  }

  /// JSON that stands there, or in a text; `nil` for null and for what is none.
  func json(_ name: String) -> JSONText? {
    guard let member = value.member(name), !member.isNull else { return nil }
    guard let text = member.utf8String else { return member.text }
    return try? JSONText(parsing: text, limits: JSONLimits(maximumBytes: 1 << 24, maximumDepth: 100))
  }

  /// A time in RFC 3339, "2026-01-02 03:04:05.678901" in UTC, seconds or milliseconds since 1970, or MongoDB's dates.
  func time(_ name: String) -> Timestamp? {
    guard let member = value.member(name) else { return nil }
    if let date = member["$date"] {
      return Self.time(date["$numberLong"] ?? date)
    }
    return Self.time(member)
  }

  /// A time as ``time(_:)`` reads it.
  static func time(_ value: JSONValue) -> Timestamp? {
    if let number = value.integer ?? value.string.flatMap({ Int64($0) }) {
      // Whoever counts seconds does not get there before the year 5138.
      let (product, overflow) = number.multipliedReportingOverflow(by: 1000)
      return Timestamp(milliseconds: number.magnitude < 100_000_000_000 && !overflow ? product : number)
    }
    guard var text = value.utf8String, text.count >= 19 else { return nil }
    if text[10] == UInt8(ascii: " ") { text[10] = UInt8(ascii: "T") }
    if let time = Timestamp(rfc3339: text) { return time }
    // PostgreSQL leaves out a zone's minutes, and others the zone.
    return Timestamp(rfc3339: text + Array("Z".utf8)) ?? Timestamp(rfc3339: text + Array(":00".utf8))
  }
}
