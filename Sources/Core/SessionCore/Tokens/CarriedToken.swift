import Cryptography

/// What a session keeps of a token that its caller brought along: a keyed digest to compare with, and the token sealed.
///
/// Neither opens the session without a key of the ring. Prints as "redacted".
public struct CarriedToken: Sendable, Equatable {
  /// Which key of the ring both are made with.
  let keyID: UInt8
  /// The generation of the session whose token it is: a renewal replaces it like any other token.
  let generation: UInt32
  /// The keyed digest of the user's id and the token: 32 bytes, of which the first half is the session's id.
  let digest: [UInt8]
  /// The token and what its caller said of it, sealed for this session.
  let sealed: [UInt8]

  private static let version: UInt8 = 1
  /// The bytes before ``sealed``.
  private static let headLength = 38

  init(keyID: UInt8, generation: UInt32, digest: [UInt8], sealed: [UInt8]) {
    self.keyID = keyID
    self.generation = generation
    self.digest = digest
    self.sealed = sealed
  }

  /// Reads what ``text`` wrote; `nil` for anything else.
  public init?(text: some Collection<UInt8>) {
    guard let bytes = Base64URL.decode(text), bytes.count >= Self.headLength, bytes[0] == Self.version else {
      return nil
    }
    keyID = bytes[1]
    generation = bytes[2..<6].reduce(0) { $0 << 8 | UInt32($1) }
    digest = Array(bytes[6..<Self.headLength])
    sealed = Array(bytes[Self.headLength...])
  }

  /// The text that a store keeps: base64url of version, key id, generation, digest and what is sealed.
  public var text: [UInt8] { Base64URL.encode(Self.head(keyID, generation, digest) + sealed) }

  /// What stands before the sealed part, and is sealed into it.
  static func head(_ keyID: UInt8, _ generation: UInt32, _ digest: [UInt8]) -> [UInt8] {
    [version, keyID] + (0..<4).map { UInt8(truncatingIfNeeded: generation >> UInt32(24 - 8 * $0)) } + digest
  }
}

extension CarriedToken: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Always "redacted".
  public var description: String { "redacted" }
  /// Always "redacted".
  public var debugDescription: String { "redacted" }
  /// A mirror without children.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
