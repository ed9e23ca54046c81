import Commands
import Glibc
import JSON
import SessionCore

/// Times as people read and write them.
enum TimeText {
  /// The time of day that the system shows.
  static func now() -> Timestamp {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }

  /// How long ago a time was, or in how long it will be, in its largest unit: "3 h ago", "in 2 d".
  static func distance(_ time: Timestamp, from now: Timestamp) -> String {
    let seconds = abs(time.milliseconds - now.milliseconds) / 1000
    let text: String
    switch seconds {
    case 0: return "now"
    case ..<120: text = "\(seconds) s"
    case ..<7200: text = "\(seconds / 60) min"
    case ..<172_800: text = "\(seconds / 3600) h"
    default: text = "\(seconds / 86_400) d"
    }
    return time < now ? "\(text) ago" : "in \(text)"
  }

  /// A member that is a time, as ``distance(_:from:)``; "" if there is none.
  static func distance(_ value: JSONValue?, from now: Timestamp) -> String {
    value?.string.flatMap { Timestamp(rfc3339: $0) }.map { distance($0, from: now) } ?? ""
  }

  /// A member that is a time, with its distance; `nil` if there is none.
  static func full(_ value: JSONValue?, from now: Timestamp) -> String? {
    guard let text = value?.string else { return nil }
    return Timestamp(rfc3339: text).map { "\(text) (\(distance($0, from: now)))" } ?? text
  }

  /// Seconds as a span such as "30 min".
  static func span(seconds: Double?) -> String? {
    guard let seconds, let whole = Int64(exactly: seconds.rounded()) else { return nil }
    for (unit, name) in [(86_400, "d"), (3600, "h"), (60, "min")] as [(Int64, String)]
    where whole >= unit && whole % unit == 0 { return "\(whole / unit) \(name)" }
    return "\(whole) s"
  }

  /// A time as it was given: by RFC 3339, or as a span such as "2h", which means so long before `now`.
  ///
  /// - Parameters:
  ///   - text: what was given.
  ///   - option: the option that it was given for.
  ///   - now: the time now.
  /// - Returns: the time as the server takes it.
  /// - Throws: `wrongUse` for anything else.
  static func read(_ text: String, for option: String, now: Timestamp) throws(CommandError) -> String {
    if let time = Timestamp(rfc3339: text) { return String(decoding: time.rfc3339, as: UTF8.self) }
    if let span = TimeSpan(text: text) { return String(decoding: (now - span).rfc3339, as: UTF8.self) }
    throw CommandError(
      .wrongUse, "\(option) takes a time such as 2026-01-31T08:00:00Z, or how long ago it was, such as 2h or 7d.")
  }

  /// A span as it was given, in whole seconds.
  ///
  /// - Parameters:
  ///   - text: what was given, such as "30min".
  ///   - option: the option that it was given for.
  /// - Returns: the seconds, at least 1.
  /// - Throws: `wrongUse` for anything else.
  static func seconds(_ text: String, for option: String) throws(CommandError) -> Int64 {
    guard let span = TimeSpan(text: text), span.milliseconds >= 1000 else {
      throw CommandError(.wrongUse, "\(option) takes a time such as 30min, 12h or 7d, of a second or more.")
    }
    return span.milliseconds / 1000
  }
}
