import Synchronization
import Testing

@testable import SessionCore

@Suite("Several nodes on one store, simulated") struct SimulationTests {
  @Test(
    "nothing is let in beyond the bound, nobody is turned away wrongly, and a renewal is one step",
    arguments: 0..<UInt64(10))
  func promises(part: UInt64) {
    for seed in part * 20..<(part + 1) * 20 {
      let simulation = Simulation(seed: seed)
      simulation.run(moves: 1500)
      let failures = simulation.ledger.withLock { $0.failures }
      #expect(failures.isEmpty, "with seed \(seed)")
    }
  }

  @Test("a simulation gets to see what it is about, and the same seed makes the same run")
  func coverage() {
    var tally: [String: Int] = [:]
    for seed in 1000..<UInt64(1020) {
      let simulation = Simulation(seed: seed)
      simulation.run(moves: 1500)
      tally.merge(simulation.ledger.withLock { $0.tally }, uniquingKeysWith: +)
    }
    for kind in ["a verification", "a verification at once", "a renewal"] {
      #expect(tally["\(kind) accepted", default: 0] > 100, "\(tally)")
      #expect(tally["\(kind) accepted within the bound", default: 0] > 0, "\(tally)")
      #expect(tally["\(kind) refused", default: 0] > 50, "\(tally)")
    }
    for kind in ["a miss", "a closing", "a carried token accepted", "an opening with a carried token"] {
      #expect(tally[kind, default: 0] > 100, "\(tally)")
    }
    let runs = (0..<2).map { _ in
      let simulation = Simulation(seed: 7)
      simulation.run(moves: 1500)
      return simulation.ledger.withLock { $0.tally }
    }
    #expect(runs[0] == runs[1])
  }
}
