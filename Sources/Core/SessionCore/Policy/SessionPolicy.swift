/// How long sessions live, how many, and what they may hold.
public struct SessionPolicy: Sendable, Equatable {
  /// How long a session lives without a request: 24 hours.
  public var idleTimeout: TimeSpan = .hours(24)
  /// How long a session lives in all: 30 days.
  public var lifetime: TimeSpan = .days(30)
  /// The longest idle time that a caller may ask for: 30 days.
  public var idleTimeoutCeiling: TimeSpan = .days(30)
  /// The longest lifetime that a caller may ask for: 365 days.
  public var lifetimeCeiling: TimeSpan = .days(365)
  /// The idle time of a user who asked to be remembered: 30 days.
  public var rememberedIdleTimeout: TimeSpan = .days(30)
  /// The lifetime for a user who asked to be remembered: 365 days.
  public var rememberedLifetime: TimeSpan = .days(365)
  /// How many sessions of one user may live at once: any number.
  public var liveLimit: LiveSessionLimit?
  /// How long after a renewal the former token still verifies, and renews to the same token: 10 seconds.
  public var renewalGrace: TimeSpan = .seconds(10)
  /// Whether tokens of other programs open the sessions that were imported with them: no.
  public var acceptsImportedTokens = false
  /// How often request times reach the store: every 5 seconds.
  public var touchInterval: TimeSpan = .seconds(5)
  /// How often the reaper runs: every minute.
  public var sweepInterval: TimeSpan = .minutes(1)
  /// How long a closed session is kept: 30 days.
  public var retention: TimeSpan = .days(30)
  /// The most bytes that `user` and `data` may have, each: 64 KiB.
  public var payloadLimit = 65_536

  /// The defaults.
  public init() {}
}
