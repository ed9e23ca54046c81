internal import RedisDriver
public import SessionCore
internal import Synchronization

/// A store in one server of Redis or Valkey, or in a Cluster of them, that many processes share.
///
/// What an answer promises is what the server promises: with `appendfsync everysec` a crash may lose the last second,
/// and a failover what the replica had not got. ``RedisStoreConfiguration/waitReplicas`` makes answers wait for
/// replicas.
///
/// Each session is a hash, `{sesame}:session:ID`, with readable fields; the event log is a stream, `{sesame}:log`.
/// On one server every verb is one script and so one step. In a Cluster the sessions lie in partitions, each of them in
/// one slot: a verb on one session is one script there, and what is about many sessions is put together from the
/// partitions' answers, each of one moment, but not all of the same.
public final class RedisStore: Sendable {
  let client: RedisClient
  let configuration: RedisStoreConfiguration
  let layout: RedisLayout
  let scripts: RedisScripts
  let drain: EventDrain
  let openings = OpeningQueue()
  private let isShutDown = Atomic<Bool>(false)

  /// The version of the layout of keys that this code works with.
  static let version = 1

  /// Opens the database at an address, and notes its version where it is new.
  ///
  /// - Parameters:
  ///   - address: `redis://[user:password@]host[:port][/database]`, or
  ///     `redis+cluster://[user:password@]host[:port],host[:port],…` with any servers of a Cluster.
  ///   - configuration: The settings.
  /// - Throws: `unavailable` if the address or the namespace is none, or the server can't be reached; `outdated` if the
  ///   database is new and that was forbidden, or it was made with another number of partitions; `corrupt` if it is of
  ///   a newer version.
  public init(
    address: String, configuration: RedisStoreConfiguration = RedisStoreConfiguration()
  ) async throws(StoreError) {
    guard RedisLayout.isNamespace(configuration.namespace) else {
      throw StoreError(
        .unavailable, "The session store's namespace must be 1 to 64 letters, digits, '_', '-', '.' and ':'.")
    }
    var driver = RedisConfiguration()
    driver.timeout = .milliseconds(max(1, configuration.timeout.milliseconds))
    driver.connectTimeout = min(.milliseconds(500), driver.timeout)
    driver.connections = max(1, configuration.connections)
    if let password = configuration.password { driver.password = password }
    do { client = try RedisClient(address: address, configuration: driver) } catch {
      if error.code == .address { throw StoreError(.unavailable, error.description, underlying: error) }
      throw StoreError(reading: error)
    }
    self.configuration = configuration
    layout = RedisLayout(
      namespace: configuration.namespace, isCluster: client.isCluster, partitions: configuration.clusterPartitions)
    scripts = RedisScripts(isSingle: layout.isSingle, retention: configuration.retention)
    drain = EventDrain(partitions: layout.partitions)
    do { try await open() } catch {
      await client.stop()
      throw error
    }
  }

  private func open() async throws(StoreError) {
    let answer = try await write(
      scripts.open, at: layout.root,
      [RedisArgument(Self.version), RedisArgument(layout.partitions), configuration.migrates ? "1" : "0"],
      by: deadline())
    guard let found = answer.asArray, found.count == 2, let version = found[0].asInteger,
      let partitions = found[1].asInteger
    else { throw .unreadable }
    guard version <= Self.version else {
      throw StoreError(
        .corrupt,
        "The session store is of version \(version), made by a newer program; this one knows \(Self.version).")
    }
    guard version == Self.version else {
      throw StoreError(
        .outdated, "The session store is of version \(version), and \(Self.version) is needed; migrating was forbidden."
      )
    }
    guard partitions == Int64(layout.partitions) else {
      throw StoreError(
        .corrupt, "The session store was made with \(partitions) partitions, and is opened with \(layout.partitions).")
    }
  }

  // MARK: For the verbs

  /// When a call that comes now must be answered.
  func deadline() -> ContinuousClock.Instant { .now + client.configuration.timeout }

  /// Runs a script that only reads, or writes what may as well be lost.
  func read(
    _ script: RedisScript, at tag: RedisArgument, _ arguments: [RedisArgument], by deadline: ContinuousClock.Instant
  ) async throws(StoreError) -> RedisReply {
    try await send(RedisCommand(script, keys: [tag], arguments), by: deadline)
  }

  /// Sends a command that only reads.
  func send(_ command: RedisCommand, by deadline: ContinuousClock.Instant) async throws(StoreError) -> RedisReply {
    try checkOpen()
    do { return try await client.send(command, deadline: deadline) } catch { throw StoreError(reading: error) }
  }

  /// Sends commands that only read, together.
  func send(_ commands: [RedisCommand], by deadline: ContinuousClock.Instant) async throws(StoreError) -> [RedisReply] {
    try checkOpen()
    if commands.isEmpty { return [] }
    do { return try await client.send(commands, deadline: deadline) } catch { throw StoreError(reading: error) }
  }

  /// Runs a script that writes, and waits for as many replicas as the configuration says.
  func write(
    _ script: RedisScript, at tag: RedisArgument, _ arguments: [RedisArgument], by deadline: ContinuousClock.Instant
  ) async throws(StoreError) -> RedisReply {
    try await write(RedisCommand(script, keys: [tag], arguments), by: deadline)
  }

  /// Sends a command that writes, and waits for as many replicas as the configuration says.
  func write(_ command: RedisCommand, by deadline: ContinuousClock.Instant) async throws(StoreError) -> RedisReply {
    try checkOpen()
    let wanted = configuration.waitReplicas
    do {
      if wanted <= 0 { return try await client.send(command, deadline: deadline) }
      let (reply, replicas) = try await client.send(
        command, waitingFor: wanted, atMost: .milliseconds(configuration.waitTimeout.milliseconds), deadline: deadline)
      guard replicas >= wanted else {
        throw StoreError(
          .unknownOutcome, "The session store has this, but \(replicas) of \(wanted) replicas have confirmed it.")
      }
      return reply
    } catch let error as RedisError { throw StoreError(writing: error) } catch let error as StoreError {
      throw error
    } catch { throw StoreError(.unknownOutcome, "The session store failed.", underlying: error) }
  }

  /// Throws after ``shutdown()``.
  func checkOpen() throws(StoreError) {
    if isShutDown.load(ordering: .acquiring) { throw StoreError(.closed, "The session store is shut down.") }
  }

  /// Whether every server takes writes; one small write in each partition.
  public func check() async throws(StoreError) {
    try checkOpen()
    let tags = layout.isSingle ? layout.tags : layout.tags + [layout.log]
    let commands = tags.map { tag in
      RedisCommand("SET", key: RedisArgument(tag.bytes + Array(":checked".utf8)), "1")
    }
    _ = try await send(commands, by: deadline())
  }

  /// Ends what is under way, and closes the connections.
  public func shutdown() async {
    isShutDown.store(true, ordering: .releasing)
    await client.stop()
  }
}
