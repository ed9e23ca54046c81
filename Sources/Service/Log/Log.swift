import JSON
public import SessionCore

/// The log: one JSON object per line, with `time` (UTC), `level` and `event` first.
///
/// Nothing in a value can end a line or reach a terminal as a control character. A call costs the writing of its line
/// in memory: a queue takes it, which one thread at a time empties into the sink. A full queue drops lines rather than
/// have anybody wait, counts them, and says so in a line of its own. That no secret is handed in is the caller's duty.
public struct Log: Sendable {
  /// A line's members behind the first three, in their order; the names must differ from those and from one another.
  public typealias Members = KeyValuePairs<StaticString, Value>

  /// The least grave that is written.
  public let level: Level
  private let queue: LogQueue
  private let now: @Sendable () -> Timestamp

  /// A log.
  ///
  /// `capacity` is how many bytes may wait for the sink, 1 MiB by default.
  public init(
    level: Level = .info, sink: any LogSink = StandardErrorSink(), capacity: Int = 1 << 20,
    now: @escaping @Sendable () -> Timestamp
  ) {
    self.level = level
    self.now = now
    queue = LogQueue(sink: sink, capacity: capacity) { dropped in
      Self.line(now(), .warning, "log.dropped", ["lines": .integer(dropped)])
    }
  }

  /// Whether a line of that level would be written.
  public func writes(_ level: Level) -> Bool { level >= self.level }

  /// Writes a line; the members are not even made if the level is too low.
  public func callAsFunction(_ level: Level, _ event: StaticString, _ members: @autoclosure () -> Members = [:]) {
    guard writes(level) else { return }
    queue.append(Self.line(now(), level, event, members()))
  }

  /// Writes a line of the level `debug`.
  public func debug(_ event: StaticString, _ members: @autoclosure () -> Members = [:]) {
    self(.debug, event, members())
  }
  /// Writes a line of the level `info`.
  public func info(_ event: StaticString, _ members: @autoclosure () -> Members = [:]) { self(.info, event, members()) }
  /// Writes a line of the level `notice`.
  public func notice(_ event: StaticString, _ members: @autoclosure () -> Members = [:]) {
    self(.notice, event, members())
  }
  /// Writes a line of the level `warning`.
  public func warning(_ event: StaticString, _ members: @autoclosure () -> Members = [:]) {
    self(.warning, event, members())
  }
  /// Writes a line of the level `error`.
  public func error(_ event: StaticString, _ members: @autoclosure () -> Members = [:]) {
    self(.error, event, members())
  }

  /// Returns when the sink has taken every line of before the call; waits for it, so call it at the end only.
  public func flush() { queue.flush() }

  private static func line(_ time: Timestamp, _ level: Level, _ event: StaticString, _ members: Members) -> [UInt8] {
    var writer = JSONWriter(capacity: 256)
    writer.beginObject()
    writer.name("time")
    writer.string(utf8: time.rfc3339)
    writer.name("level")
    writer.string(level.rawValue)
    writer.name("event")
    event.withUTF8Buffer { unsafe writer.string(utf8: $0) }
    for (name, value) in members where value != .absent {
      writer.name(name)
      value.write(to: &writer)
    }
    writer.endObject()
    return writer.bytes
  }
}
