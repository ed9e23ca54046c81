import SessionCore
import Testing

@testable import Benchmarking

@Suite struct StatisticsTests {
  @Test(
    "the median is the middle, or between the two in the middle",
    arguments: [([], 0), ([3], 3), ([9, 1, 5], 5), ([4, 1, 2, 9], 3)] as [([Double], Double)])
  func median(values: [Double], median: Double) {
    #expect(Statistics.median(values) == median)
  }

  @Test("percentiles are of all samples of all runs")
  func percentiles() {
    var fast = Latencies((1...98).map(Double.init))
    fast.merge(Latencies([500, 1000]))
    #expect(fast.count == 100)
    #expect(fast.percentile(50) == 50 && fast.percentile(98) == 98)
    #expect(fast.percentile(99) == 500 && fast.percentile(100) == 1000 && fast.percentile(0) == 1)
    #expect(Latencies().percentile(99) == 0)
  }

  @Test("a set's sessions have ids of their own that rise, live users, and times in order")
  func rule() {
    let rule = SetRule(count: 10_000, start: Timestamp(milliseconds: 1_795_000_000_000))
    let sessions = (0..<rule.count).map { rule.session($0) }
    let now = rule.start + SetRule.span
    for (one, next) in zip(sessions, sessions.dropFirst()) {
      #expect(one.id < next.id && one.openTime <= next.openTime)
    }
    #expect(sessions.allSatisfy { $0.isAlive(at: now) && $0.openTime <= now })
    #expect(Set(sessions.map(\.userID)).count == rule.users)
    #expect(rule.session(17) == sessions[17])
  }

  @Test("sessions that are to have expired have, and share no id with those that live")
  func expired() {
    let start = Timestamp(milliseconds: 1_795_000_000_000)
    let past = SetRule(count: 1000, start: start, isExpired: true)
    let live = SetRule(count: 1000, start: start)
    let ids = Set((0..<1000).map { live.session($0).id })
    for number in 0..<1000 {
      #expect(!past.session(number).isAlive(at: start + .days(3)))
      #expect(!ids.contains(past.session(number).id))
    }
  }

  @Test("P2 comes before P10")
  func order() {
    #expect(Measurement.allCases == Measurement.allCases.shuffled().sorted())
  }

  @Test("a missing tool is named with Debian's package for it")
  func tools() {
    let error = #expect(throws: BenchmarkError.self) { try Tools(needsControl: true, path: "/nonexistent") }
    #expect(error?.code == .missingTool)
    #expect(error?.description.contains("apt-get install wrk") == true)
  }
}
