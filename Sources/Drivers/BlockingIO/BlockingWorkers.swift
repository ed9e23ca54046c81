internal import Glibc

/// Threads of one's own for calls that block, fed from one bounded queue.
///
/// Swift's cooperative threads must never wait for a disk or a server: a job goes to one of these threads instead,
/// and answers through a continuation that it carries. A thread takes what is waiting, up to the batch limit, in the
/// order of its coming.
public final class BlockingWorkers<Job: Sendable>: Sendable {
  private struct State: Sendable {
    /// Waiting jobs; those before `first` are taken already.
    var jobs: [Job] = []
    var first = 0
    var idle = 0
    var running = 0
    var isStopping = false
    var stopWaiters: [CheckedContinuation<Void, Never>] = []

    var waiting: Int { jobs.count - first }

    mutating func take(_ limit: Int) -> [Job] {
      guard first > 0 || waiting > limit else {
        defer { jobs = [] }
        return jobs
      }
      let end = min(jobs.count, first + limit)
      let taken = Array(jobs[first..<end])
      first = end
      if first == jobs.count {
        jobs.removeAll(keepingCapacity: true)
        first = 0
      } else if first > 1024, first > jobs.count / 2 {
        jobs.removeSubrange(..<first)
        first = 0
      }
      return taken
    }
  }

  private let monitor = Monitor(State())
  private let capacity: Int
  private let batchLimit: Int

  /// Starts the threads.
  ///
  /// `makeWorker` runs on each thread first, with the thread's number, and answers what handles that thread's
  /// batches: what it captures belongs to that thread alone, and is let go of when the thread ends.
  ///
  /// - Parameters:
  ///   - name: Shown by `ps` and debuggers; cut to 15 bytes.
  ///   - threads: How many, 1 or more.
  ///   - capacity: How many jobs may wait.
  ///   - batchLimit: How many jobs a thread takes at once.
  ///   - priority: The threads' claim to a core; for work that computes for long, `background`.
  ///   - makeWorker: Makes the handler of one thread.
  /// - Throws: `noThread` if a thread is refused; those already started are stopped.
  public init(
    name: String, threads: Int = 1, capacity: Int, batchLimit: Int = 1, priority: ThreadPriority = .normal,
    makeWorker: @escaping @Sendable (_ thread: Int) -> ([Job]) -> Void
  ) throws(BlockingIOError) {
    self.capacity = max(1, capacity)
    self.batchLimit = max(1, batchLimit)
    for number in 0..<max(1, threads) {
      monitor.withLock { $0.running += 1 }
      do {
        try SystemThread.start(name: name, priority: priority) { [self] in serve { makeWorker(number) } }
      } catch {
        monitor.withLock { state in
          state.running -= 1
          state.isStopping = true
        }
        monitor.broadcast()
        throw error
      }
    }
  }

  /// Puts a job at the end of the queue, or throws `queueFull` or `stopped`; never waits.
  public func submit(_ job: Job) throws(BlockingIOError) {
    let hasIdle = try monitor.withLock { state throws(BlockingIOError) in
      guard !state.isStopping else { throw BlockingIOError(.stopped, "The workers are stopped.") }
      guard state.waiting < capacity else {
        throw BlockingIOError(.queueFull, "\(state.waiting) jobs are waiting, which is as many as may.")
      }
      state.jobs.append(job)
      return state.idle > 0
    }
    if hasIdle { monitor.signal() }
  }

  /// How many jobs wait.
  public var waiting: Int { monitor.withLock { $0.waiting } }

  /// Refuses further jobs, finishes those accepted, ends the threads, and returns when they are gone.
  ///
  /// May be called again.
  public func stop() async {
    await withCheckedContinuation { continuation in
      let isOver = monitor.withLock { state in
        state.isStopping = true
        if state.running > 0 { state.stopWaiters.append(continuation) }
        return state.running == 0
      }
      monitor.broadcast()
      if isOver { continuation.resume() }
    }
  }

  private func serve(_ makeWorker: () -> ([Job]) -> Void) {
    do {
      // The handler, and all it owns, is gone before anyone hears that the thread is.
      let handle = makeWorker()
      while let batch = nextBatch() { handle(batch) }
    }
    let waiters = monitor.withLock { state -> [CheckedContinuation<Void, Never>] in
      state.running -= 1
      guard state.running == 0 else { return [] }
      defer { state.stopWaiters = [] }
      return state.stopWaiters
    }
    for waiter in waiters { waiter.resume() }
  }

  /// Waits for jobs; `nil` when the workers are stopped and nothing is left to do.
  private func nextBatch() -> [Job]? {
    var isIdle = false
    return monitor.wait { state -> [Job]?? in
      if state.waiting == 0, !state.isStopping {
        if !isIdle { state.idle += 1 }
        isIdle = true
        return nil
      }
      if isIdle { state.idle -= 1 }
      return .some(state.waiting > 0 ? state.take(batchLimit) : nil)
    }
  }
}
