internal import BlockingIO

/// Tries to reach a server that was lost, again and again, on a thread of its own.
final class ServerWatch: Sendable {
  private let stop = StopFlag()
  private let workers: BlockingWorkers<Void>
  /// How long it rests between two attempts.
  private static let pause: Duration = .milliseconds(200)

  init(_ configuration: PostgreSQLClientConfiguration, _ healths: [ServerHealth]) throws(BlockingIOError) {
    let stop = stop
    workers = try BlockingWorkers(name: "pg-watch", capacity: 1) { _ in
      { _ in
        while !stop.isSet, healths.contains(where: { $0.problem != nil }) {
          if Self.isReachable(configuration) {
            for health in healths { health.note(nil) }
          } else {
            stop.rest(until: .now + Self.pause)
          }
        }
      }
    }
  }

  private static func isReachable(_ configuration: PostgreSQLClientConfiguration) -> Bool {
    let deadline = ContinuousClock.now + configuration.connectTimeout
    let connection = try? PostgreSQLConnection(
      configuration.address, settings: configuration.settings, deadline: deadline)
    return connection != nil
  }

  /// Begins to try, unless that is under way.
  func begin() {
    // A full queue means that it will begin anyway.
    do { try workers.submit(()) } catch {}
  }

  /// Ends the thread.
  func end() async {
    stop.set()
    await workers.stop()
  }
}
