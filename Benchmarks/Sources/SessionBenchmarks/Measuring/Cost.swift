import CCounters
import Glibc

/// What some operations cost, or one of them.
struct Cost: Sendable {
  /// Time that went by, in nanoseconds.
  var elapsed: Double
  /// Time on processors, of all threads, in nanoseconds.
  var processor: Double
  /// Calls of malloc and its like.
  var allocations: Double
  /// Bytes that those asked for.
  var bytes: Double
  /// Instructions in user mode; `nil` where nobody counts them.
  var instructions: Double?

  /// What `body` costs, divided by `count`.
  static func each(of count: Int, _ body: () async throws -> Void) async rethrows -> Cost {
    let before = Cost.total()
    try await body()
    let after = Cost.total()
    let divisor = Double(count)
    return Cost(
      elapsed: (after.elapsed - before.elapsed) / divisor,
      processor: (after.processor - before.processor) / divisor,
      allocations: (after.allocations - before.allocations) / divisor, bytes: (after.bytes - before.bytes) / divisor,
      instructions: after.instructions.flatMap { after in before.instructions.map { (after - $0) / divisor } })
  }

  /// The middle of several, each figure by itself.
  static func median(of costs: [Cost]) -> Cost {
    func middle(_ figure: (Cost) -> Double) -> Double { costs.map(figure).sorted()[costs.count / 2] }
    let counted = costs.compactMap(\.instructions).sorted()
    return Cost(
      elapsed: middle(\.elapsed), processor: middle(\.processor), allocations: middle(\.allocations),
      bytes: middle(\.bytes), instructions: counted.isEmpty ? nil : counted[counted.count / 2])
  }

  /// Whether the kernel counts instructions; begins with it, so that threads that start later are counted, too.
  static let hasInstructions = ccounters_instructions_begin()

  private static func total() -> Cost {
    let allocations = ccounters_allocations()
    return Cost(
      elapsed: nanoseconds(CLOCK_MONOTONIC), processor: nanoseconds(CLOCK_PROCESS_CPUTIME_ID),
      allocations: Double(allocations.count), bytes: Double(allocations.bytes),
      instructions: hasInstructions ? Double(ccounters_instructions()) : nil)
  }

  private static func nanoseconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    unsafe clock_gettime(clock, &time)
    return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
  }
}
