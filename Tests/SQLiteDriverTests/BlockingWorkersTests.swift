import BlockingIO
import Dispatch
import Glibc
import Synchronization
import Testing

@Suite("Threads for what blocks") struct BlockingWorkersTests {
  /// What the workers did.
  private final class Log: Sendable {
    let batches = Mutex<[[Int]]>([])
  }

  @Test("jobs that are waiting are taken together, in order, up to the limit")
  func batches() async throws {
    let log = Log()
    let (started, hasStarted) = AsyncStream<Void>.makeStream()
    let release = Gate()
    let workers = try BlockingWorkers<Int>(name: "test", capacity: 100, batchLimit: 4) { _ in
      { jobs in
        log.batches.withLock { $0.append(jobs) }
        hasStarted.yield()
        if jobs == [0] { release.wait() }
      }
    }
    try workers.submit(0)
    for await _ in started { break }
    for job in 1...10 { try workers.submit(job) }
    release.open()
    await workers.stop()
    #expect(log.batches.withLock { $0 } == [[0], [1, 2, 3, 4], [5, 6, 7, 8], [9, 10]])
  }

  @Test("a full queue refuses, and takes again when there is room")
  func bound() async throws {
    let release = Gate()
    let (started, hasStarted) = AsyncStream<Void>.makeStream()
    let workers = try BlockingWorkers<Int>(name: "test", capacity: 2) { _ in
      { jobs in
        if jobs == [0] {
          hasStarted.yield()
          release.wait()
        }
      }
    }
    try workers.submit(0)
    for await _ in started { break }
    try workers.submit(1)
    try workers.submit(2)
    #expect(workers.waiting == 2)
    let refusal = #expect(throws: BlockingIOError.self) { try workers.submit(3) }
    #expect(refusal?.code == .queueFull)
    release.open()
    await workers.stop()
  }

  @Test("stopping finishes what was accepted, lets go of what the threads owned, and refuses the rest")
  func stop() async throws {
    final class Owned: Sendable {
      let onEnd: @Sendable () -> Void
      init(_ onEnd: @escaping @Sendable () -> Void) { self.onEnd = onEnd }
      deinit { onEnd() }
    }
    let box = Counters()
    let workers = try BlockingWorkers<Int>(name: "test", threads: 3, capacity: 1000) { _ in
      let owned = Owned { box.ended.withLock { $0 += 1 } }
      return { jobs in
        withExtendedLifetime(owned) { box.done.withLock { $0 += jobs.count } }
      }
    }
    for job in 0..<500 { try workers.submit(job) }
    await workers.stop()
    #expect(box.done.withLock { $0 } == 500)
    #expect(box.ended.withLock { $0 } == 3)
    let refusal = #expect(throws: BlockingIOError.self) { try workers.submit(1) }
    #expect(refusal?.code == .stopped)
    await workers.stop()
  }

  @Test(
    "threads in the background are as nice as can be, and the others as nice as the process",
    arguments: [
      (ThreadPriority.normal, getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0)), (.background, 19),
    ])
  func priority(_ priority: ThreadPriority, niceness: Int32) async throws {
    let (seen, hasSeen) = AsyncStream<Int32>.makeStream()
    let workers = try BlockingWorkers<Void>(name: "test", capacity: 1, priority: priority) { _ in
      { _ in hasSeen.yield(getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0)) }
    }
    try workers.submit(())
    for await number in seen {
      #expect(number == niceness)
      break
    }
    await workers.stop()
  }

  private final class Counters: Sendable {
    let done = Mutex(0)
    let ended = Mutex(0)
  }
}

/// Holds a thread until a test lets it go.
private final class Gate: Sendable {
  private let semaphore = DispatchSemaphore(value: 0)

  func wait() { semaphore.wait() }
  func open() { semaphore.signal() }
}
