public import Accounts
public import SessionCore

/// One thing that is moved.
public enum MovedRecord: Sendable, Equatable {
  /// A service key, without its secret.
  case key(MovedKey)
  /// An account, with its password's hash.
  case account(MovedAccount)
  /// A session.
  case session(Session)
}

/// A service key on its way: what is kept of it, and the digest by which it is found.
public struct MovedKey: Sendable, Equatable {
  /// The key.
  public var key: ServiceKey
  /// The SHA-256 of its text, 32 bytes.
  public var digest: [UInt8]

  /// A key and its digest.
  public init(_ key: ServiceKey, digest: [UInt8]) {
    self.key = key
    self.digest = digest
  }
}
