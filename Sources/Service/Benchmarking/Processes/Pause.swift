/// Waiting that ends when the task is cancelled.
enum Pause {
  /// Waits for a time.
  static func wait(_ time: Duration) async throws(BenchmarkError) {
    do { try await Task.sleep(for: time) } catch { throw .interrupted }
  }

  /// Looks every so often until `isThere` answers something, or the time is up: then `nil`.
  static func until<Found>(
    _ limit: Duration, every step: Duration = .milliseconds(10), _ look: () throws(BenchmarkError) -> Found?
  ) async throws(BenchmarkError) -> Found? {
    let deadline = ContinuousClock.now + limit
    while true {
      if let found = try look() { return found }
      guard ContinuousClock.now < deadline else { return nil }
      try await wait(step)
    }
  }
}
