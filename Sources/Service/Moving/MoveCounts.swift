/// How many of each sort were moved.
public struct MoveCounts: Sendable, Equatable {
  /// Service keys.
  public var keys: Int64 = 0
  /// Accounts.
  public var accounts: Int64 = 0
  /// Sessions.
  public var sessions: Int64 = 0

  /// None of any.
  public init() {}

  /// All together.
  public var total: Int64 { keys + accounts + sessions }

  /// Counts one more of the sort of `record`.
  mutating func count(_ record: MovedRecord) {
    switch record {
    case .key: keys += 1
    case .account: accounts += 1
    case .session: sessions += 1
    }
  }
}

/// How far moving has got, for a progress bar.
public struct MoveProgress: Sendable, Equatable {
  /// How much of the work is done, from 0 to 1; `nil` if nobody knows how much there is.
  public var part: Double?
  /// How many records have been dealt with.
  public var records: Int64

  /// Progress from its parts.
  public init(part: Double?, records: Int64) {
    self.part = part
    self.records = records
  }
}
