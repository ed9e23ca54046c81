public import Accounts
internal import JSON
internal import PostgreSQLDriver
public import SessionCore

extension PostgreSQLStore: ServiceKeyStore {
  /// Adds a key; throws ``StoreError/Code/corrupt`` if another one has its digest.
  public func insertKey(
    name: ExactText, scopes: Set<ServiceScope>, expires: Timestamp?, digest: [UInt8], by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> ServiceKey {
    let draft = ServiceKey(id: 0, name: name, scopes: scopes, created: now, expires: expires, lastUsed: nil)
    let details = Event.created(draft, by: actor, at: now).details
    return try await write(
      """
      SELECT key_insert(
        \(utf8: Hexadecimal.encode(digest)), \(name), \(ServiceKeyRow.text(scopes)), \(now), \(expires), \(actor),
        \(utf8: details?.bytes))
      """
    ) { (rows) throws(StoreError) in
      guard let id = rows[0][0].int(0) else {
        throw StoreError(.corrupt, "Two service keys can't have one digest.")
      }
      return ServiceKey(id: id, name: name, scopes: scopes, created: now, expires: expires, lastUsed: nil)
    }
  }

  /// The key of that digest, by one look-up.
  public func serviceKey(digest: [UInt8]) async throws(StoreError) -> ServiceKey? {
    try await keys("digest = \(utf8: Hexadecimal.encode(digest))").first
  }

  /// Keys by number, after `id`.
  public func serviceKeys(after id: Int64, limit: Int) async throws(StoreError) -> [ServiceKey] {
    try await keys("id > \(id) ORDER BY id LIMIT \(Int64(max(0, limit)))")
  }

  /// Removes a key.
  ///
  /// What the log says of it is written here, from the key as it is read before: its name and its scopes never change.
  public func revokeKey(_ id: Int64, by actor: Actor, now: Timestamp) async throws(StoreError) -> ServiceKey? {
    guard let key = try await keys("id = \(id)").first else { return nil }
    let details = Event.revoked(key, by: actor, at: now).details
    return try await write(
      """
      SELECT \(raw: ServiceKeyRow.columns) FROM key_revoke(\(id), \(actor), \(utf8: details?.bytes), \(now))
      """
    ) { (rows) throws(StoreError) in
      try rows[0].first.map { (row) throws(StoreError) in try ServiceKeyRow.read(row) }
    }
  }

  /// Moves the time of last use forward.
  public func touchKey(_ id: Int64, at time: Timestamp) async throws(StoreError) {
    try await write(
      """
      UPDATE service_key SET last_used = \(time)
      WHERE id = \(id) AND (last_used IS NULL OR last_used < \(time))
      """
    ) { _ in }
  }

  private func keys(_ condition: PostgreSQLStatement) async throws(StoreError) -> [ServiceKey] {
    try await find("SELECT \(raw: ServiceKeyRow.columns) FROM service_key WHERE \(condition)") {
      (rows) throws(StoreError) in
      try rows.map { (row) throws(StoreError) in try ServiceKeyRow.read(row) }
    }
  }
}
