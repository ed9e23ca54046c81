internal import Synchronization

/// Sends commands to one server of Redis or Valkey, or to a Cluster of them, and sends together what waits.
///
/// The protocol is RESP2 without TLS. A call is answered within its time, whatever the servers do. Cancelling the
/// caller's task changes nothing about that: the answer comes, or the error. While a server can't be reached, calls for
/// it fail at once, and a connection is tried four times a second.
public final class RedisClient: Sendable {
  /// The thread of subscriptions, which is started for the first.
  private struct Listening: Sendable {
    var thread: EngineThread?
    var isStopped = false
  }

  /// The settings.
  public let configuration: RedisConfiguration
  /// Whether the address names a Cluster.
  public var isCluster: Bool { settings.isCluster }

  private let settings: EngineSettings
  private let resolver: Resolver
  private let commands: EngineThread
  private let subscriptions = Mutex(Listening())
  private let subscriptionNumbers = Atomic<UInt64>(0)

  /// A client with its thread; connections are made when there is something to send.
  ///
  /// - Parameters:
  ///   - address: `redis://[user:password@]host[:port][/database]`, or
  ///     `redis+cluster://[user:password@]host[:port],host[:port],…` with any servers of a Cluster.
  ///   - configuration: The settings.
  /// - Throws: `address` if that can't be read, `stopped` if the system refuses a thread.
  public init(address: String, configuration: RedisConfiguration = RedisConfiguration()) throws(RedisError) {
    self.configuration = configuration
    settings = EngineSettings(address: try RedisAddress(address), configuration: configuration)
    resolver = try Resolver()
    commands = try EngineThread(name: "redis", settings, resolver, capacity: configuration.capacity)
  }

  deinit {
    commands.close()
    subscriptions.withLock { $0.thread?.close() }
  }

  /// Sends a command and waits for the answer.
  ///
  /// It is sent again only if it surely was not executed: the server refused it (as not its own, or still loading), or
  /// the connection broke before.
  ///
  /// - Parameters:
  ///   - command: What to ask.
  ///   - deadline: When to give up; the configured timeout from now on if `nil`.
  /// - Returns: The answer; never `error`.
  /// - Throws: The server's refusal, or why there is no answer.
  public func send(
    _ command: RedisCommand, deadline: ContinuousClock.Instant? = nil
  ) async throws(RedisError) -> RedisReply {
    let result = await withCheckedContinuation { continuation in
      submit(Submission(commands: [command], deadline: moment(deadline), answer: .reply(continuation)))
    }
    return try result.get()
  }

  /// Sends a command, and tells `then` the answer or why there is none.
  ///
  /// `then` is called once, on the thread of the connections or before this returns, and must be quick.
  ///
  /// - Parameters:
  ///   - command: What to ask.
  ///   - deadline: When to give up; the configured timeout from now on if `nil`.
  ///   - then: Told the answer, which is never `error`.
  public func send(
    _ command: RedisCommand, deadline: ContinuousClock.Instant? = nil,
    then: @escaping @Sendable (Result<RedisReply, RedisError>) -> Void
  ) {
    submit(Submission(commands: [command], deadline: moment(deadline), answer: .caller(then)))
  }

  /// Sends commands, all at once, and waits for all answers.
  ///
  /// Each may be executed or not, in any order: they have nothing in common but the sending.
  ///
  /// - Parameters:
  ///   - commands: What to ask.
  ///   - deadline: When to give up; the configured timeout from now on if `nil`.
  /// - Returns: The answers in the order of the commands; none is `error`.
  /// - Throws: The first command's failure that has one, when all are over.
  public func send(
    _ commands: [RedisCommand], deadline: ContinuousClock.Instant? = nil
  ) async throws(RedisError) -> [RedisReply] {
    guard !commands.isEmpty else { return [] }
    let result = await withCheckedContinuation { continuation in
      submit(Submission(commands: commands, deadline: moment(deadline), answer: .replies(continuation)))
    }
    return try result.get()
  }

  /// Sends a command, and waits until replicas have it, too.
  ///
  /// Commands that wait at the same time share one `WAIT` (https://redis.io/docs/latest/commands/wait/).
  ///
  /// - Parameters:
  ///   - command: What to ask.
  ///   - replicas: How many replicas to wait for.
  ///   - wait: For how long, as far as the deadline allows.
  ///   - deadline: When to give up; the configured timeout from now on if `nil`.
  /// - Returns: The answer, and how many replicas have acknowledged it, which may be fewer or more.
  /// - Throws: The server's refusal, or why there is no answer.
  public func send(
    _ command: RedisCommand, waitingFor replicas: Int, atMost wait: Duration, deadline: ContinuousClock.Instant? = nil
  ) async throws(RedisError) -> (reply: RedisReply, replicas: Int) {
    let wish = ReplicaWish(count: max(0, replicas), wait: wait)
    let result = await withCheckedContinuation { continuation in
      submit(
        Submission(
          commands: [command], deadline: moment(deadline), replicas: wish, answer: .acknowledged(continuation)))
    }
    return try result.get()
  }

  /// Listens to channels on connections of their own, and follows them when connections break or servers change.
  ///
  /// On a Cluster the channels are those of `SPUBLISH`, each on the server that has its slot; on one server those of
  /// `PUBLISH`. A connection that is lost is made again without end, at least four times a second.
  ///
  /// That something published comes back proves no more than that this server passes it on: a primary that the rest of
  /// its Cluster has replaced still does so, unless what publishes is a script that also writes, which such a server
  /// refuses after its node timeout.
  ///
  /// - Parameters:
  ///   - channels: Their names.
  ///   - listener: Hears the events one after another, on a thread that all subscriptions of this client share: it must
  ///     be quick.
  /// - Returns: What ends it.
  /// - Throws: `stopped`, also if the system refuses a thread.
  public func subscribe(
    to channels: [String], _ listener: @escaping @Sendable (RedisSubscriptionEvent) -> Void
  ) throws(RedisError) -> RedisSubscription {
    let thread = try subscriptions.withLock { listening throws(RedisError) in
      guard !listening.isStopped else { throw RedisError(.stopped, "The client is stopped.") }
      if let thread = listening.thread { return thread }
      let thread = try EngineThread(name: "redis-listen", settings, resolver, capacity: 1)
      listening.thread = thread
      return thread
    }
    let number = subscriptionNumbers.add(1, ordering: .relaxed).newValue
    guard thread.inbox.post(.subscribe(SubscriptionRequest(number: number, channels: channels, listener: listener)))
    else { throw RedisError(.stopped, "The client is stopped.") }
    return RedisSubscription { _ = thread.inbox.post(.cancel(number: number)) }
  }

  /// Ends what is under way with `stopped`, closes all connections and lets the threads go.
  ///
  /// May be called again.
  public func stop() async {
    let listening = subscriptions.withLock { listening in
      listening.isStopped = true
      return listening.thread
    }
    await commands.stop()
    await listening?.stop()
    await resolver.stop()
  }

  private func submit(_ submission: Submission) {
    do throws(RedisError) { try commands.inbox.submit(submission) } catch { submission.fail(error) }
  }

  private func moment(_ deadline: ContinuousClock.Instant?) -> Moment {
    deadline.map { Moment($0) } ?? .now + configuration.timeout
  }
}
