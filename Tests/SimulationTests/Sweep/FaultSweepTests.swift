import SessionCore
import SessionTesting
import Testing

@Suite("A store of which each call fails in its turn") struct FaultSweepTests {
  @Test(
    "whichever call of the store fails, and however: what was answered holds, and the next try works",
    arguments: Fault.allCases)
  func everyCall(fault: Fault) async {
    for limit in [nil, LiveSessionLimit(maximum: 2, overflow: .evictLeastRecent)] {
      var call = 0
      var isBeyond = false
      while !isBeyond, call < 500 {
        call += 1
        var world = SweepWorld(failing: call, as: fault, limit: limit)
        await Self.live(in: &world)
        isBeyond = world.schedule.calls < call
        #expect(
          world.failures.isEmpty,
          "call \(call), \(world.schedule.verb?.rawValue ?? "none"), \(fault), limit \(limit?.maximum ?? 0)")
        if fault.isCrash, !isBeyond { #expect(world.crashes == 1, "call \(call)") }
      }
      // Were the life shorter than it should be, nothing would have been tried.
      #expect(call > 25)
      #expect(isBeyond)
    }
  }

  /// A life in which every verb of the store is called.
  private static func live(in world: inout SweepWorld) async {
    let (ana, ben) = ("ana" as ExactText, "ben" as ExactText)
    guard let first = await world.open(ana), let second = await world.open(ana) else { return }
    await world.verifyAll("at the beginning")
    await world.renew(first)
    await world.change(first)
    await world.list()
    guard let third = await world.open(ben) else { return }
    await world.renew(third)
    await world.change(third)
    await world.close(second)
    let carried = await world.openCarried()
    await world.flush()
    for _ in 0..<4 {
      world.clock.advance(by: .seconds(20))
      await world.verifyAll("while time goes by")
      await world.flush()
    }
    await world.sweep()
    await world.renew(first)
    guard let fourth = await world.open(ben) else { return }
    await world.change(third)
    await world.close(third)
    await world.list()
    if let carried {
      await world.closeCarried(carried)
      _ = await world.openCarried()
    }
    await world.closeAll(of: ana, [first])
    world.clock.advance(by: .seconds(50))
    await world.verifyAll("after a while")
    await world.remove(fourth)
    world.clock.advance(by: .seconds(130))
    await world.sweep()
    await world.examine()
  }
}
