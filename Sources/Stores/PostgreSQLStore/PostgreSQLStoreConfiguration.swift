public import SessionCore

/// What can be chosen about a PostgreSQL store; the defaults are right for nearly everyone.
public struct PostgreSQLStoreConfiguration: Sendable {
  /// Whether an older schema is brought up to date at opening; if not, it is refused as outdated.
  ///
  /// Default: yes.
  public var migrates = true
  /// How long a call may take, from when it is made to its answer.
  ///
  /// Default: 800 ms.
  public var timeout = TimeSpan(milliseconds: 800)
  /// How many connections read; one more writes, and each that follows the changes has its own.
  ///
  /// Half of them find single sessions, the others list and count. 2 or more.
  ///
  /// Default: 4.
  public var connections = 4
  /// The schema of the database in which the tables are, 1 to 63 bytes.
  ///
  /// Default: "sesame".
  public var namespace = "sesame"
  /// The password, instead of one in the address.
  public var password: String?
  /// How many writes one transaction takes at most.
  ///
  /// Default: 128.
  public var batchLimit = 128
  /// How many reads, and how many writes, may wait; beyond that they are refused as unavailable.
  ///
  /// Default: 16,384.
  public var queueCapacity = 16_384

  /// The defaults.
  public init() {}
}
