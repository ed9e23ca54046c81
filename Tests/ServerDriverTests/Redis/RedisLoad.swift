#if Redis
  import RedisDriver
  import Synchronization

  /// Callers that ask without end, and count what comes.
  final class RedisLoad: Sendable {
    struct Counts: Sendable {
      var answered = 0
      /// Answers that belong to another question.
      var wrong = 0
      var notExecuted = 0
      var unknown = 0
      var longest = Duration.zero
      var codes: Set<RedisError.Code> = []
    }

    private let counts = Mutex(Counts())
    private let isOver = Mutex(false)
    private let task: Mutex<Task<Void, Never>?> = Mutex(nil)

    var now: Counts { counts.withLock { $0 } }

    /// Callers that each echo words of their own, and ask for a key of any slot in between.
    init(_ client: RedisClient, callers: Int = 16) {
      let task = Task {
        await withTaskGroup(of: Void.self) { group in
          for caller in 0..<callers { group.addTask { await self.ask(client, caller) } }
        }
      }
      self.task.withLock { $0 = task }
    }

    private func ask(_ client: RedisClient, _ caller: Int) async {
      var number = 0
      while !isOver.withLock({ $0 }) {
        number += 1
        let word = "\(caller) \(number)"
        let begin = ContinuousClock.now
        let result: Result<RedisReply, RedisError>
        do throws(RedisError) {
          let script = RedisLoad.echo
          result = .success(
            try await client.send(RedisCommand(script, keys: [RedisArgument("key \(word)")], [RedisArgument(word)])))
        } catch { result = .failure(error) }
        let time = ContinuousClock.now - begin
        counts.withLock { counts in
          counts.longest = max(counts.longest, time)
          switch result {
          case .success(let reply):
            if reply.asText == word { counts.answered += 1 } else { counts.wrong += 1 }
          case .failure(let error):
            if error.mayHaveExecuted { counts.unknown += 1 } else { counts.notExecuted += 1 }
            counts.codes.insert(error.code)
          }
        }
        if case .failure = result { await Task.yield() }
      }
    }

    private static let echo = RedisScript("redis.call('GET', KEYS[1]) return ARGV[1]")

    /// Whether as many more answers come.
    func answers(_ count: Int) async -> Bool {
      let before = now.answered
      return await eventually { self.now.answered >= before + count }
    }

    /// Ends it, and answers what was counted.
    func end() async -> Counts {
      isOver.withLock { $0 = true }
      await task.withLock({ $0 })?.value
      return now
    }
  }
#endif
