/// A length of time in whole milliseconds, never negative.
public struct TimeSpan: Hashable, Comparable, Sendable {
  /// The length in milliseconds.
  public let milliseconds: Int64

  /// No time.
  public static let zero = TimeSpan(milliseconds: 0)

  /// A span; a negative one becomes zero.
  public init(milliseconds: Int64) { self.milliseconds = max(0, milliseconds) }

  /// A span of whole seconds, saturating.
  public static func seconds(_ seconds: Int64) -> TimeSpan { scaled(seconds, by: 1000) }
  /// A span of whole minutes, saturating.
  public static func minutes(_ minutes: Int64) -> TimeSpan { scaled(minutes, by: 60_000) }
  /// A span of whole hours, saturating.
  public static func hours(_ hours: Int64) -> TimeSpan { scaled(hours, by: 3_600_000) }
  /// A span of whole days, saturating.
  public static func days(_ days: Int64) -> TimeSpan { scaled(days, by: 86_400_000) }

  private static func scaled(_ count: Int64, by factor: Int64) -> TimeSpan {
    let (product, overflow) = count.multipliedReportingOverflow(by: factor)
    return TimeSpan(milliseconds: overflow ? (count < 0 ? 0 : .max) : product)
  }

  /// Whether `left` is shorter.
  public static func < (left: TimeSpan, right: TimeSpan) -> Bool { left.milliseconds < right.milliseconds }
}
