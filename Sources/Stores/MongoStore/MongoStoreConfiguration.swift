public import SessionCore

/// What can be chosen about a MongoDB store; the defaults are right for nearly everyone.
public struct MongoStoreConfiguration: Sendable {
  /// Whether an older schema is brought up to date at opening; if not, it is refused as outdated.
  ///
  /// Default: yes.
  public var migrates = true
  /// The database; `nil` for the one that the address names, or "sesame".
  public var namespace: String?
  /// The password, instead of one in the address.
  public var password: String?
  /// How long a call may take in all, waiting included; then it throws `unavailable`, or `unknownOutcome`.
  ///
  /// Default: 800 ms.
  public var timeout = TimeSpan(milliseconds: 800)
  /// How many connections the store has for its calls, 4 or more: one writes, two find single sessions, the others
  /// list and count.
  ///
  /// Default: 6. Three more are for hearing of changes, for looking after a lost server, and for watching it.
  public var connections = 6
  /// How many calls of each sort may wait; beyond that they are refused as unavailable.
  ///
  /// Default: 16,384.
  public var queueCapacity = 16_384
  /// How many writes one transaction takes at most.
  ///
  /// Default: 100.
  public var batchLimit = 100
  /// How long after its end the server removes a session by itself, should no reaper have done it.
  ///
  /// Must be longer than ended sessions are to be kept. Default: 400 days.
  public var expirySlack = TimeSpan.days(400)

  /// The defaults.
  public init() {}
}
