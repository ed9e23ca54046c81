import Glibc
import SessionCore
import Workload

/// One verb after another, on the same sessions.
struct Phases: Sendable {
  private let store: any SessionStore
  private let sessions: Sessions
  private let count: Int

  init(_ store: any SessionStore, count: Int) {
    self.store = store
    self.count = count
    // A cache without room: each verification asks the store.
    sessions = Sessions(
      store: store, policy: SessionPolicy(), keys: .random(), clock: WallClock(), random: SystemRandom(),
      cacheBytes: 0)
  }

  func run() async throws {
    pause(after: "start", 0, 0, 0)
    let opened = try await phase("open") { number in
      guard case .opened(let session, _, _) = try await sessions.open(.typical(number), by: Actor(.service)) else {
        throw Failure(what: "a session was not opened")
      }
      return session
    }
    let tokens = opened.map { sessions.token(for: $0).text }
    _ = try await phase("read") { number in
      guard case .active = try await sessions.verify(tokens[number], touching: false) else {
        throw Failure(what: "a session was not let in")
      }
    }
    let later = sessions.clock.now() + .seconds(1)
    let batch = 1000
    let batches = (count + batch - 1) / batch
    _ = try await phase("touch", batches: batches) { number in
      let range = number * batch..<min(count, (number + 1) * batch)
      try await store.touch(opened[range].map { SessionTouch(id: $0.id, requestTime: later) })
    }
    _ = try await phase("renew") { number in
      guard case .renewed = try await sessions.renew(tokens[number], by: Actor(.user)) else {
        throw Failure(what: "a session was not renewed")
      }
    }
    _ = try await phase("close") { number in
      let outcome = try await sessions.close(opened[number].id, reason: .logout, by: Actor(.user))
      guard outcome?.isClosedNow == true else { throw Failure(what: "a session was not closed") }
    }
  }

  /// Calls `body` with each number of a session, or of a batch, from many callers at once.
  private func phase<Result: Sendable>(
    _ name: String, batches: Int? = nil, _ body: @escaping @Sendable (Int) async throws -> Result
  ) async throws -> [Result] {
    let began = (seconds(CLOCK_MONOTONIC), seconds(CLOCK_PROCESS_CPUTIME_ID))
    let numbers = batches ?? count
    let results = try await withThrowingTaskGroup(of: [Result].self) { group in
      for caller in 0..<StoreSizes.callers {
        group.addTask {
          var results: [Result] = []
          for number in stride(from: caller, to: numbers, by: StoreSizes.callers) {
            results.append(try await body(number))
          }
          return results
        }
      }
      return try await group.reduce(into: [Result]()) { $0 += $1 }
    }
    pause(
      after: name, count, seconds(CLOCK_MONOTONIC) - began.0, seconds(CLOCK_PROCESS_CPUTIME_ID) - began.1)
    return results
  }

  private func pause(after phase: String, _ count: Int, _ elapsed: Double, _ processor: Double) {
    print("\(phase) \(count) \(elapsed) \(processor)")
    fflush(nil)
    _ = readLine()
  }

  private func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    unsafe clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
