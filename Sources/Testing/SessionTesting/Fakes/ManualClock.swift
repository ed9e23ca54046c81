public import SessionCore
import Synchronization

/// A clock that stands still until it is turned.
public final class ManualClock: SessionClock {
  private let time: Mutex<Timestamp>

  /// A clock that shows `start`.
  public init(_ start: Timestamp) { time = Mutex(start) }

  /// What it shows.
  public func now() -> Timestamp { time.withLock { $0 } }

  /// Turns it forward.
  public func advance(by span: TimeSpan) { time.withLock { $0 = $0 + span } }

  /// Sets it, back as well as forward.
  public func set(_ now: Timestamp) { time.withLock { $0 = now } }
}
