import MemoryStore
import SessionTesting
import Synchronization
import Testing

@testable import SessionCore

/// Work that one node at a time does.
@Suite(.timeLimit(.minutes(1))) struct ExclusiveTaskTests {
  /// One node that wants to work.
  private final class Worker: Sendable {
    let pacer = Pacer()
    let task: ExclusiveTask
    private let working = Mutex(0)
    private let run = Mutex<Task<Void, Never>?>(nil)

    init(_ name: String, store: any SessionStore, clock: ManualClock) {
      task = ExclusiveTask("reaper", of: store, as: name, for: .seconds(15), clock: clock, pause: pacer.pause)
    }

    var isWorking: Bool { working.withLock { $0 > 0 } }

    func start() {
      let work = Task {
        await task.run { [self] in
          working.withLock { $0 += 1 }
          for await _ in AsyncStream(Never.self, { _ in }) {}
          working.withLock { $0 -= 1 }
        }
      }
      run.withLock { $0 = work }
    }

    func stop() async {
      let task = run.withLock { $0 }
      task?.cancel()
      await task?.value
    }

    /// Waits until it works or has stopped.
    func wait(working isWanted: Bool) async { while isWorking != isWanted { await Task.yield() } }
  }

  private let clock = ManualClock(Timestamp(milliseconds: 1_800_000_000_000))

  private func workers(_ place: SharedMemory) -> (Worker, Worker) {
    (Worker("a", store: place.node(), clock: clock), Worker("b", store: place.node(), clock: clock))
  }

  @Test("of two nodes one works, and the other takes over at once when that one ends in order")
  func takeover() async {
    let (first, second) = workers(SharedMemory(MemoryStore(), clock: clock))
    first.start()
    await first.wait(working: true)
    #expect(first.task.isHeld)
    second.start()
    await second.pacer.tick()
    #expect(!second.task.isHeld && !second.isWorking)
    await first.stop()
    #expect(!first.isWorking && !first.task.isHeld)
    await second.pacer.tick()
    await second.wait(working: true)
    await second.stop()
  }

  @Test("a node that prolongs its time keeps the work")
  func prolonged() async {
    let (first, second) = workers(SharedMemory(MemoryStore(), clock: clock))
    first.start()
    await first.wait(working: true)
    second.start()
    for _ in 0..<10 {
      clock.advance(by: .seconds(5))
      await first.pacer.tick()
      await first.pacer.settle()
      await second.pacer.tick()
      await second.pacer.settle()
      #expect(first.isWorking && !second.isWorking && first.task.isHeld)
    }
    await first.stop()
    await second.stop()
  }

  @Test("a node that is gone is followed when its time is over, and finds out if it comes back")
  func dead() async {
    let (first, second) = workers(SharedMemory(MemoryStore(), clock: clock))
    first.start()
    await first.wait(working: true)
    second.start()
    await second.pacer.settle()
    // The first stands still for longer than its time.
    clock.advance(by: TimeSpan(milliseconds: 14_999))
    await second.pacer.tick()
    await second.pacer.settle()
    #expect(!second.isWorking)
    clock.advance(by: TimeSpan(milliseconds: 1))
    #expect(!first.task.isHeld)
    await second.pacer.tick()
    await second.wait(working: true)
    await first.pacer.tick()
    await first.wait(working: false)
    #expect(second.task.isHeld && !first.task.isHeld)
    await first.stop()
    #expect(second.task.isHeld)
    await second.stop()
  }

  @Test("a node that can't reach the store stops before another could begin")
  func unreachable() async {
    let place = SharedMemory(MemoryStore(), clock: clock)
    let (first, second) = workers(place)
    first.start()
    await first.wait(working: true)
    await first.pacer.settle()
    place.failTasks()
    clock.advance(by: .seconds(5))
    await first.pacer.tick()
    await first.pacer.settle()
    #expect(first.isWorking)
    clock.advance(by: .seconds(5))
    await first.pacer.tick()
    await first.wait(working: false)
    #expect(!first.task.isHeld)
    await first.stop()
    await second.stop()
  }

  @Test("where the store is not shared the work is always this node's")
  func single() async {
    let worker = Worker("a", store: MemoryStore(), clock: clock)
    #expect(worker.task.isHeld)
    worker.start()
    await worker.wait(working: true)
    clock.advance(by: .days(1))
    #expect(worker.task.isHeld)
    await worker.stop()
    #expect(!worker.isWorking)
  }

  @Test("work that ends by itself is begun again")
  func again() async {
    let count = Shared(Mutex(0))
    for store in [MemoryStore(), SharedMemory(MemoryStore(), clock: clock).node()] as [any SessionStore] {
      let pacer = Pacer()
      count.value.withLock { $0 = 0 }
      let task = ExclusiveTask("reaper", of: store, as: "a", clock: clock, pause: pacer.pause)
      let running = Task { await task.run { count.value.withLock { $0 += 1 } } }
      while count.value.withLock({ $0 }) < 3 { await pacer.tick() }
      running.cancel()
      await running.value
    }
  }
}
