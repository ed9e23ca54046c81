public import Accounts
public import SessionCore

extension InterceptedStore: ServiceKeyStore {
  /// The store inside as one of service keys; a store that has none can't be asked for them.
  private var keys: any ServiceKeyStore {
    get throws(StoreError) {
      guard let keys = store as? any ServiceKeyStore else {
        throw StoreError(.unavailable, "The store inside keeps no service keys.")
      }
      return keys
    }
  }

  /// Passes on.
  public func insertKey(
    name: ExactText, scopes: Set<ServiceScope>, expires: Timestamp?, digest: [UInt8], by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> ServiceKey {
    try await around(.insertKey) { () async throws(StoreError) in
      try await keys.insertKey(name: name, scopes: scopes, expires: expires, digest: digest, by: actor, now: now)
    }
  }

  /// Passes on.
  public func serviceKey(digest: [UInt8]) async throws(StoreError) -> ServiceKey? {
    try await around(.serviceKey) { () async throws(StoreError) in try await keys.serviceKey(digest: digest) }
  }

  /// Passes on.
  public func serviceKeys(after id: Int64, limit: Int) async throws(StoreError) -> [ServiceKey] {
    try await around(.serviceKeys) { () async throws(StoreError) in
      try await keys.serviceKeys(after: id, limit: limit)
    }
  }

  /// Passes on.
  public func revokeKey(_ id: Int64, by actor: Actor, now: Timestamp) async throws(StoreError) -> ServiceKey? {
    try await around(.revokeKey) { () async throws(StoreError) in
      try await keys.revokeKey(id, by: actor, now: now)
    }
  }

  /// Passes on.
  public func touchKey(_ id: Int64, at time: Timestamp) async throws(StoreError) {
    try await around(.touchKey) { () async throws(StoreError) in try await keys.touchKey(id, at: time) }
  }
}
