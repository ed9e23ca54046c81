/// How much of a JSON text is accepted before it is refused.
public struct JSONLimits: Sendable, Hashable {
  /// The greatest length of the whole text; 64 KiB by default, and never more than 2 GiB.
  public var maximumBytes = 65_536
  /// The most arrays and objects inside one another; 32 by default, and never more than 1,000.
  public var maximumDepth = 32

  /// Limits, by default those for what comes from outside.
  public init(maximumBytes: Int = 65_536, maximumDepth: Int = 32) {
    self.maximumBytes = maximumBytes
    self.maximumDepth = maximumDepth
  }

  /// Limits for texts that were accepted before: as wide as they can be.
  public static let widest = JSONLimits(maximumBytes: .max, maximumDepth: 1000)
}
