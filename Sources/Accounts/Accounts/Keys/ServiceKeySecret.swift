/// The credential of a service: who shows it may do what the key's scopes allow.
///
/// Prints as "redacted".
public struct ServiceKeySecret: Sendable {
  /// The text, 47 ASCII bytes beginning with "ssk_".
  public let text: [UInt8]

  /// The number of bytes of ``text``.
  public static let textLength = 47

  init(text: [UInt8]) { self.text = text }
}

extension ServiceKeySecret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Always "redacted".
  public var description: String { "redacted" }
  /// Always "redacted".
  public var debugDescription: String { "redacted" }
  /// A mirror without children.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
