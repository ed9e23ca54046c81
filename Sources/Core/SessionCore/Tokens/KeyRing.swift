public import Cryptography

/// One key of a ring.
public struct RingKey: Sendable {
  /// Its place in the ring, which every token names.
  public let id: UInt8
  /// Until when it is accepted; `nil` for the key that signs.
  public let acceptedUntil: Timestamp?
  let authentication: MessageAuthenticationKey

  /// A key from its secret, of which there must be at least 32 bytes.
  public init(id: UInt8, secret: SecretBytes, acceptedUntil: Timestamp? = nil) {
    precondition(secret.count >= 32, "a ring key has at least 256 bits")
    self.id = id
    self.acceptedUntil = acceptedUntil
    authentication = MessageAuthenticationKey(secret)
  }

  private init(id: UInt8, authentication: MessageAuthenticationKey, acceptedUntil: Timestamp?) {
    self.id = id
    self.authentication = authentication
    self.acceptedUntil = acceptedUntil
  }

  /// A secret of 32 bytes for another purpose, always the same for the same label and number.
  ///
  /// HMAC-SHA256 under the key: from one such secret nobody learns another, nor the key. What is signed here ends with
  /// a label that no token's text ends with, so that no secret is the code of a token.
  public func derivedSecret(for label: String, number: UInt8 = 0) -> SecretBytes {
    SecretBytes(authentication.code(for: Array(label.utf8) + [0, number] + Self.derivationLabel))
  }

  private static let derivationLabel = Array("sesame derived secret v1".utf8)

  func accepted(until time: Timestamp) -> RingKey {
    RingKey(id: id, authentication: authentication, acceptedUntil: time)
  }
}

/// The keys under which tokens are made and read: one that signs, and former ones that are accepted for a while.
public struct KeyRing: Sendable {
  /// All keys; the first signs.
  public let keys: [RingKey]

  /// A ring of a signing key and former ones, whose ids must all differ.
  public init(signing: RingKey, former: [RingKey] = []) {
    keys = [signing] + former
    precondition(Set(keys.map(\.id)).count == keys.count, "two keys of a ring have the same id")
  }

  /// The key that signs.
  public var signing: RingKey { keys[0] }

  /// The ring in which `key` signs and the one that signed until now is accepted until `overlapEnd`.
  ///
  /// Former keys whose time is over at `now` are left out.
  public func rotated(to key: RingKey, now: Timestamp, overlapEnd: Timestamp) -> KeyRing {
    let former = keys.dropFirst().filter { ($0.acceptedUntil ?? now) > now && $0.id != key.id }
    return KeyRing(signing: key, former: [signing.accepted(until: overlapEnd)] + former)
  }

  /// Where the key of that id is, if it is accepted at `now`.
  ///
  /// An index, because a key is 224 bytes that need not be copied to be used.
  func index(of id: UInt8, now: Timestamp) -> Int? {
    for index in keys.indices where keys[index].id == id {
      guard let end = keys[index].acceptedUntil else { return index }
      return now < end ? index : nil
    }
    return nil
  }
}
