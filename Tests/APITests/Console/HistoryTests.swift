import SessionCore
import Testing

@testable import Console

/// What a node remembers of its own last hour and day.
@Suite struct HistoryTests {
  private static let bounds: [UInt64] = [1_000_000, 2_000_000, 4_000_000]

  private func sample(_ seconds: Int64, _ change: (inout Sample) -> Void = { _ in }) -> Sample {
    var sample = Sample(at: Timestamp(milliseconds: 1_800_000_000_000) + .seconds(seconds))
    change(&sample)
    return sample
  }

  @Test("an interval holds the differences of what was counted, and how things stand at its end")
  func interval() {
    let before = sample(0) { ($0.live, $0.opened, $0.closed) = (5, 10, [1, 0, 0, 0, 0, 0, 0]) }
    let after = sample(5) { ($0.live, $0.opened, $0.closed, $0.storeTime) = (7, 13, [1, 2, 0, 0, 0, 0, 0], 90) }
    let interval = Interval(from: before, to: after, bounds: Self.bounds)
    #expect((interval.live, interval.opened, interval.storeTime) == (7, 3, 90))
    #expect(interval.closed == [0, 2, 0, 0, 0, 0, 0])
    #expect(interval.length == .seconds(5))
    #expect(interval.median == nil && interval.verifications == 0)
  }

  @Test("a counter that fell, or samples of different widths, are no reason to end")
  func strange() {
    let before = sample(0) { ($0.opened, $0.latencies, $0.closed) = (.max, [9, 9], [4]) }
    let after = sample(5) { ($0.opened, $0.latencies, $0.closed) = (3, [1, 1, 1, 1], [1, 1]) }
    let interval = Interval(from: before, to: after, bounds: Self.bounds)
    #expect(interval.opened == 0)
    #expect(interval.closed == [0, 1])
    #expect(interval.verifications == 2)
    #expect(Interval(from: after, to: before, bounds: []).median == nil)
  }

  @Test("quantiles are the bounds below which so many are, in microseconds")
  func quantiles() {
    #expect(Interval.quantile(50, of: [99, 1, 0, 0], Self.bounds) == 1000)
    #expect(Interval.quantile(99, of: [99, 1, 0, 0], Self.bounds) == 1000)
    #expect(Interval.quantile(99, of: [98, 2, 0, 0], Self.bounds) == 2000)
    #expect(Interval.quantile(99, of: [0, 0, 0, 7], Self.bounds) == 4000)
    #expect(Interval.quantile(50, of: [0, 0, 0, 0], Self.bounds) == nil)
    #expect(Interval.quantile(99, of: [.max, 0, 0, 0], Self.bounds) == 1000)
  }

  @Test("a ring keeps the newest, and hands out what came after a number")
  func ring() {
    var ring = IntervalRing(step: .seconds(5), room: 3)
    for second in stride(from: 0 as Int64, through: 50, by: 5) {
      ring.take(sample(second) { $0.live = Int(second) }, bounds: Self.bounds)
    }
    #expect(ring.newest == 10)
    #expect(ring.after(0).map(\.live) == [40, 45, 50])
    #expect(ring.after(9).map(\.live) == [50])
    #expect(ring.after(10).isEmpty)
    #expect(ring.after(99).map(\.live) == [40, 45, 50], "a number of another life of the process")
    #expect(ring.after(-1).count == 3)
  }

  @Test("samples that come too soon make no interval of their own, but are in the next one")
  func early() {
    var ring = IntervalRing(step: .seconds(60), room: 3)
    for second in [0, 20, 40, 61] as [Int64] {
      ring.take(sample(second) { $0.opened = UInt64(second) }, bounds: Self.bounds)
    }
    #expect(ring.after(0).map(\.opened) == [61])
  }

  @Test("a history has an hour and a day, and no more")
  func rooms() {
    let history = History(bounds: Self.bounds)
    for number in 0...20_000 as ClosedRange<Int64> { history.take(sample(5 * number)) }
    #expect(history.intervals(.hour, after: 0).intervals.count == 720)
    #expect(history.intervals(.day, after: 0).intervals.count == 1440)
    #expect(history.latest?.time == sample(100_000).time)
  }
}
