public import SessionCore

/// Where service keys are kept, by the SHA-256 digest of their text.
///
/// The general promises of `SessionStore` hold, and the event for each change is added in the same step.
public protocol ServiceKeyStore: Sendable {
  /// Adds a key under a number never given before.
  ///
  /// - Parameters:
  ///   - name: what it is called.
  ///   - scopes: what it allows.
  ///   - expires: when it ends; `nil` for never.
  ///   - digest: the 32 bytes by which it is found.
  ///   - actor: who asked.
  ///   - now: the time.
  /// - Returns: the key as kept.
  /// - Throws: if the store fails.
  func insertKey(
    name: ExactText, scopes: Set<ServiceScope>, expires: Timestamp?, digest: [UInt8], by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> ServiceKey

  /// The key of that digest, or `nil`.
  func serviceKey(digest: [UInt8]) async throws(StoreError) -> ServiceKey?

  /// Keys by number, lowest first, after `id`, at most `limit`.
  func serviceKeys(after id: Int64, limit: Int) async throws(StoreError) -> [ServiceKey]

  /// Removes a key.
  ///
  /// - Returns: the key as it was, or `nil` if there is none.
  func revokeKey(_ id: Int64, by actor: Actor, now: Timestamp) async throws(StoreError) -> ServiceKey?

  /// Moves the time of last use forward; a missing key is no error.
  func touchKey(_ id: Int64, at time: Timestamp) async throws(StoreError)
}
