public import Accounts
public import SessionCore

extension MemoryStore: ServiceKeyStore {
  /// Adds a key under the next number; throws ``StoreError/Code/corrupt`` if another one has its digest.
  public func insertKey(
    name: ExactText, scopes: Set<ServiceScope>, expires: Timestamp?, digest: [UInt8], by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> ServiceKey {
    let key = try withState { state in
      let key = state.keys.insert(digest: digest) { id in
        ServiceKey(id: id, name: name, scopes: scopes, created: now, expires: expires, lastUsed: nil)
      }
      if let key { state.events.append(.created(key, by: actor, at: now)) }
      return key
    }
    guard let key else { throw StoreError(.corrupt, "Two service keys can't have one digest.") }
    return key
  }

  /// The key of that digest, by one look-up.
  public func serviceKey(digest: [UInt8]) async throws(StoreError) -> ServiceKey? {
    try withState { $0.keys.key(digest: digest) }
  }

  /// Keys by number, after `id`.
  public func serviceKeys(after id: Int64, limit: Int) async throws(StoreError) -> [ServiceKey] {
    try withState { $0.keys.keys(after: id, limit: limit) }
  }

  /// Removes a key.
  public func revokeKey(_ id: Int64, by actor: Actor, now: Timestamp) async throws(StoreError) -> ServiceKey? {
    try withState { state in
      guard let key = state.keys.remove(id) else { return nil }
      state.events.append(.revoked(key, by: actor, at: now))
      return key
    }
  }

  /// Moves the time of last use forward.
  public func touchKey(_ id: Int64, at time: Timestamp) async throws(StoreError) {
    try withState { $0.keys.touch(id, at: time) }
  }
}
