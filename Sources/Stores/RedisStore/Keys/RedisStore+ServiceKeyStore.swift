public import Accounts
internal import RedisDriver
public import SessionCore

/// Service keys, in the directory beside the accounts.
extension RedisStore: ServiceKeyStore {
  /// Adds a key; throws ``StoreError/Code/corrupt`` if another one has its digest.
  public func insertKey(
    name: ExactText, scopes: Set<ServiceScope>, expires: Timestamp?, digest: [UInt8], by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> ServiceKey {
    func key(_ id: Int64) -> ServiceKey {
      ServiceKey(id: id, name: name, scopes: scopes, created: now, expires: expires, lastUsed: nil)
    }
    let deadline = deadline()
    // The script finds the number.
    var event = Event.created(key(1), by: actor, at: now)
    event.keyID = nil
    let fields = ServiceKeyHash.fields(name: name, scopes: scopes, created: now, expires: expires)
    let reply = try await changeDirectory(
      scripts.keys.insert,
      [RedisArgument(Hexadecimal.encode(digest))] + Self.arguments(fields) + Self.arguments(event), by: deadline)
    if reply.isNull { throw StoreError(.corrupt, "Two service keys can't have one digest.") }
    guard let id = reply.asInteger, id >= 1 else { throw ServiceKeyHash.damaged }
    await settle(layout.directory, by: deadline)
    return key(id)
  }

  /// The key of that digest, by its index.
  public func serviceKey(digest: [UInt8]) async throws(StoreError) -> ServiceKey? {
    let reply = try await askDirectory(
      scripts.keys.find, [RedisArgument(Hexadecimal.encode(digest))], by: deadline())
    return reply.isNull ? nil : try Self.serviceKey(reply)
  }

  /// Keys by number, after `id`.
  public func serviceKeys(after id: Int64, limit: Int) async throws(StoreError) -> [ServiceKey] {
    try checkOpen()
    var keys: [ServiceKey] = []
    var isAtEnd = false
    while keys.count < limit, !isAtEnd {
      let wanted = min(limit - keys.count, Self.longestWalk)
      let reply = try await askDirectory(
        scripts.keys.list, [RedisArgument(keys.last?.id ?? id), RedisArgument(wanted)], by: deadline())
      guard let rows = reply.asArray else { throw ServiceKeyHash.damaged }
      for row in rows { keys.append(try Self.serviceKey(row)) }
      isAtEnd = rows.count < wanted
    }
    return keys
  }

  /// Removes a key, which is read first: the event tells its name, and what can't be answered is not removed.
  public func revokeKey(_ id: Int64, by actor: Actor, now: Timestamp) async throws(StoreError) -> ServiceKey? {
    let deadline = deadline()
    let known = try HashFields(
      try await askDirectory("HGETALL", "service_key:\(id)", by: deadline), orElse: ServiceKeyHash.damaged)
    guard known.count > 0 else { return nil }
    let key = try ServiceKeyHash.read(id, known)
    let reply = try await changeDirectory(
      scripts.keys.revoke, [RedisArgument(id)] + Self.arguments(.revoked(key, by: actor, at: now)), by: deadline)
    let fields = try HashFields(reply, orElse: ServiceKeyHash.damaged)
    guard fields.count > 0 else { return nil }
    await settle(layout.directory, by: deadline)
    return try ServiceKeyHash.read(id, fields)
  }

  /// Moves the time of last use forward.
  public func touchKey(_ id: Int64, at time: Timestamp) async throws(StoreError) {
    _ = try await changeDirectory(scripts.keys.touch, [RedisArgument(id), RedisArgument(time)], by: deadline())
  }

  private static func serviceKey(_ reply: RedisReply) throws(StoreError) -> ServiceKey {
    guard let parts = reply.asArray, parts.count == 2, let id = parts[0].asInteger else {
      throw ServiceKeyHash.damaged
    }
    return try ServiceKeyHash.read(id, try HashFields(parts[1], orElse: ServiceKeyHash.damaged))
  }
}
