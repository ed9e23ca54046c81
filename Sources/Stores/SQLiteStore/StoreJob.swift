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
      run(on: workers, work) { continuation.resume(returning: $0) }
    }
    return try outcome.get()
  }

  /// Gives work to `workers`, which tell `then` the outcome, once; at once if they refuse it.
  static func run<Result: Sendable>(
    on workers: BlockingWorkers<StoreJob>, _ work: @escaping @Sendable (Context) throws(StoreError) -> Result,
    then: @escaping @Sendable (Swift.Result<Result, StoreError>) -> Void
  ) {
    let job = StoreJob { context in
      let outcome: Swift.Result<Result, StoreError>
      do throws(StoreError) { outcome = .success(try work(context)) } catch { outcome = .failure(error) }
      return { failure in then(failure.map(Swift.Result.failure) ?? outcome) }
    } refuse: { error in
      then(.failure(error))
    }
    do throws(BlockingIOError) { try workers.submit(job) } catch { then(.failure(StoreError(error))) }
  }
}
