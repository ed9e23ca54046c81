internal import BlockingIO

/// Threads of low priority that compute hashes, and refuse what they can't begin in time.
///
/// At most as many hashes are computed at once as there are threads, and at most as many wait as the queue holds.
struct HashingThreads: Sendable {
  private struct Job: Sendable {
    let deadline: ContinuousClock.Instant
    /// Answers whoever waits; with nothing if its turn came too late.
    let take: @Sendable (_ isLate: Bool) -> Void
  }

  private let workers: BlockingWorkers<Job>
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
    patience = limits.patience
    self.now = now
  }

  /// Runs `work` on one of the threads; `nil` if the queue is full, its turn came too late, or the threads are stopped.
  ///
  /// Cancellation changes nothing: who asked is answered when the work is done.
  func run<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result? {
    await withCheckedContinuation { continuation in
      let job = Job(deadline: now() + patience) { continuation.resume(returning: $0 ? nil : work()) }
      do { try workers.submit(job) } catch { continuation.resume(returning: nil) }
    }
  }

  /// How many wait for their turn.
  var waiting: Int { workers.waiting }

  /// Finishes what was accepted, and ends the threads.
  func stop() async { await workers.stop() }
}
