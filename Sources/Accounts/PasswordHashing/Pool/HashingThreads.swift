internal import BlockingIO
internal import Synchronization

/// Threads of low priority that compute hashes, and refuse what they can't begin in time.
///
/// At most as many hashes are computed at once as there are threads, and at most as many wait as the queue holds, and
/// as will have their turn in time at the pace of the last hashes: whoever can't is better told so at once.
struct HashingThreads: Sendable {
  private struct Job: Sendable {
    let deadline: ContinuousClock.Instant
    /// Answers whoever waits; with nothing if its turn came too late.
    let take: @Sendable (_ isLate: Bool) -> Void
  }

  /// How long a hash takes: an average in which the last one weighs a quarter.
  private final class Pace: Sendable {
    private let time = Mutex<Duration?>(nil)

    var hash: Duration { time.withLock { $0 ?? .zero } }

    func note(_ taken: Duration) { time.withLock { time in time = time.map { $0 + (taken - $0) / 4 } ?? taken } }
  }

  private let workers: BlockingWorkers<Job>
  private let pace = Pace()
  private let threads: Int
  private let capacity: Int
  private let patience: Duration
  private let now: @Sendable () -> ContinuousClock.Instant

  init(_ limits: PasswordPool.Limits, now: @escaping @Sendable () -> ContinuousClock.Instant)
    throws(PasswordHashingError)
  {
    do {
      workers = try BlockingWorkers(
        name: "passwords", threads: limits.threads, capacity: limits.waiting, priority: .background
      ) { _ in
        { jobs in for job in jobs { job.take(now() > job.deadline) } }
      }
    } catch {
      throw PasswordHashingError(.noThread, "Threads for hashing passwords can't be started: \(error)")
    }
    threads = limits.threads
    capacity = limits.waiting
    patience = limits.patience
    self.now = now
  }

  /// Runs `work` on one of the threads; `nil` if the queue is full, its turn would come or came too late, or the
  /// threads are stopped.
  ///
  /// Cancellation changes nothing: who asked is answered when the work is done.
  func run<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result? {
    guard hasRoom else { return nil }
    return await withCheckedContinuation { continuation in
      let job = Job(deadline: now() + patience) { isLate in
        guard !isLate else { return continuation.resume(returning: nil) }
        let start = now()
        let result = work()
        pace.note(now() - start)
        continuation.resume(returning: result)
      }
      do { try workers.submit(job) } catch { continuation.resume(returning: nil) }
    }
  }

  /// How many can be computed or wait at once.
  var places: Int { threads + min(capacity, 1_000_000) }

  /// Whether whoever comes now would have a turn in time.
  var hasRoom: Bool {
    let waiting = waiting
    // Where nobody waits one is let in at any pace, or a slow hash would shut the door for good.
    return waiting == 0 || waiting < capacity && pace.hash * (waiting / threads + 1) <= patience
  }

  /// How many wait for their turn.
  var waiting: Int { workers.waiting }

  /// Finishes what was accepted, and ends the threads.
  func stop() async { await workers.stop() }
}
