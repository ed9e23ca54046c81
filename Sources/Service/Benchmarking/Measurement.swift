/// What can be measured, under the names by which it is asked for.
public enum Measurement: String, CaseIterable, Sendable, Comparable {
  /// Verifying a session that is in the cache.
  case verify = "P1"
  /// The same among many sessions.
  case verifyAmongMany = "P2"
  /// Verifying by POST, in three interfaces.
  case verifyByPost = "P3"
  /// Opening sessions, durably.
  case open = "P4"
  /// Renewing and closing sessions, durably.
  case renewAndClose = "P5"
  /// A flood of forged tokens.
  case forgedFlood = "P6"
  /// Verifying sessions that are not in the cache.
  case coldVerify = "P7"
  /// How often request times are written.
  case requestTimes = "P8"
  /// Lists and counts.
  case lists = "P9"
  /// Many sessions that expire while others are verified.
  case expiry = "P10"
  /// Memory of an idle server, of a cached session, of an idle connection.
  case memory = "P11"
  /// Time from start to ready.
  case start = "P12"

  /// Whether it can be measured on a server that this program did not start.
  var worksRemotely: Bool {
    switch self {
    case .verify, .verifyByPost, .open, .renewAndClose, .forgedFlood: true
    default: false
    }
  }

  /// The order of the names' numbers.
  public static func < (left: Measurement, right: Measurement) -> Bool { left.number < right.number }

  private var number: Int { Int(rawValue.dropFirst()) ?? 0 }
}
