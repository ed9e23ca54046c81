/// A point in time in milliseconds since 1970-01-01T00:00:00Z, from year 1 to year 9999.
///
/// Arithmetic saturates at both ends: no number from outside can make it trap.
public struct Timestamp: Hashable, Comparable, Sendable {
  /// Milliseconds since 1970 UTC.
  public let milliseconds: Int64

  /// The first instant of the year 1.
  public static let earliest = Timestamp(unchecked: -62_135_596_800_000)
  /// The last millisecond of the year 9999.
  public static let latest = Timestamp(unchecked: 253_402_300_799_999)

  /// A point in time, moved to the nearest end of the range if it lies outside.
  public init(milliseconds: Int64) {
    self.milliseconds = min(max(milliseconds, Self.earliest.milliseconds), Self.latest.milliseconds)
  }

  private init(unchecked milliseconds: Int64) { self.milliseconds = milliseconds }

  /// Whether `left` is before `right`.
  public static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }

  /// The time `span` later, at most ``latest``.
  public static func + (time: Timestamp, span: TimeSpan) -> Timestamp {
    let (sum, overflow) = time.milliseconds.addingReportingOverflow(span.milliseconds)
    return overflow ? .latest : Timestamp(milliseconds: sum)
  }

  /// The time `span` earlier, at least ``earliest``.
  public static func - (time: Timestamp, span: TimeSpan) -> Timestamp {
    let (difference, overflow) = time.milliseconds.subtractingReportingOverflow(span.milliseconds)
    return overflow ? .earliest : Timestamp(milliseconds: difference)
  }

  /// The span from `earlier` to `later`, zero if `later` is not later.
  public static func - (later: Timestamp, earlier: Timestamp) -> TimeSpan {
    TimeSpan(milliseconds: max(0, later.milliseconds - earlier.milliseconds))
  }
}
