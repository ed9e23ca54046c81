/// How many sessions of one user may live at once.
public struct LiveSessionLimit: Sendable, Hashable {
  /// What happens when one more is opened.
  public enum Overflow: String, Sendable, CaseIterable {
    /// The new one is refused.
    case deny
    /// The one opened first is closed.
    case evictOldest = "evict-oldest"
    /// The one whose last request is longest ago is closed.
    case evictLeastRecent = "evict-least-recent"
  }

  /// The greatest number, 1 or more.
  public var maximum: Int
  /// What happens beyond it.
  public var overflow: Overflow

  /// A limit; `maximum` below 1 is a misuse and traps.
  public init(maximum: Int, overflow: Overflow) {
    precondition(maximum >= 1, "a limit of live sessions is at least 1")
    self.maximum = maximum
    self.overflow = overflow
  }
}
