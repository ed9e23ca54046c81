internal import Glibc

/// Runs each job of a test on a thread of its own, so that blocking calls don't hold up the pool that everything else
/// needs.
///
/// Dispatch's queues would not do: they have no more threads than the machine has cores.
public final class BlockingExecutor: TaskExecutor {
  private init() {}

  /// The one for all tests.
  public static let shared = BlockingExecutor()

  /// Runs the job on a new thread, which may block.
  public func enqueue(_ job: consuming ExecutorJob) {
    let pointer = unsafe unsafeBitCast(UnownedJob(job), to: UnsafeMutableRawPointer.self)
    var thread = pthread_t()
    let result = unsafe pthread_create(
      &thread, nil,
      { pointer in
        guard let pointer = unsafe pointer else { return nil }
        let job = unsafe unsafeBitCast(pointer, to: UnownedJob.self)
        unsafe job.runSynchronously(on: BlockingExecutor.shared.asUnownedTaskExecutor())
        return nil
      }, pointer)
    precondition(result == 0, "no thread for a test's blocking call")
    pthread_detach(thread)
  }
}

/// Runs `body` where blocking clients such as ``RawHTTPClient`` may wait.
public func onBlockingThread<Result: Sendable>(
  _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result {
  try await Task(executorPreference: BlockingExecutor.shared) { try await body() }.value
}
