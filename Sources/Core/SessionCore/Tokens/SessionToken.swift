/// The credential of a session: who shows it is the user.
///
/// Prints as "redacted".
public struct SessionToken: Sendable {
  /// The text, 76 ASCII bytes beginning with "sst_".
  public let text: [UInt8]

  /// The number of bytes of ``text``.
  public static let textLength = 76

  init(text: [UInt8]) { self.text = text }
}

extension SessionToken: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Always "redacted".
  public var description: String { "redacted" }
  /// Always "redacted".
  public var debugDescription: String { "redacted" }
  /// A mirror without children.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
