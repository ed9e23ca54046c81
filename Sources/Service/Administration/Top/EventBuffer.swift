import JSON
import Synchronization

/// The last events, as they come.
final class EventBuffer: Sendable {
  private static let limit = 200
  private let events = Mutex<[JSONValue]>([])

  /// The last events, oldest first.
  var all: [JSONValue] { events.withLock { $0 } }

  /// Takes events in until the task is cancelled; a key that may not see them sees none.
  func follow(_ connection: ServerConnection) async {
    let follower = EventFollower(connection: connection, query: [], remark: { _ in })
    _ = try? await follower.run(after: nil) { [self] event in
      events.withLock { $0 = Array(($0 + [event]).suffix(Self.limit)) }
      return true
    }
  }
}
