internal import BlockingIO

/// Connections to one server, each on a thread of its own, and what is asked of them from many tasks.
///
/// What waits goes together: finds in one round trip, writes in one transaction. Every call is answered within the
/// timeout, counted from when it is made. When the server can't be reached, calls fail at once, and a thread tries to
/// reach it again several times a second.
///
/// A client must be shut down: its threads end no other way. The caller's cancellation changes nothing.
public final class PostgreSQLClient: Sendable {
  private let configuration: PostgreSQLClientConfiguration
  private let watch: ServerWatch
  private let writer: BlockingWorkers<WriteJob>
  private let finders: BlockingWorkers<FindJob>
  private let readers: BlockingWorkers<ReadJob>
  private let writerHealth = ServerHealth()
  private let finderHealth = ServerHealth()
  private let readerHealth = ServerHealth()
  private let stop = StopFlag()

  /// Starts the threads; connections are made when they are needed.
  ///
  /// Throws `busy` if the system refuses a thread.
  public init(_ configuration: PostgreSQLClientConfiguration) throws(PostgreSQLError) {
    self.configuration = configuration
    let (writerHealth, finderHealth, readerHealth) = (writerHealth, finderHealth, readerHealth)
    let capacity = configuration.queueCapacity
    do throws(BlockingIOError) {
      let watch = try ServerWatch(configuration, [writerHealth, finderHealth, readerHealth])
      self.watch = watch
      writer = try BlockingWorkers(name: "pg-write", capacity: capacity, batchLimit: configuration.batchLimit) { _ in
        let keeper = ConnectionKeeper(configuration, settings: [], writerHealth, watch)
        return GroupWriter(configuration, keeper).handle
      }
      finders = try BlockingWorkers(
        name: "pg-find", threads: configuration.finders, capacity: capacity, batchLimit: configuration.batchLimit
      ) { _ in
        let settings = configuration.readerSettings
        let keeper = ConnectionKeeper(configuration, settings: settings, finderHealth, watch)
        return Finder(configuration, keeper).handle
      }
      readers = try BlockingWorkers(name: "pg-read", threads: configuration.readers, capacity: capacity) { _ in
        let settings = configuration.readerSettings
        let keeper = ConnectionKeeper(configuration, settings: settings, readerHealth, watch)
        return { jobs in for job in jobs { job.perform(keeper) } }
      }
    } catch {
      throw PostgreSQLError(.busy, error.description)
    }
  }

  /// How many writes wait for their turn.
  public var waitingWrites: Int { writer.waiting }

  /// Whether ``shutdown()`` was called.
  public var isStopping: Bool { stop.isSet }

  private var deadline: ContinuousClock.Instant { .now + configuration.timeout }

  /// Writes in one transaction with all others that wait, under the lock of the configuration.
  ///
  /// `read` is called with the rows of each statement, after the commit. If the server refuses a statement, none of
  /// these had an effect; an error says whether they may have been stored.
  public func write<Answer: Sendable>(
    _ statements: [PostgreSQLStatement], _ read: @escaping @Sendable ([PostgreSQLRows]) -> Answer
  ) async throws(PostgreSQLError) -> Answer {
    try await submit(to: writer, writerHealth) { [deadline] answer in
      WriteJob(statements: statements, deadline: deadline) { outcome in answer(outcome.map(read)) }
    }
  }

  /// Runs one short statement, in one round trip with all others that wait.
  public func find<Answer: Sendable>(
    _ statement: PostgreSQLStatement, _ read: @escaping @Sendable (PostgreSQLRows) -> Answer
  ) async throws(PostgreSQLError) -> Answer {
    try await submit(to: finders, finderHealth) { [deadline] answer in
      FindJob(question: .statement(statement), deadline: deadline) { outcome in
        answer(outcome.map { rows, _ in read(rows) })
      }
    }
  }

  /// Finds the row of a key by the configuration's statement, which takes all keys that wait at once; `nil` if there
  /// is none.
  public func lookUp<Answer: Sendable>(
    _ key: [UInt8], _ read: @escaping @Sendable (PostgreSQLRow?) -> Answer
  ) async throws(PostgreSQLError) -> Answer {
    let outcome = await withCheckedContinuation { continuation in
      lookUp(key, read) { continuation.resume(returning: $0) }
    }
    return try outcome.get()
  }

  /// As ``lookUp(_:_:)``, but tells `then` the outcome: once, on the thread that finds or before this returns.
  public func lookUp<Answer: Sendable>(
    _ key: [UInt8], _ read: @escaping @Sendable (PostgreSQLRow?) -> Answer,
    then: @escaping @Sendable (Result<Answer, PostgreSQLError>) -> Void
  ) {
    submit(
      to: finders, finderHealth,
      { [deadline] answer in
        FindJob(question: .key(key), deadline: deadline) { outcome in
          answer(outcome.map { rows, row in read(row.map { rows[$0] }) })
        }
      }, then: then)
  }

  /// Does what takes several round trips, or long, on a connection of its own.
  ///
  /// `body` may be called a second time, if somebody ended the connection. The timeout is that of the configuration,
  /// unless another is given, which to connect may take, too.
  public func read<Answer: Sendable>(
    within timeout: Duration? = nil,
    _ body: @escaping @Sendable (PostgreSQLConnection) throws(PostgreSQLError) -> Answer
  ) async throws(PostgreSQLError) -> Answer {
    let deadline = ContinuousClock.now + (timeout ?? configuration.timeout)
    let reserve = configuration.reserve
    return try await submit(to: readers, readerHealth) { answer in
      ReadJob { keeper in
        do throws(PostgreSQLError) {
          guard deadline > .now + reserve else { throw PostgreSQLError(.busy, "The time was over before it began.") }
          answer(.success(try keeper.read(until: deadline, connectingWithin: timeout, body)))
        } catch {
          answer(.failure(error))
        }
      }
    }
  }

  private func submit<Job: Sendable, Answer: Sendable>(
    to workers: BlockingWorkers<Job>, _ health: ServerHealth,
    _ makeJob: (@escaping @Sendable (Result<Answer, PostgreSQLError>) -> Void) -> Job
  ) async throws(PostgreSQLError) -> Answer {
    let outcome: Result<Answer, PostgreSQLError> = await withCheckedContinuation { continuation in
      submit(to: workers, health, makeJob) { continuation.resume(returning: $0) }
    }
    return try outcome.get()
  }

  private func submit<Job: Sendable, Answer: Sendable>(
    to workers: BlockingWorkers<Job>, _ health: ServerHealth,
    _ makeJob: (@escaping @Sendable (Result<Answer, PostgreSQLError>) -> Void) -> Job,
    then: @escaping @Sendable (Result<Answer, PostgreSQLError>) -> Void
  ) {
    if stop.isSet { return then(.failure(.stopped)) }
    if let problem = health.problem {
      return then(.failure(PostgreSQLError(.unreachable, problem.description, state: problem.state)))
    }
    do throws(BlockingIOError) { try workers.submit(makeJob(then)) } catch { then(.failure(PostgreSQLError(error))) }
  }

  /// Refuses further calls, finishes what was accepted, and closes the connections.
  public func shutdown() async {
    stop.set()
    await writer.stop()
    await finders.stop()
    await readers.stop()
    await watch.end()
  }
}

extension PostgreSQLError {
  init(_ error: BlockingIOError) {
    switch error.code {
    case .stopped: self = .stopped
    default: self.init(.busy, error.description)
    }
  }
}
