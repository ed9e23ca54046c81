/// How long to wait before a message that was not taken is posted again: a second, then twice as long each time, five
/// minutes at most.
///
/// A message is never given up: those behind it wait, for a receiver is to see all of them and in order. What is older
/// than the log's retention is lost to a receiver that was away for longer.
struct WebhookRetries: Sendable {
  private(set) var failures = 0

  /// The wait after one more failure.
  mutating func next() -> Duration {
    let wait = min(1 << min(failures, 16), 300)
    failures += 1
    return .seconds(wait)
  }

  /// Notes that a message was taken.
  mutating func reset() { failures = 0 }
}
