import Synchronization

/// What is under way to the store after whoever sent it has given up.
final class SimulatedNetwork: Sendable {
  private let executor = SteppedExecutor()
  private let late = Mutex<[@Sendable () async -> Void]>([])

  /// Keeps a question for later.
  func deliverLater(_ question: @escaping @Sendable () async -> Void) { late.withLock { $0.append(question) } }

  /// How many questions are still under way.
  var count: Int { late.withLock { $0.count } }

  /// Has one arrive, and the store do what it asks.
  func deliver(_ index: Int) {
    let question = late.withLock { $0.remove(at: index) }
    Task(executorPreference: executor) { await question() }
    while executor.ready > 0 { executor.step(0) }
  }

  /// Loses one for good.
  func lose(_ index: Int) { _ = late.withLock { $0.remove(at: index) } }
}
