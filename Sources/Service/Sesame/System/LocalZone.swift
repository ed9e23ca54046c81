import Glibc
import SessionCore

/// The time zone that the machine is set to.
enum LocalZone {
  /// How many minutes it lies west of UTC at a time, as JavaScript counts them; 0 where it can't be told.
  static func minutesWest(at time: Timestamp) -> Int {
    var seconds = time_t(time.milliseconds / 1000)
    var parts = unsafe tm()
    guard unsafe localtime_r(&seconds, &parts) != nil else { return 0 }
    return unsafe -parts.tm_gmtoff / 60
  }
}
