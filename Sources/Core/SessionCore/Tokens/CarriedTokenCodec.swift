import Cryptography
import Synchronization

/// Makes and reads what sessions keep of their callers' tokens, under secrets derived from the keys of the ring.
///
/// The keyed digest of user and token is also where the session lies: its first half is the session's id. So a token is
/// found by arithmetic and one look-up, and the store holds nothing from which either could be guessed and checked.
final class CarriedTokenCodec: Sendable {
  /// One key of the ring, as it is used here.
  struct Key: Sendable {
    let id: UInt8
    let acceptedUntil: Timestamp?
    let digesting: MessageAuthenticationKey
    let sealing: SealingKey

    init(_ key: RingKey) {
      id = key.id
      acceptedUntil = key.acceptedUntil
      digesting = MessageAuthenticationKey(key.derivedSecret(for: "carried token digest"))
      sealing = SealingKey(key.derivedSecret(for: "carried token seal"))
    }
  }

  /// What a token is to a key: where its session lies, and what that must have kept of it.
  struct Place: Sendable {
    let key: Key
    let digest: [UInt8]

    var id: SessionID {
      let (high, low) = (digest[0..<8], digest[8..<16])
      return SessionID(
        high: high.reduce(0) { $0 << 8 | UInt64($1) }, low: low.reduce(0) { $0 << 8 | UInt64($1) })
    }

    /// Whether a session has kept this token.
    func isKept(by session: Session) -> Bool {
      guard let carried = session.carried, carried.keyID == key.id else { return false }
      return ConstantTime.areEqual(carried.digest, digest)
    }
  }

  private let keys: Mutex<[Key]>

  init(_ ring: KeyRing) { keys = Mutex(ring.keys.map(Key.init)) }

  func replaceRing(_ ring: KeyRing) {
    let replacement = ring.keys.map(Key.init)
    keys.withLock { $0 = replacement }
  }

  /// Where the session of a user's token may lie: one place for each key that is accepted at `now`, that of the signing
  /// key first.
  func places(of token: UnsafeRawBufferPointer, user: UnsafeRawBufferPointer, now: Timestamp) -> [Place] {
    let keys = keys.withLock { $0 }
    var message = [UInt8]()
    message.reserveCapacity(4 + user.count + token.count)
    // With the length of the first, no other user and token make the same message.
    for shift in [24, 16, 8, 0] { message.append(UInt8(truncatingIfNeeded: user.count >> shift)) }
    unsafe message.append(contentsOf: user)
    unsafe message.append(contentsOf: token)
    return keys.compactMap { key in
      if let end = key.acceptedUntil, now >= end { return nil }
      return Place(key: key, digest: key.digesting.code(for: message))
    }
  }

  /// What a session of `generation` at `place` keeps; `text` is what is sealed.
  func carried(_ text: [UInt8], at place: Place, generation: UInt32, nonce: [UInt8]) -> CarriedToken {
    let context = Self.context(place.id, CarriedToken.head(place.key.id, generation, place.digest))
    return CarriedToken(
      keyID: place.key.id, generation: generation, digest: place.digest,
      sealed: place.key.sealing.seal(text, context: context, nonce: nonce))
  }

  /// What was sealed for a session; `nil` if it carries none, or its key is not accepted any more.
  func text(of session: Session, now: Timestamp) -> [UInt8]? {
    guard let carried = session.carried,
      let key = keys.withLock({ $0.first { $0.id == carried.keyID } }), key.acceptedUntil.map({ now < $0 }) ?? true
    else { return nil }
    let head = CarriedToken.head(carried.keyID, carried.generation, carried.digest)
    return key.sealing.open(carried.sealed, context: Self.context(session.id, head))
  }

  private static func context(_ id: SessionID, _ head: [UInt8]) -> [UInt8] { id.text + head }
}
