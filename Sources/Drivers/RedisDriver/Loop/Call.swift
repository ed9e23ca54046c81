/// One command on its way; it belongs to the thread that owns the connections.
final class Call {
  enum Answer {
    case reply(CheckedContinuation<Result<RedisReply, RedisError>, Never>)
    case acknowledged(CheckedContinuation<Result<(reply: RedisReply, replicas: Int), RedisError>, Never>)
    case member(Gathering, Int)
    case caller(@Sendable (Result<RedisReply, RedisError>) -> Void)
    case own((Result<RedisReply, RedisError>) -> Void)
  }

  let command: RedisCommand
  let deadline: Moment
  let replicas: ReplicaWish?
  /// Who waits; nobody once it is answered: what the server says then is thrown away.
  private(set) var answer: Answer?
  /// How often it was sent elsewhere or again.
  var detours = 0
  /// Where it must go next, other than its slot says.
  var redirect: Server?
  var isAsking = false
  /// With what it was refused last, for as long as it is not sent again.
  var refusal: RedisError?
  /// The answer of a command that still waits for its replicas.
  var held: RedisReply?

  init(_ command: RedisCommand, deadline: Moment, replicas: ReplicaWish? = nil, answer: Answer) {
    self.command = command
    self.deadline = deadline
    self.replicas = replicas
    self.answer = answer
  }

  var isAnswered: Bool { answer == nil }

  /// Whether its end counts as a caller's.
  var isCallers: Bool { if case .own = answer { false } else { true } }

  /// Answers; only the first time counts.
  func finish(_ result: Result<RedisReply, RedisError>, acknowledged: Int = 0) {
    guard let answer else { return }
    self.answer = nil
    switch answer {
    case .reply(let continuation): continuation.resume(returning: result)
    case .acknowledged(let continuation):
      continuation.resume(returning: result.map { (reply: $0, replicas: acknowledged) })
    case .member(let gathering, let index): gathering.put(result, at: index)
    case .caller(let body): body(result)
    case .own(let body): body(result)
    }
  }
}

/// The answers of commands that were sent by one call.
final class Gathering {
  private var results: [Result<RedisReply, RedisError>?]
  private var missing: Int
  private let continuation: CheckedContinuation<Result<[RedisReply], RedisError>, Never>

  init(count: Int, _ continuation: CheckedContinuation<Result<[RedisReply], RedisError>, Never>) {
    results = Array(repeating: nil, count: count)
    missing = count
    self.continuation = continuation
  }

  func put(_ result: Result<RedisReply, RedisError>, at index: Int) {
    results[index] = result
    missing -= 1
    guard missing == 0 else { return }
    var replies: [RedisReply] = []
    replies.reserveCapacity(results.count)
    for case .some(let result) in results {
      switch result {
      case .success(let reply): replies.append(reply)
      case .failure(let error): return continuation.resume(returning: .failure(error))
      }
    }
    continuation.resume(returning: .success(replies))
  }
}
