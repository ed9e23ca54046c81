public import SessionCore

/// What can be chosen about a store in Redis or Valkey; the defaults are right for nearly everyone.
public struct RedisStoreConfiguration: Sendable {
  /// Whether an empty or older database is brought up to date at opening; if not, it is refused as outdated.
  ///
  /// Default: yes.
  public var migrates = true
  /// From a call to its answer, waiting in queues included.
  ///
  /// Default: 800 ms.
  public var timeout = TimeSpan(milliseconds: 800)
  /// How many connections to each server commands may use.
  ///
  /// Default: 2.
  public var connections = 2
  /// What the names of all keys begin with: 1 to 64 letters, digits, `_`, `-`, `.` and `:`.
  ///
  /// Default: "sesame".
  public var namespace = "sesame"
  /// The password, instead of one in the address.
  public var password: String?
  /// How long Redis keeps what nobody has removed: a session so long after its deadline or its closing.
  ///
  /// A net under the reaper and the purging, which go by the service's own retention; it should be longer than that.
  /// At most 100 years are taken.
  ///
  /// Default: 8 days.
  public var retention = TimeSpan.days(8)
  /// How many replicas must have a write before it is answered (`WAIT`).
  ///
  /// If fewer acknowledge in time the outcome is unknown: the primary has the write, and may be lost with it.
  ///
  /// Default: 0.
  public var waitReplicas = 0
  /// How long to wait for them.
  ///
  /// Default: 300 ms.
  public var waitTimeout = TimeSpan(milliseconds: 300)
  /// Into how many partitions the keys of a Cluster are spread, from 1 to 1,024; one server always has one.
  ///
  /// It is fixed when the database is made: a store that is opened with another number is refused as outdated.
  ///
  /// Default: 64.
  public var clusterPartitions = 64

  /// The defaults.
  public init() {}
}
