internal import Dispatch

/// Runs blocking calls of a test on threads of their own, so that they don't hold up the pool that everything else needs.
public final class BlockingExecutor: TaskExecutor {
  private let queue = DispatchQueue(label: "blocking", attributes: .concurrent)

  private init() {}

  /// The one for all tests.
  public static let shared = BlockingExecutor()

  /// Runs the job on a thread that may block.
  public func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { [self] in unsafe job.runSynchronously(on: asUnownedTaskExecutor()) }
  }
}

/// Runs `body` where blocking clients such as ``RawHTTPClient`` may wait.
public func onBlockingThread<Result>(_ body: () async throws -> Result) async rethrows -> Result {
  try await withTaskExecutorPreference(BlockingExecutor.shared) { try await body() }
}
