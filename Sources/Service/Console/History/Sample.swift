public import SessionCore

/// What a node has counted since its start, and how things stand, at one moment.
///
/// What is counted only rises; the history keeps the differences.
public struct Sample: Sendable, Equatable {
  /// When it was taken.
  public var time: Timestamp
  /// Sessions alive.
  public var live: Int
  /// Sessions opened.
  public var opened: UInt64
  /// Log-ins that opened one.
  public var logins: UInt64
  /// Log-ins that were refused.
  public var refusals: UInt64
  /// Sessions ended, in the order of `CloseReason.allCases`.
  public var closed: [UInt64]
  /// Verifications, by how long they took: a number for each of the bounds, and one for what took longer.
  public var latencies: [UInt64]
  /// How long the store took to say that it can serve, in microseconds; `nil` if it can't.
  public var storeTime: UInt64?

  /// A sample of a node that has counted nothing yet.
  public init(at time: Timestamp) {
    self.time = time
    live = 0
    opened = 0
    logins = 0
    refusals = 0
    closed = CloseReason.allCases.map { _ in 0 }
    latencies = []
  }
}
