/// How many observations fell into each of several fixed buckets.
public struct Histogram: Sendable {
  /// What is observed, and how it is shown.
  public enum Unit: Sendable {
    /// Times, which are shown in seconds.
    case nanoseconds
    /// Anything countable, such as bytes, shown as it is.
    case count

    var scale: Double {
      switch self {
      case .nanoseconds: 1e9
      case .count: 1
      }
    }
  }

  /// Buckets for how long requests take: from 50 µs to 5 s.
  public static let latencyBounds: [UInt64] = [
    50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000, 50_000_000,
    100_000_000, 250_000_000, 500_000_000, 1_000_000_000, 5_000_000_000,
  ]

  private let unit: Unit
  private let bounds: [UInt64]
  /// The buckets, the last of them without a bound, and behind them the sum.
  private let cells: ShardedCells

  init(unit: Unit, bounds: [UInt64]) {
    precondition(!bounds.isEmpty && zip(bounds, bounds.dropFirst()).allSatisfy { $0 < $1 }, "the bounds must rise")
    self.unit = unit
    self.bounds = bounds
    cells = ShardedCells(width: bounds.count + 2)
  }

  /// Counts one observation, in the histogram's unit.
  public func observe(_ value: UInt64) {
    var bucket = 0
    while bucket < bounds.count, value > bounds[bucket] { bucket += 1 }
    let shard = ShardedCells.currentShard()
    cells.add(1, at: bucket, shard: shard)
    cells.add(value, at: bounds.count + 1, shard: shard)
  }

  /// Counts one observation of a time; a negative one counts as none.
  public func observe(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    let (nanoseconds, isTooLong) = max(0, seconds).multipliedReportingOverflow(by: 1_000_000_000)
    let fraction = max(0, attoseconds) / 1_000_000_000
    observe(isTooLong ? .max : UInt64(nanoseconds) &+ UInt64(fraction))
  }

  /// How many observations fell into each bucket so far: one number for each bound, and one for what lies beyond them.
  public var counts: [UInt64] { (0...bounds.count).map { cells.sum(at: $0) } }

  func snapshot() -> HistogramSnapshot {
    HistogramSnapshot(
      bounds: bounds.map { Double($0) / unit.scale },
      counts: counts,
      sum: Double(cells.sum(at: bounds.count + 1)) / unit.scale)
  }
}

/// A histogram at one moment, in the unit that is shown.
struct HistogramSnapshot: Sendable {
  let bounds: [Double]
  /// One more than there are bounds; not yet summed up.
  let counts: [UInt64]
  let sum: Double
}
