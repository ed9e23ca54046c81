internal import MongoDriver
public import SessionCore
internal import Synchronization

/// A store in MongoDB, which several nodes share: a replica set of version 4.4 or later.
///
/// An answered write is known to a majority of the replica set, and survives a failover. Each node writes on one
/// thread, which takes all writes that are waiting into one transaction; reads are made of the primary, and of what a
/// majority has.
///
/// The documents can be read with `mongosh`.
public final class MongoStore: SessionStore {
  let pool: MongoPool
  let database: String
  let configuration: MongoStoreConfiguration
  let health: ServerHealth
  let deadlines: CallDeadlines
  private let writer: MongoThreads<WriteJob>
  /// What reads one thing has threads of its own: lists and counts take their time, and must not hold up those who
  /// wait to be let in.
  private let finders: MongoThreads<ReadJob>
  private let readers: MongoThreads<ReadJob>
  let isShutDown = Atomic(false)

  /// Connects to a replica set, and brings its collections and indexes up to date.
  ///
  /// Throws `outdated` if that was forbidden and is needed, or if the schema is newer, and `unavailable` if the server
  /// can't be reached, or is no replica set. A store must be shut down: its threads end no other way.
  ///
  /// - Parameters:
  ///   - address: a `mongodb://` address: hosts, and what the driver is to know of TLS and authentication.
  ///   - configuration: what can be chosen.
  /// - Throws: if the server can't serve as a store.
  public init(address: String, configuration: MongoStoreConfiguration = MongoStoreConfiguration())
    async throws(StoreError)
  {
    self.configuration = configuration
    var options = MongoOptions()
    options.password = configuration.password
    do {
      let connections = max(4, configuration.connections)
      options.answerTimeout = max(50, configuration.timeout.milliseconds)
      options.connections = connections + 2
      // With the default time-out 500 and 400 ms; who waits longer for an answer waits longer for these, too.
      options.connectTimeout = max(500, configuration.timeout.milliseconds * 5 / 8)
      options.selectionTimeout = max(400, configuration.timeout.milliseconds / 2)
      let pool = try MongoPool(address: address, options: options)
      self.pool = pool
      let database = configuration.namespace ?? pool.database ?? "sesame"
      self.database = database
      options.answerTimeout = min(250, options.answerTimeout)
      options.selectionTimeout = 200
      options.connectTimeout = 250
      options.connections = 1
      let health = try ServerHealth(MongoPool(address: address, options: options), database: database)
      self.health = health
      deadlines = try CallDeadlines(timeout: configuration.timeout) {
        health.fail(StoreError(.unavailable, "The session store does not answer."))
      }
      let capacity = configuration.queueCapacity
      writer = try MongoThreads(
        name: "mongo-write", threads: 1, capacity: capacity, batchLimit: configuration.batchLimit
      ) {
        MongoWriter(pool, database: database, configuration: configuration, health: health).handle
      }
      finders = try MongoThreads(name: "mongo-find", threads: 2, capacity: capacity, batchLimit: 100) {
        MongoReader(pool, database: database, health: health).handle
      }
      readers = try MongoThreads(name: "mongo-read", threads: connections - 3, capacity: capacity, batchLimit: 1) {
        MongoReader(pool, database: database, health: health).handle
      }
    } catch {
      throw StoreError(error)
    }
    do {
      try await prepare(address, options)
    } catch {
      await shutdown()
      throw error
    }
  }

  // MARK: Calls

  /// Has the writer do something in its next transaction.
  func write<Result: Sendable>(
    _ needs: WriteJob.Needs = WriteJob.Needs(), _ work: @escaping @Sendable (WriteBatch) throws(StoreError) -> Result
  ) async throws(StoreError) -> Result {
    try await call { (call) throws(MongoError) in
      try self.writer.submit(
        WriteJob(call: call, needs: needs) { batch in
          let outcome: Swift.Result<Result, StoreError>
          do throws(StoreError) { outcome = .success(try work(batch)) } catch { outcome = .failure(error) }
          let isFailure = if case .failure = outcome { true } else { false }
          return WriteJob.Outcome(isFailure: isFailure) { call.answer(outcome) }
        })
    }
  }

  /// Reads something that takes its time.
  func read<Result: Sendable>(
    _ work: @escaping @Sendable (MongoReader) throws(StoreError) -> Result
  ) async throws(StoreError) -> Result {
    try await run(on: readers) { (reader, _) throws(StoreError) in try work(reader) }
  }

