import Foundation
import Synchronization

/// Runs `body` for each number below `count`, each on a thread of its own, and answers what they answered, in order.
func inParallel<Answer: Sendable>(_ count: Int, _ body: @escaping @Sendable (Int) throws -> Answer) throws -> [Answer] {
  let group = DispatchGroup()
  let box = Answers<Answer>(count)
  for index in 0..<count {
    group.enter()
    let thread = Thread {
      let answer = Result { try body(index) }
      box.answers.withLock { $0[index] = answer }
      group.leave()
    }
    thread.start()
  }
  group.wait()
  return try box.answers.withLock { answers in try answers.compactMap { try $0?.get() } }
}

private final class Answers<Answer: Sendable>: Sendable {
  let answers: Mutex<[Result<Answer, any Error>?]>
  init(_ count: Int) { answers = Mutex(Array(repeating: nil, count: count)) }
}
