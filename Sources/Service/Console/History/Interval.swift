import SessionCore

/// What happened between two samples.
struct Interval: Sendable, Equatable {
  /// When it ended.
  var time: Timestamp
  /// How long it was.
  var length: TimeSpan
  /// Sessions alive at its end.
  var live: Int
  var opened: UInt64
  var logins: UInt64
  var refusals: UInt64
  var closed: [UInt64]
  var verifications: UInt64
  /// What half of the verifications took at most, in microseconds; `nil` if there were none.
  var median: UInt64?
  /// What 99 of 100 took at most.
  var ninetyNinth: UInt64?
  /// How long the store took at its end, in microseconds; `nil` if it could not serve.
  var storeTime: UInt64?

  /// The difference of two samples; a counter that fell, as none does, counts as nothing.
  ///
  /// - Parameters:
  ///   - earlier: the sample before.
  ///   - later: the sample at the end.
  ///   - bounds: the upper bounds of the samples' latencies, rising, in nanoseconds.
  init(from earlier: Sample, to later: Sample, bounds: [UInt64]) {
    func difference(_ after: UInt64, _ before: UInt64) -> UInt64 { after > before ? after - before : 0 }
    time = later.time
    length = later.time - earlier.time
    live = later.live
    opened = difference(later.opened, earlier.opened)
    logins = difference(later.logins, earlier.logins)
    refusals = difference(later.refusals, earlier.refusals)
    closed = later.closed.indices.map { index in
      difference(later.closed[index], earlier.closed.indices.contains(index) ? earlier.closed[index] : 0)
    }
    let latencies = later.latencies.indices.map { index in
      difference(later.latencies[index], earlier.latencies.indices.contains(index) ? earlier.latencies[index] : 0)
    }
    verifications = latencies.reduce(0, &+)
    median = Self.quantile(50, of: latencies, bounds)
    ninetyNinth = Self.quantile(99, of: latencies, bounds)
    storeTime = later.storeTime
  }

  /// The bound below which at least so many of a hundred observations are, in microseconds; of what lies beyond all
  /// bounds, the last one.
  static func quantile(_ percent: UInt64, of counts: [UInt64], _ bounds: [UInt64]) -> UInt64? {
    let total = counts.reduce(0, &+)
    guard total > 0, let last = bounds.last else { return nil }
    // Rounded up, and divided before it is multiplied: a count may be as large as it likes.
    let rank = total / 100 &* percent &+ (total % 100 &* percent &+ 99) / 100
    var sum: UInt64 = 0
    for (count, bound) in zip(counts, bounds) {
      sum &+= count
      if sum >= rank { return bound / 1000 }
    }
    return last / 1000
  }
}
