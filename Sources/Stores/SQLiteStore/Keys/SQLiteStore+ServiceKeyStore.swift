public import Accounts
internal import SQLiteDriver
public import SessionCore

extension SQLiteStore: ServiceKeyStore {
  /// Adds a key; throws ``StoreError/Code/corrupt`` if another one has its digest.
  public func insertKey(
    name: ExactText, scopes: Set<ServiceScope>, expires: Timestamp?, digest: [UInt8], by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> ServiceKey {
    try await write { (writer) throws(StoreError) in
      try writer.insertKey(name: name, scopes: scopes, expires: expires, digest: digest, by: actor, now: now)
    }
  }

  /// The key of that digest, by one look-up.
  public func serviceKey(digest: [UInt8]) async throws(StoreError) -> ServiceKey? {
    try await find { (connection) throws(StoreError) in
      try connection.serviceKeys("digest = ?1 LIMIT 1") { $0.bind(utf8: Hexadecimal.encode(digest), at: 1) }.first
    }
  }

  /// Keys by number, after `id`.
  public func serviceKeys(after id: Int64, limit: Int) async throws(StoreError) -> [ServiceKey] {
    try await read { (connection) throws(StoreError) in
      try connection.serviceKeys("id > ?1 ORDER BY id LIMIT ?2") { statement in
        statement.bind(id, at: 1)
        statement.bind(Int64(max(0, limit)), at: 2)
      }
    }
  }

  /// Removes a key.
  public func revokeKey(_ id: Int64, by actor: Actor, now: Timestamp) async throws(StoreError) -> ServiceKey? {
    try await write { (writer) throws(StoreError) in try writer.revokeKey(id, by: actor, now: now) }
  }

  /// Moves the time of last use forward.
  public func touchKey(_ id: Int64, at time: Timestamp) async throws(StoreError) {
    try await write { (writer) throws(StoreError) in try writer.touchKey(id, at: time) }
  }
}

extension SQLiteConnection {
  /// The digest by which a key is found.
  func digest(ofKey id: Int64) throws(StoreError) -> [UInt8]? {
    let statement = try prepared("SELECT digest FROM service_key WHERE id = ?1")
    defer { statement.reset() }
    statement.bind(id, at: 1)
    guard try statement.next() else { return nil }
    return try ServiceKeyRow.digest(statement.text(0))
  }

  /// The keys that meet a condition, in the order that it says.
  fileprivate func serviceKeys(
    _ condition: String, _ bind: (SQLiteStatement) -> Void
  ) throws(StoreError) -> [ServiceKey] {
    let statement = try prepared("SELECT \(ServiceKeyRow.columns) FROM service_key WHERE \(condition)")
    defer { statement.reset() }
    bind(statement)
    var keys: [ServiceKey] = []
    while try statement.next() { keys.append(try ServiceKeyRow.read(statement)) }
    return keys
  }
}
