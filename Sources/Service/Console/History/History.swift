public import SessionCore
import Synchronization

/// What a node has seen over the last hour and the last day, for the console's plots.
///
/// Kept in memory, in rings of fixed size: about half a megabyte, whatever happens, and gone when the process ends. It
/// is this node's own; what all nodes did together is for a system that reads their `/metrics`.
public final class History: Sendable {
  /// Which ring.
  enum Span: String, CaseIterable, Sendable {
    /// An hour, each five seconds.
    case hour
    /// A day, each minute.
    case day
  }

  private struct State {
    var hour = IntervalRing(step: History.pace, room: 720)
    var day = IntervalRing(step: .minutes(1), room: 1440)
    var latest: Sample?
  }

  /// How often a sample is to be taken.
  public static let pace = TimeSpan.seconds(5)

  private let bounds: [UInt64]
  private let state = Mutex(State())

  /// A history that is empty.
  ///
  /// - Parameter bounds: the upper bounds of the samples' latencies, rising, in nanoseconds.
  public init(bounds: [UInt64]) { self.bounds = bounds }

  /// Takes a sample.
  public func take(_ sample: Sample) {
    state.withLock { state in
      state.hour.take(sample, bounds: bounds)
      state.day.take(sample, bounds: bounds)
      state.latest = sample
    }
  }

  /// The sample that was taken last; `nil` before the first.
  var latest: Sample? { state.withLock { $0.latest } }

  /// What came after the interval of that number, with the number of the newest.
  func intervals(_ span: Span, after number: Int64) -> (newest: Int64, intervals: [Interval]) {
    state.withLock { state in
      let ring = span == .hour ? state.hour : state.day
      return (ring.newest, ring.after(number))
    }
  }
}
