import CCrypto

/// A key for AES-256-GCM: what it seals can be neither read nor changed without it (NIST SP 800-38D).
///
/// Sealed bytes are the nonce (12), the text (as long as it was) and the tag (16). Printing shows "redacted".
public struct SealingKey: Sendable {
  /// How many bytes a key has.
  public static let keyLength = 32
  /// How many bytes a nonce has.
  public static let nonceLength = 12
  /// By how many bytes sealed text is longer than the text.
  public static let overhead = nonceLength + tagLength
  private static let tagLength = 16

  private let secret: SecretBytes

  /// A key of exactly 32 bytes; any other number is a misuse and traps.
  public init(_ secret: SecretBytes) {
    precondition(secret.count == Self.keyLength, "a key of AES-256 has 32 bytes")
    self.secret = secret
  }

  /// Seals `text` together with `context`, which is not kept and must be given again to open it.
  ///
  /// - Parameters:
  ///   - text: what is to be hidden.
  ///   - context: what the text belongs to, such as the id of its row, so that it is worth nothing elsewhere.
  ///   - nonce: 12 bytes that were never used with this key; by default they are random, which is good for 2^32 texts.
  /// - Returns: the sealed bytes.
  public func seal(
    _ text: [UInt8], context: [UInt8], nonce: [UInt8] = SecureRandom.bytes(nonceLength)
  ) -> [UInt8] {
    precondition(nonce.count == Self.nonceLength, "a nonce of AES-GCM has 12 bytes")
    var tag = [UInt8](repeating: 0, count: Self.tagLength)
    let sealed = unsafe secret.withUnsafeBytes { key in
      unsafe SealingOperation()?.seal(text, context: context, key, nonce: nonce, tag: &tag)
    }
    // Nothing that is given decides it: without memory or without AES there is nothing to answer with.
    guard let sealed else { preconditionFailure("AES-256-GCM is not to be had") }
    return nonce + sealed + tag
  }

  /// What was sealed, or `nil` if it was sealed under another key or with another context, or was changed.
  public func open(_ sealed: [UInt8], context: [UInt8]) -> [UInt8]? {
    guard sealed.count >= Self.overhead else { return nil }
    let text = Array(sealed[Self.nonceLength..<(sealed.count - Self.tagLength)])
    return unsafe secret.withUnsafeBytes { key in
      unsafe SealingOperation()?.open(
        text, context: context, key, nonce: Array(sealed.prefix(Self.nonceLength)),
        tag: Array(sealed.suffix(Self.tagLength)))
    }
  }
}

extension SealingKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Always "redacted".
  public var description: String { "redacted" }
  /// Always "redacted".
  public var debugDescription: String { "redacted" }
  /// A mirror without children.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
