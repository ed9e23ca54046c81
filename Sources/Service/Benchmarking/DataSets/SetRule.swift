internal import SessionCore

/// By which rule the sessions of a data set are made: each can be computed, so that none must be listed.
///
/// Ids rise with the number, so that each index of a store grows at its end and millions take minutes; what a look-up
/// finds is the same tree. Each user has five sessions, far apart.
struct SetRule: Sendable, Equatable {
  /// How many sessions there are.
  var count: Int
  /// When the first is opened; the last one is opened ``span`` later.
  var start: Timestamp
  /// Whether they have expired long since.
  var isExpired = false

  static let span: TimeSpan = .hours(20)
  private static let sessionsPerUser = 5

  /// How many users there are.
  var users: Int { max(1, count / Self.sessionsPerUser) }

  /// The session of a number below ``count``.
  func session(_ number: Int) -> Session {
    let opened = start + TimeSpan(milliseconds: Self.span.milliseconds / Int64(count) * Int64(number))
    return Session(
      id: id(number), userID: ExactText(user(number % users)), openTime: opened,
      idleTimeout: isExpired ? .minutes(1) : .days(365), lifetime: isExpired ? .hours(1) : .days(365))
  }

  /// The name of a user.
  func user(_ number: Int) -> String {
    let digits = String(number)
    return "\(isExpired ? "past" : "set")-" + String(repeating: "0", count: max(0, 8 - digits.count)) + digits
  }

  /// An id between those of the numbers before and behind; sets that have expired have ids of their own.
  private func id(_ number: Int) -> SessionID {
    let step = UInt64.max / UInt64(count)
    let mixed = Self.mixed(UInt64(truncatingIfNeeded: number) &+ (isExpired ? 1 << 62 : 0))
    return SessionID(high: step &* UInt64(number) &+ mixed % step, low: Self.mixed(~mixed))
  }

  /// The finalizer of SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014).
  static func mixed(_ number: UInt64) -> UInt64 {
    var bits = number &+ 0x9E37_79B9_7F4A_7C15
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }
}
