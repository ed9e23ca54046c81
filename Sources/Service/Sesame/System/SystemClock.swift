import Glibc
public import SessionCore

/// The system's time of day at the start, moved on by a clock that nobody can set.
///
/// While the process runs, a step of the wall clock neither lengthens a session nor ends one. What the kernel's slewing
/// corrects is followed, a step is not.
public struct SystemClock: SessionClock {
  private let offset: Int64

  /// Reads both clocks once.
  public init() {
    offset = Self.milliseconds(CLOCK_REALTIME) - Self.milliseconds(CLOCK_BOOTTIME)
  }

  /// The time now; costs one read of the monotonic clock.
  public func now() -> Timestamp {
    Timestamp(milliseconds: offset + Self.milliseconds(CLOCK_BOOTTIME))
  }

  private static func milliseconds(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    unsafe clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}
