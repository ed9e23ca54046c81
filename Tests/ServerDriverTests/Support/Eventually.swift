import Foundation

/// Waits until `condition` holds; `false` if it does not in a time that is long enough for anything.
func eventually(
  within limit: Duration = .seconds(30), _ condition: () async throws -> Bool
) async rethrows -> Bool {
  let end = ContinuousClock.now + limit
  while ContinuousClock.now < end {
    if try await condition() { return true }
    await Pause.once()
  }
  return false
}

/// Lets other threads work while a test looks at a condition again and again.
private enum Pause {
  private static let queue = DispatchQueue(label: "pause")

  static func once() async {
    await withCheckedContinuation { continuation in
      queue.asyncAfter(deadline: .now() + .milliseconds(5)) { continuation.resume() }
    }
  }
}