  /// Reads one thing by an index.
  func find<Result: Sendable>(
    _ work: @escaping @Sendable (MongoReader) throws(StoreError) -> Result
  ) async throws(StoreError) -> Result {
    try await run(on: finders) { (reader, _) throws(StoreError) in try work(reader) }
  }

  /// Writes one thing, in no transaction.
  func set<Result: Sendable>(
    _ work: @escaping @Sendable (MongoReader, any PendingCall) throws(StoreError) -> Result
  ) async throws(StoreError) -> Result {
    try await run(on: finders, work)
  }

  /// Writes many things, in no transaction, where it is in nobody's way.
  func work<Result: Sendable>(
    _ work: @escaping @Sendable (MongoReader, any PendingCall) throws(StoreError) -> Result
  ) async throws(StoreError) -> Result {
    try await run(on: readers, work)
  }

  private func run<Result: Sendable>(
    on threads: MongoThreads<ReadJob>,
    _ work: @escaping @Sendable (MongoReader, any PendingCall) throws(StoreError) -> Result
  ) async throws(StoreError) -> Result {
    try await call { (call) throws(MongoError) in
      try threads.submit(
        .work(call) { reader in
          do throws(StoreError) { call.answer(.success(try work(reader, call))) } catch { call.refuse(error) }
        })
    }
  }

  /// Looks whether the server will do, and brings it up to date.
  ///
  /// An index on many documents takes its time, so this has no deadline but one for each answer, and a connection of
  /// its own.
  private func prepare(_ address: String, _ options: MongoOptions) async throws(StoreError) {
    let pool: MongoPool
    do throws(MongoError) {
      var options = options
      (options.answerTimeout, options.connections) = (30_000, 1)
      (options.connectTimeout, options.selectionTimeout) = (5000, 5000)
      pool = try MongoPool(address: address, options: options)
    } catch { throw StoreError(error) }
    let (database, migrates) = (database, configuration.migrates)
    try await call(hasDeadline: false) { (call) throws(MongoError) in
      try readers.submit(
        .work(call) { _ in
          do throws(StoreError) {
            guard let client = pool.client() else {
              throw StoreError(.unavailable, "The session store has no connection left.")
            }
            try MongoSchema.check(client)
            try MongoSchema.apply(to: database, through: client, migrates: migrates)
            call.answer(.success(()))
          } catch { call.refuse(error) }
        })
    }
  }

  /// Makes a call, submits it, and waits for its answer, which comes in time whatever happens.
  ///
  /// The caller's cancellation changes nothing.
  private func call<Result: Sendable>(
    hasDeadline: Bool = true, _ submit: (StoreCall<Result>) throws(MongoError) -> Void
  ) async throws(StoreError) -> Result {
    guard !isShutDown.load(ordering: .acquiring) else { throw StoreError(.closed, "The session store is shut down.") }
    try health.check()
    let outcome: Swift.Result<Result, StoreError> = await withCheckedContinuation { continuation in
      let call = StoreCall(continuation)
      do throws(MongoError) { try submit(call) } catch { call.refuse(StoreError(error)) }
      if hasDeadline { deadlines.watch(call) }
    }
    return try outcome.get()
  }

  /// The session as stored; all that wait at once are read with one command.
  public func session(_ id: SessionID) async throws(StoreError) -> Session? {
    try await call { (call) throws(MongoError) in try self.finders.submit(.session(id, call)) }
  }

  /// Whether the server takes writes, and a majority follows it; stores nothing.
  ///
  /// A primary that a majority has left for another goes on answering reads for some seconds. A write that changes
  /// nothing has to be known to a majority all the same
  /// (https://www.mongodb.com/docs/manual/reference/write-concern/#acknowledgment-behavior).
  public func check() async throws(StoreError) {
    try await set { (reader, call) throws(StoreError) in
      _ = try reader.write(
        [
          "update": "meta", "updates": [["q": ["_id": "schema"], "u": ["$max": ["version": .int64(0)]]]],
          "writeConcern": ["w": "majority"],
        ], for: call)
    }
  }

  /// Finishes what was accepted, and closes the connections.
  public func shutdown() async {
    isShutDown.store(true, ordering: .releasing)
    await finders.stop()
    await readers.stop()
    await writer.stop()
    await health.stop()
    await deadlines.stop()
  }
}
