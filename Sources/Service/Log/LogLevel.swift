extension Log {
  /// How grave a line is.
  public enum Level: String, Sendable, CaseIterable, Comparable {
    /// For looking into a fault.
    case debug
    /// What happens.
    case info
    /// What is worth knowing.
    case notice
    /// What should be looked into.
    case warning
    /// What failed.
    case error

    private var rank: Int {
      switch self {
      case .debug: 0
      case .info: 1
      case .notice: 2
      case .warning: 3
      case .error: 4
      }
    }

    /// Whether `left` is less grave.
    public static func < (left: Level, right: Level) -> Bool { left.rank < right.rank }
  }
}
