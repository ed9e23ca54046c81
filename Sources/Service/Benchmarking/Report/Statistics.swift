/// What several runs, or several answers, come to.
enum Statistics {
  /// The middle value, or the mean of the two; 0 of none.
  static func median(_ values: [Double]) -> Double {
    guard !values.isEmpty else { return 0 }
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}

/// Latencies of single answers, in milliseconds, of as many runs as were merged.
struct Latencies: Sendable {
  private var samples: [Double] = []

  init(_ samples: [Double] = []) { self.samples = samples }

  var count: Int { samples.count }

  mutating func add(_ duration: Duration) { samples.append(duration / .milliseconds(1)) }

  /// Takes the samples of another run: percentiles of percentiles would be none.
  mutating func merge(_ other: Latencies) { samples += other.samples }

  /// The least value that at least so many per cent of the samples do not exceed; 0 of none.
  func percentile(_ percent: Double) -> Double {
    guard !samples.isEmpty else { return 0 }
    let rank = (percent / 100 * Double(samples.count)).rounded(.up)
    return samples.sorted()[max(0, min(samples.count, Int(rank)) - 1)]
  }
}
