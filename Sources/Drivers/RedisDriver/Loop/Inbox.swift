import Synchronization

/// What other threads hand to the one that owns the connections.
final class Inbox: Sendable {
  enum Message: Sendable {
    case submission(Submission)
    case resolved(host: String, [SocketAddress])
    case subscribe(SubscriptionRequest)
    case cancel(number: UInt64)
  }

  private struct State: Sendable {
    var messages: [Message] = []
    var underWay = Load()
    var isAwake = false
    var isClosed = false
  }

  /// Commands, and the bytes that they hold.
  struct Load: Sendable {
    var commands = 0
    var bytes = 0

    mutating func add(_ command: RedisCommand) {
      commands += 1
      bytes += command.encoded.count
    }
  }

  let wake: WakeDescriptor
  private let state = Mutex(State())
  private let capacity: Int
  private let byteCapacity: Int

  init(capacity: Int, byteCapacity: Int) throws(RedisError) {
    self.capacity = max(1, capacity)
    self.byteCapacity = max(1, byteCapacity)
    wake = try WakeDescriptor()
  }

  /// Hands commands over, or throws `busy` or `stopped` and keeps nothing.
  func submit(_ submission: Submission) throws(RedisError) {
    let mustWake = try state.withLock { state throws(RedisError) in
      guard !state.isClosed else { throw RedisError(.stopped, "The client is stopped.") }
      var load = state.underWay
      for command in submission.commands { load.add(command) }
      guard load.commands <= capacity, load.bytes <= byteCapacity else {
        let (commands, bytes) = (state.underWay.commands, state.underWay.bytes)
        throw RedisError(.busy, "\(commands) commands of \(bytes) bytes are under way, which is as many as may.")
      }
      state.underWay = load
      return Self.append(.submission(submission), to: &state)
    }
    if mustWake { wake.signal() }
  }

  /// Hands something else over; `false` if nobody takes it any more.
  @discardableResult
  func post(_ message: Message) -> Bool {
    let mustWake: Bool? = state.withLock { $0.isClosed ? nil : Self.append(message, to: &$0) }
    if mustWake == true { wake.signal() }
    return mustWake != nil
  }

  /// Refuses everything from now on, and has the thread end.
  func close() {
    state.withLock { $0.isClosed = true }
    wake.signal()
  }

  /// What has come, in order, and whether it is over; `finished` commands are under way no more.
  func take(finished: Load) -> (messages: [Message], isClosed: Bool) {
    state.withLock { state in
      state.underWay.commands -= finished.commands
      state.underWay.bytes -= finished.bytes
      state.isAwake = false
      defer { state.messages = [] }
      return (state.messages, state.isClosed)
    }
  }

  private static func append(_ message: Message, to state: inout State) -> Bool {
    state.messages.append(message)
    defer { state.isAwake = true }
    return !state.isAwake
  }
}

/// Commands of one call.
struct Submission: Sendable {
  let commands: [RedisCommand]
  let deadline: Moment
  var replicas: ReplicaWish?
  let answer: Answer

  /// Who waits for the answer.
  enum Answer: Sendable {
    case reply(CheckedContinuation<Result<RedisReply, RedisError>, Never>)
    case caller(@Sendable (Result<RedisReply, RedisError>) -> Void)
    case replies(CheckedContinuation<Result<[RedisReply], RedisError>, Never>)
    case acknowledged(CheckedContinuation<Result<(reply: RedisReply, replicas: Int), RedisError>, Never>)
  }

  /// Answers before anything was sent.
  func fail(_ error: RedisError) {
    switch answer {
    case .reply(let continuation): continuation.resume(returning: .failure(error))
    case .caller(let body): body(.failure(error))
    case .replies(let continuation): continuation.resume(returning: .failure(error))
    case .acknowledged(let continuation): continuation.resume(returning: .failure(error))
    }
  }
}

/// How many replicas shall have a write, and how long to wait for them.
struct ReplicaWish: Sendable {
  let count: Int
  let wait: Duration
}
