/// A number that only rises.
public struct Counter: Sendable {
  private let cells = ShardedCells(width: 1)

  init() {}

  /// Counts one, or several at once.
  public func increment(by count: UInt64 = 1) {
    cells.add(count, at: 0, shard: ShardedCells.currentShard())
  }

  /// How many were counted.
  public var value: UInt64 { cells.sum(at: 0) }
}
