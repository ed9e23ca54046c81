internal import BlockingIO
internal import SessionCore

/// A piece of work for a thread that owns a `Context`, and the answer that it owes to the task that waits for it.
struct StoreJob<Context>: Sendable {
  /// Tells the waiting task: the outcome of the work, or the failure if one is given, which undid it.
  typealias Answer = (StoreError?) -> Void

  /// Does the work; the answer is to be called exactly once, when the work is as durable as it gets.
  let perform: @Sendable (Context) -> Answer
  /// Tells the waiting task that the work was not even tried.
  let refuse: @Sendable (StoreError) -> Void

  /// Gives work to `workers`, and waits for the answer.
  ///
  /// The caller's cancellation changes nothing.
  static func run<Result: Sendable>(
    on workers: BlockingWorkers<StoreJob>, _ work: @escaping @Sendable (Context) throws(StoreError) -> Result
  ) async throws(StoreError) -> Result {
    let outcome: Swift.Result<Result, StoreError> = await withCheckedContinuation { continuation in
      let job = StoreJob { context in
        let outcome: Swift.Result<Result, StoreError>
        do throws(StoreError) { outcome = .success(try work(context)) } catch { outcome = .failure(error) }
        return { failure in continuation.resume(returning: failure.map(Swift.Result.failure) ?? outcome) }
      } refuse: { error in
        continuation.resume(returning: .failure(error))
      }
      do throws(BlockingIOError) { try workers.submit(job) } catch {
        continuation.resume(returning: .failure(StoreError(error)))
      }
    }
    return try outcome.get()
  }
}
