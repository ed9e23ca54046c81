import Foundation
import Synchronization
import Testing

@testable import SessionCore

/// How many worlds there are to try: the first seed, how many, and how many moves each.
///
/// `SESAME_SIMULATION` sets them, as in "5000000 1000 2000".
enum Seeds {
  static let (first, count, moves) = read(ProcessInfo.processInfo.environment["SESAME_SIMULATION"] ?? "")
  static let parts: UInt64 = 20

  private static func read(_ text: String) -> (first: UInt64, count: UInt64, moves: Int) {
    let numbers = text.split(separator: " ").compactMap { UInt64($0) }
    guard numbers.count == 3 else { return (0, 10_000, 250) }
    return (numbers[0], max(1, min(numbers[1], 1 << 40)), Int(clamping: numbers[2]))
  }

  /// The seeds of one of the parts.
  static func part(_ part: UInt64) -> Range<UInt64> {
    first &+ count * part / parts..<first &+ count * (part + 1) / parts
  }
}

@Suite("Several nodes on one store, simulated") struct SimulationTests {
  @Test(
    "nothing is let in beyond the bound, nobody is turned away wrongly, and a renewal is one step",
    arguments: 0..<Seeds.parts)
  func promises(part: UInt64) {
    for seed in Seeds.part(part) {
      let simulation = Simulation(seed: seed)
      simulation.run(moves: Seeds.moves)
      let failures = simulation.ledger.withLock { $0.failures }
      guard !failures.isEmpty else { continue }
      let again = Simulation(seed: seed, isRecording: true)
      again.run(moves: Seeds.moves)
      Issue.record(
        """
        SESAME_SIMULATION="\(seed) 1 \(Seeds.moves)": \(failures.joined(separator: "; "))
        \(again.history.suffix(60).joined(separator: "\n"))
        """)
      return
    }
  }

  @Test("the same seed makes the same history, step by step", arguments: 0..<UInt64(20))
  func replay(seed: UInt64) {
    let histories = (0..<2).map { _ in
      let simulation = Simulation(seed: seed, isRecording: true)
      simulation.run(moves: 1000)
      return simulation.history
    }
    #expect(histories[0].count > 100)
    #expect(histories[0] == histories[1])
  }

  @Test("a simulation gets to see what it is about")
  func coverage() {
    var tally: [String: Int] = [:]
    for seed in 1000..<UInt64(1100) {
      let simulation = Simulation(seed: seed)
      simulation.run(moves: 600)
      tally.merge(simulation.ledger.withLock { $0.tally }, uniquingKeysWith: +)
    }
    for kind in ["a verification", "a verification at once", "a renewal"] {
      #expect(tally["\(kind) accepted", default: 0] > 100, "\(tally)")
      #expect(tally["\(kind) accepted within the bound", default: 0] > 0, "\(tally)")
      #expect(tally["\(kind) refused", default: 0] > 50, "\(tally)")
    }
    for kind in [
      "a miss", "a closing", "a carried token accepted", "an opening with a carried token", "a change", "a crash",
      "a list", "an eviction",
    ] {
      #expect(tally[kind, default: 0] > 50, "\(kind) in \(tally)")
    }
    for kind in [
      "an opening beyond the limit", "an opening lost", "a change lost", "a renewal lost", "a list of several pages",
    ] {
      #expect(tally[kind, default: 0] > 0, "\(kind) in \(tally)")
    }
  }
}
