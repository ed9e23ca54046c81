import Synchronization
import Testing

@testable import SessionCore

@Suite("Several nodes on one store, simulated") struct SimulationTests {
  @Test(
    "nothing is let in beyond the bound, nobody is turned away wrongly, and a renewal is one step",
    arguments: 0..<UInt64(20))
  func promises(part: UInt64) {
    for seed in part * 20..<(part + 1) * 20 {
      let simulation = Simulation(seed: seed)
      simulation.run(moves: 1500)
      let failures = simulation.ledger.withLock { $0.failures }
      #expect(failures.isEmpty, "with seed \(seed)")
    }
  }

  @Test("a simulation gets to see what it is about")
  func coverage() {
    var tally: [String: Int] = [:]
    for seed in 1000..<UInt64(1030) {
      let simulation = Simulation(seed: seed)
      simulation.run(moves: 1500)
      tally.merge(simulation.ledger.withLock { $0.tally }, uniquingKeysWith: +)
    }
    print(tally.sorted { $0.key < $1.key })
  }
}
