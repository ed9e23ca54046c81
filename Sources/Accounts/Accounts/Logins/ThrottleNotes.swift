import SessionCore
import Synchronization

/// Which floods of tries this node has told of already: one event for each key and window, whatever comes.
///
/// Bounded: beyond ``limit`` floods in one window no further one is told of.
final class ThrottleNotes: Sendable {
  private struct State {
    var young: Set<String> = []
    var old: Set<String> = []
    var begin = Timestamp.earliest
  }

  private static let limit = 10_000
  private let window: TimeSpan
  private let state = Mutex(State())

  init(window: TimeSpan) { self.window = window }

  /// Whether this is the first time in a window that `key` is noted.
  func isFirst(_ key: String, now: Timestamp) -> Bool {
    state.withLock { state in
      // Two generations, each a window long: no note is forgotten before its window is over.
      if now < state.begin || now >= state.begin + window {
        let isRecent = now >= state.begin && now < state.begin + window + window
        state.old = isRecent ? state.young : []
        state.young = []
        state.begin = now
      }
      guard !state.old.contains(key), state.young.count < Self.limit else { return false }
      return state.young.insert(key).inserted
    }
  }
}
