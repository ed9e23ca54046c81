internal import Glibc

/// A time by the system's monotonic clock, in nanoseconds.
struct Moment: Comparable, Sendable {
  let nanoseconds: Int64

  static var now: Moment {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Moment(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
  }

  static let never = Moment(nanoseconds: .max)

  static func < (one: Moment, other: Moment) -> Bool { one.nanoseconds < other.nanoseconds }

  /// The time after a duration; far ones end at `never`.
  static func + (moment: Moment, duration: Duration) -> Moment {
    let (sum, isTooLarge) = moment.nanoseconds.addingReportingOverflow(duration.wholeNanoseconds)
    return isTooLarge ? (duration < .zero ? Moment(nanoseconds: .min) : .never) : Moment(nanoseconds: sum)
  }

  static func - (one: Moment, other: Moment) -> Duration {
    let (difference, isTooLarge) = one.nanoseconds.subtractingReportingOverflow(other.nanoseconds)
    return .nanoseconds(isTooLarge ? (one > other ? .max : .min) : difference)
  }

  /// The time that another clock shows as `instant`.
  init(_ instant: ContinuousClock.Instant) {
    self = .now + (instant - .now)
  }

  init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }
}

extension Duration {
  /// Nanoseconds, the nearest that there are.
  var wholeNanoseconds: Int64 {
    let parts = components
    let (seconds, isTooLarge) = parts.seconds.multipliedReportingOverflow(by: 1_000_000_000)
    if isTooLarge { return parts.seconds < 0 ? .min : .max }
    let (sum, overflows) = seconds.addingReportingOverflow(parts.attoseconds / 1_000_000_000)
    return overflows ? (parts.seconds < 0 ? .min : .max) : sum
  }

  /// Milliseconds, rounded up, so that who waits for so long has waited long enough.
  var roundedUpMilliseconds: Int32 {
    let whole = wholeNanoseconds
    guard whole > 0 else { return 0 }
    return Int32(clamping: whole / 1_000_000 + (whole % 1_000_000 > 0 ? 1 : 0))
  }
}
