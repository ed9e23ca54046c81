import SessionCore

/// The newest intervals of one length, as many as there is room for; they are numbered from 1 on.
struct IntervalRing: Sendable {
  /// How long each is at least.
  let step: TimeSpan
  private let room: Int
  private var intervals: [Interval] = []
  /// Where the oldest is once the ring is full.
  private var start = 0
  /// How many there ever were: the number of the newest.
  private(set) var newest: Int64 = 0
  /// The sample at which the next interval begins.
  private var base: Sample?

  /// A ring for `room` intervals, 1 or more.
  init(step: TimeSpan, room: Int) {
    self.step = step
    self.room = max(1, room)
    intervals.reserveCapacity(self.room)
  }

  /// Takes a sample: once a step has gone by since the last interval, another one is there.
  mutating func take(_ sample: Sample, bounds: [UInt64]) {
    guard let base else {
      self.base = sample
      return
    }
    guard sample.time >= base.time + step else { return }
    let interval = Interval(from: base, to: sample, bounds: bounds)
    if intervals.count < room {
      intervals.append(interval)
    } else {
      intervals[start] = interval
      start = (start + 1) % room
    }
    newest += 1
    self.base = sample
  }

  /// The intervals after the one of that number, oldest first; all that are there if it is from before them, or from
  /// another life of the process.
  func after(_ number: Int64) -> [Interval] {
    let isKnown = number >= 0 && number <= newest
    let count = isKnown ? Int(min(newest - number, Int64(intervals.count))) : intervals.count
    return (intervals.count - count..<intervals.count).map { intervals[(start + $0) % intervals.count] }
  }
}
