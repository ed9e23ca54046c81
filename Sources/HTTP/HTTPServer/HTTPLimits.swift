/// What a server puts up with from a client.
///
/// What goes beyond is answered with an error, or cut.
public struct HTTPLimits: Sendable, Hashable {
  /// The longest request line in bytes: 8 KiB; a longer one is answered with 414.
  public var requestLine = 8 * 1024
  /// The size of all header fields of a request in bytes: 32 KiB; more is answered with 431.
  public var fieldsSize = 32 * 1024
  /// The number of header fields of a request: 100; more are answered with 431.
  public var fieldCount = 100
  /// The longest body in bytes, without the framing of its chunks: 64 KiB; a longer one is answered with 413.
  public var bodySize = 64 * 1024
  /// From a request's first byte, or from the connection's opening, to the end of its head: 10 s.
  public var headTime = Duration.seconds(10)
  /// From the end of a request's head to that of its body: 30 s.
  public var bodyTime = Duration.seconds(30)
  /// Between an answer and the next request: 60 s.
  public var idleTime = Duration.seconds(60)
  /// For a client to take an answer: 30 s.
  public var writeTime = Duration.seconds(30)
  /// How many connections are open at once: 10,000.
  ///
  /// Further ones wait to be accepted.
  public var connections = 10_000

  /// The defaults.
  public init() {}
}
