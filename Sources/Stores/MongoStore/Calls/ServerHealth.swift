internal import MongoDriver
internal import SessionCore
internal import Synchronization

/// Whether the server is there.
///
/// Once it was not, calls are refused at once, while a thread of its own asks for it again and again, at least four
/// times a second, until it answers.
final class ServerHealth: Sendable {
  private struct State {
    var failure: StoreError?
    var isStopping = false
  }

  private final class Box: Sendable {
    let state = Mutex(State())
  }

  private let box: Box
  private let prober: MongoThreads<Void>
  private static let pause: Int64 = 50

  init(_ pool: MongoPool, database: String) throws(MongoError) {
    let box = Box()
    self.box = box
    prober = try MongoThreads(name: "mongo-probe", threads: 1, capacity: 2, batchLimit: 2) {
      { _ in
        while !Self.isBack(box, pool, database) { MongoTime.pause(milliseconds: Self.pause) }
      }
    }
  }

  /// Throws while the server is away.
  func check() throws(StoreError) {
    if let failure = box.state.withLock({ $0.failure }) { throw failure }
  }

  /// Notes that the server is away.
  func fail(_ error: StoreError) {
    let isNews = box.state.withLock { state in
      guard state.failure == nil, !state.isStopping else { return false }
      state.failure = StoreError(.unavailable, error.description, underlying: error.underlying)
      return true
    }
    if isNews { try? prober.submit(()) }
  }

  func stop() async {
    box.state.withLock { $0.isStopping = true }
    await prober.stop()
  }

  /// Asks for the server once; whether there is nothing left to ask.
  private static func isBack(_ box: Box, _ pool: MongoPool, _ database: String) -> Bool {
    let isThere = (try? pool.client()?.run(["ping": 1], on: database)) != nil
    return box.state.withLock { state in
      if isThere { state.failure = nil }
      return isThere || state.isStopping
    }
  }
}
