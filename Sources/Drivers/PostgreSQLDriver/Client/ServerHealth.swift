internal import Synchronization

/// Whether the connections of one sort are to be had.
///
/// When one could not be made, or did not answer, nobody tries again but the watch: calls fail at once, rather than
/// wait one after the other.
final class ServerHealth: Sendable {
  private let failure = Mutex<PostgreSQLError?>(nil)

  /// Why there is no connection; `nil` if there should be one.
  var problem: PostgreSQLError? { failure.withLock { $0 } }

  /// Notes a failure, or that it is over.
  func note(_ problem: PostgreSQLError?) { failure.withLock { $0 = problem } }
}
