import Dispatch
import Synchronization

/// Lines on their way to the sink.
final class LogQueue: Sendable {
  private struct State {
    var lines: [UInt8] = []
    var dropped = 0
    /// Whether somebody is about to empty the queue, or doing it.
    var isDraining = false
  }

  private let state = Mutex(State())
  private let sink: any LogSink
  private let capacity: Int
  private let lineAboutDropped: @Sendable (Int) -> [UInt8]
  /// Serial: the sink is never called twice at once, and lines keep their order.
  private let drain = DispatchQueue(label: "log")

  init(sink: any LogSink, capacity: Int, lineAboutDropped: @escaping @Sendable (Int) -> [UInt8]) {
    self.sink = sink
    self.capacity = capacity
    self.lineAboutDropped = lineAboutDropped
  }

  /// Takes a line without its end; drops it if it does not fit.
  func append(_ line: [UInt8]) {
    let mustStart = state.withLock { state in
      guard state.lines.count + line.count < capacity else {
        state.dropped += 1
        return false
      }
      state.lines.append(contentsOf: line)
      state.lines.append(UInt8(ascii: "\n"))
      defer { state.isDraining = true }
      return !state.isDraining
    }
    if mustStart { drain.async { self.empty() } }
  }

  func flush() {
    drain.sync { empty() }
  }

  private func empty() {
    while let (lines, dropped) = take() {
      sink.write(lines)
      if dropped > 0 { sink.write(lineAboutDropped(dropped) + [UInt8(ascii: "\n")]) }
    }
  }

  private func take() -> (lines: [UInt8], dropped: Int)? {
    state.withLock { state in
      guard !state.lines.isEmpty || state.dropped > 0 else {
        state.isDraining = false
        return nil
      }
      defer {
        state.lines = []
        state.dropped = 0
      }
      return (state.lines, state.dropped)
    }
  }
}
