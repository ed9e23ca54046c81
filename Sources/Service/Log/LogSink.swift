/// Where the lines go.
public protocol LogSink: Sendable {
  /// Takes whole lines, each ended by a line feed; may wait, and is never called twice at once.
  func write(_ lines: [UInt8])
}
