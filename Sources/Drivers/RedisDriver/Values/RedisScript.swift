import Synchronization

/// A Lua script that servers keep and run as one step.
///
/// Keep one value for each script: it remembers the digest by which servers know it.
public final class RedisScript: Sendable {
  /// The Lua source.
  public let source: String
  private let known = Mutex<[UInt8]?>(nil)

  /// A script; nothing is sent until it runs.
  public init(_ source: String) { self.source = source }

  /// The digest as a server has told it, in hexadecimal; `nil` until one has.
  var digest: [UInt8]? {
    get { known.withLock { $0 } }
    set { known.withLock { $0 = newValue } }
  }
}
