import Cryptography
import SessionCore

/// Sees to it that all nodes of a shared store make and read tokens under the same keys.
///
/// A node with keys of its own would find every token of the others forged, and would log everybody out that a
/// balancer sends its way. So the store keeps a fingerprint of the key that signs: 63 bits of a secret derived from
/// it, which tell nothing of the key.
struct SharedKeyRing: Sendable {
  let store: any EventStore

  private static let name = "key-ring"

  /// Compares the ring with what the store knows, and makes its signing key the known one; one node at a time, so
  /// that of two that are the first on a store one is refused.
  ///
  /// - Throws: ``StartError`` if the ring has no key of that fingerprint: it is another service's, or was made by this
  ///   node alone.
  func agree(on ring: KeyRing) async throws(StartError) {
    let fits: Bool
    do throws(StoreError) {
      let turn = try await takeTurn()
      fits = try await follow(ring)
      try await turn()
    } catch {
      throw StartError("The nodes' key ring can't be compared: \(error.description)", underlying: error)
    }
    if !fits { throw Self.disagreement }
  }

  /// Waits for this node's turn; what is answered gives it back.
  private func takeTurn() async throws(StoreError) -> () async throws(StoreError) -> Void {
    guard let shared = store as? any SharedStore else { return { () async throws(StoreError) in } }
    var name: (UInt64, UInt64) = (0, 0)
    unsafe withUnsafeMutableBytes(of: &name) { unsafe SystemRandom().fill($0) }
    let holder = SessionID(high: name.0, low: name.1).description
    // A node that died in its turn has it for as long as it was given; the others wait for that.
    while try await !shared.holdTask(Self.name, as: holder, for: .seconds(5)) {
      try? await Task.sleep(for: .milliseconds(50))
    }
    return { () async throws(StoreError) in try await shared.releaseTask(Self.name, as: holder) }
  }

  /// Makes the signing key of a ring the known one, if the ring has the key that is known now.
  ///
  /// - Returns: whether the ring fits the other nodes'.
  /// - Throws: if the store fails.
  func follow(_ ring: KeyRing) async throws(StoreError) -> Bool {
    guard try await fits(ring) else { return false }
    try await store.setEventCursor(Self.fingerprint(ring.signing), of: Self.name)
    return true
  }

  private func fits(_ ring: KeyRing) async throws(StoreError) -> Bool {
    guard let known = try await store.eventCursor(of: Self.name) else { return true }
    return ring.keys.contains { Self.fingerprint($0) == known }
  }

  private static func fingerprint(_ key: RingKey) -> Int64 {
    unsafe key.derivedSecret(for: "fingerprint").withUnsafeBytes { bytes in
      unsafe bytes.prefix(8).reduce(Int64(0)) { $0 << 8 | Int64($1) } & .max
    }
  }

  private static var disagreement: StartError {
    StartError(
      """
      The other nodes on this store make tokens under keys that this node's key ring does not have: it would refuse \
      every session of theirs. Copy their key ring to this node (the file that keys.file names, by default keys in the \
      data folder, mode 0600; or SESAME_KEY_RING), and start it again. If this store is to be another service's, give \
      it a store.name of its own.
      """)
  }
}
