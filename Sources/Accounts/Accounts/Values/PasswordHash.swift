/// A password's hash as text, in the PHC string format or that of bcrypt; not a credential, but no reader's business.
///
/// Prints as "redacted".
public struct PasswordHash: Sendable, Equatable {
  /// The text, such as "$argon2id$v=19$m=19456,t=2,p=1$…$…".
  public let text: String

  /// Takes a text as it is.
  public init(_ text: String) { self.text = text }
}

extension PasswordHash: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Always "redacted".
  public var description: String { "redacted" }
  /// Always "redacted".
  public var debugDescription: String { "redacted" }
  /// A mirror without children.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
