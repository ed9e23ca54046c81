/// What can be chosen about a SQLite store; the defaults are right for nearly everyone.
public struct SQLiteStoreConfiguration: Sendable {
  /// Whether an older schema is brought up to date at opening; if not, it is refused as outdated.
  ///
  /// Default: yes.
  public var migrates = true
  /// How many threads list and count, each on its own connection; one more finds single sessions.
  ///
  /// Default: 2.
  public var readers = 2
  /// How many reads, and how many writes, may wait; beyond that they are refused as unavailable.
  ///
  /// Default: 65,536.
  public var queueCapacity = 65_536
  /// How many writes one transaction takes at most.
  ///
  /// Default: 1,024.
  public var batchLimit = 1024
  /// How much memory the writing connection may keep pages in, in KiB; grows only with use.
  ///
  /// Default: 64 MiB.
  public var writerCacheKibibytes = 65_536
  /// How much memory each reading connection may keep pages in, in KiB; grows only with use.
  ///
  /// Default: 16 MiB.
  public var readerCacheKibibytes = 16_384
  /// After how many pages of 4 KiB the write-ahead log is copied into the database.
  ///
  /// Default: 8,192 (32 MiB).
  ///
  /// More makes writes cheaper, since a page that changes often is copied once, and opening after a crash slower.
  public var checkpointPages = 8192
  /// The greatest number of pages of 4 KiB that the database may have, for a quota; `nil` for no limit of its own.
  public var maximumPages: Int?
  /// Called on the writer's thread after each transaction that changed something, with how many writes it held, and
  /// how long its commit took.
  ///
  /// Must be quick, and must not call the store.
  public var onCommit: (@Sendable (_ writes: Int, _ duration: Duration) -> Void)?

  /// The defaults.
  public init() {}
}
