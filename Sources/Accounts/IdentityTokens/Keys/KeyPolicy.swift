public import SessionCore

/// When an issuer's keys are fetched, and for how long they count.
///
/// An issuer's own Cache-Control is not looked at: these bounds hold for every one.
public struct KeyPolicy: Sendable {
  /// After how long keys are fetched again, when they are used; 10 minutes by default.
  public var refreshAge = TimeSpan.minutes(10)
  /// How long keys count when the issuer can't be reached; 24 hours by default.
  public var maximumAge = TimeSpan.hours(24)
  /// How long after one fetch the next may begin, whatever asks for it; 30 seconds by default.
  public var interval = TimeSpan.seconds(30)
  /// How many requests may wait for one fetch; 1,000 by default.
  public var maximumWaiters = 1000

  /// The defaults.
  public init() {}
}
