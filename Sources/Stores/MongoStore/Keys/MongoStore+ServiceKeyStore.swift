public import Accounts
internal import MongoDriver
public import SessionCore

extension MongoStore: ServiceKeyStore {
  /// Adds a key under the next number; throws ``StoreError/Code/corrupt`` if another one has its digest.
  public func insertKey(
    name: ExactText, scopes: Set<ServiceScope>, expires: Timestamp?, digest: [UInt8], by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> ServiceKey {
    try await write { (batch) throws(StoreError) in
      let same = try batch.find([
        "find": .string(ServiceKeyDocument.collection), "filter": ["digest": .binary(digest)],
        "projection": ["_id": 1], "limit": 1,
      ])
      guard same.isEmpty else { throw StoreError(.corrupt, "Two service keys can't have one digest.") }
      let id = try batch.nextNumber(of: ServiceKeyDocument.collection)
      let key = ServiceKey(id: id, name: name, scopes: scopes, created: now, expires: expires, lastUsed: nil)
      batch.insert(ServiceKeyDocument.write(key, digest: digest), into: ServiceKeyDocument.collection)
      batch.record([.created(key, by: actor, at: now)])
      batch.tell(.serviceKeys)
      return key
    }
  }

  /// The key of that digest, by an index.
  public func serviceKey(digest: [UInt8]) async throws(StoreError) -> ServiceKey? {
    try await find { (reader) throws(StoreError) in
      let found = try reader.documents([
        "find": .string(ServiceKeyDocument.collection), "filter": ["digest": .binary(digest)],
        "projection": ServiceKeyDocument.withoutDigest, "limit": 1,
      ])
      return try found.first.map { (document) throws(StoreError) in try ServiceKeyDocument.read(document) }
    }
  }

  /// Keys by number, after `id`.
  public func serviceKeys(after id: Int64, limit: Int) async throws(StoreError) -> [ServiceKey] {
    guard limit > 0 else { return [] }
    return try await read { (reader) throws(StoreError) in
      let found = try reader.documents([
        "find": .string(ServiceKeyDocument.collection), "filter": ["_id": ["$gt": .int64(id)]], "sort": ["_id": 1],
        "projection": ServiceKeyDocument.withoutDigest, "limit": .int64(Int64(min(limit, 10_000))),
        "batchSize": 1000,
      ])
      return try found.map { (document) throws(StoreError) in try ServiceKeyDocument.read(document) }
    }
  }

  /// Removes a key.
  public func revokeKey(_ id: Int64, by actor: Actor, now: Timestamp) async throws(StoreError) -> ServiceKey? {
    try await write { (batch) throws(StoreError) in
      let found = try batch.find([
        "find": .string(ServiceKeyDocument.collection), "filter": ["_id": .int64(id)],
        "projection": ServiceKeyDocument.withoutDigest, "limit": 1,
      ])
      guard let document = found.first else { return nil }
      let key = try ServiceKeyDocument.read(document)
      batch.delete(["_id": .int64(id)], from: ServiceKeyDocument.collection)
      batch.record([.revoked(key, by: actor, at: now)])
      batch.tell(.serviceKeys)
      return key
    }
  }

  /// Moves the time of last use forward, in no transaction.
  public func touchKey(_ id: Int64, at time: Timestamp) async throws(StoreError) {
    try await set { (reader, call) throws(StoreError) in
      _ = try reader.write(
        [
          "update": .string(ServiceKeyDocument.collection),
          "updates": [["q": ["_id": .int64(id)], "u": ["$max": ["last_used": .date(time.milliseconds)]]]],
          "writeConcern": ["w": "majority"],
        ], for: call)
    }
  }
}
