internal import MongoDriver
internal import SessionCore

/// The collections and indexes, in numbered steps.
///
/// Each step may be done any number of times, and by several nodes at once: the server makes each index once, and says
/// yes to all who asked. That a step is done is noted only after it.
enum MongoSchema {
  /// The steps; the first is number 1.
  ///
  /// A step that was released is never changed: a new one is added.
  static let migrations: [[BSONDocument]] = [sessions, accounts]

  /// The version that this code works with.
  static var version: Int64 { Int64(migrations.count) }

  /// Brings the database to ``version``, or says why not.
  static func apply(
    to database: String, through client: MongoClient, migrates: Bool
  ) throws(StoreError) {
    let found = try versionFound(database, client)
    guard found <= version else {
      throw StoreError(
        .corrupt, "The session store is of schema \(found), made by a newer version; this one knows \(version).")
    }
    guard found < version else { return }
    guard migrates else {
      throw StoreError(
        .outdated, "The session store is of schema \(found), and \(version) is needed; migrating was forbidden.")
    }
    do throws(MongoError) {
      for (index, migration) in migrations.enumerated().dropFirst(Int(clamping: found)) {
        for command in migration { try run(command, on: database, through: client) }
        let note: BSONValue = [
          "q": ["_id": "schema"], "u": ["$max": ["version": .int64(Int64(index + 1))]], "upsert": true,
        ]
        try run(
          ["update": "meta", "updates": [note], "writeConcern": ["w": "majority"]], on: database, through: client)
      }
    } catch { throw StoreError(error) }
  }

  /// Looks whether the server will do.
  static func check(_ client: MongoClient) throws(StoreError) {
    let hello: BSONDocument
    do throws(MongoError) { hello = try client.run(["hello": 1], on: "admin") } catch { throw StoreError(error) }
    guard hello["setName"]?.text != nil || hello["msg"]?.text == "isdbgrid" else {
      throw StoreError(
        .unavailable, "The session store must be a replica set; this server stands alone, and has no transactions.")
    }
    guard hello["maxWireVersion"]?.int ?? 0 >= 9 else {
      throw StoreError(.unavailable, "The session store must be of version 4.4 of its server, or later.")
    }
  }

  private static func versionFound(_ database: String, _ client: MongoClient) throws(StoreError) -> Int64 {
    do throws(MongoError) {
      let found = try client.documents(
        ["find": "meta", "filter": ["_id": "schema"], "limit": 1, "readConcern": ["level": "majority"]], on: database)
      return found.first?["version"]?.int ?? 0
    } catch { throw StoreError(error) }
  }

  private static func run(
    _ command: BSONDocument, on database: String, through client: MongoClient
  ) throws(MongoError) {
    do throws(MongoError) { try client.run(command, on: database) } catch {
      // NamespaceExists: another node was first.
      // DuplicateKey: another node has upserted the same document in the same moment.
      guard error.number == 48 || error.number == 11000 else { throw error }
    }
  }

  /// Version 1.
  ///
  /// Open and closed sessions lie apart in every index, each in order, so that a list of either is a walk.
  private static let sessions: [BSONDocument] = [
    ["create": "sessions", "writeConcern": majority],
    ["create": "events", "writeConcern": majority],
    ["create": "places", "writeConcern": majority],
    ["create": "changes", "writeConcern": majority],
    ["create": "tasks", "writeConcern": majority],
    ["create": "writers", "writeConcern": majority],
    [
      "update": "places",
      "updates": [["q": ["_id": "log"], "u": ["$setOnInsert": ["last": .int64(0)]], "upsert": true]],
      "writeConcern": majority,
    ],
    [
      "createIndexes": "sessions",
      "indexes": [
        index(.opened, ["is_open": 1, "open_time": 1, "_id": 1]),
        index(.requested, ["is_open": 1, "request_time": 1, "_id": 1]),
        index(.user, ["user_id": 1, "is_open": 1, "open_time": 1, "_id": 1]),
        index(.address, ["address": 1, "is_open": 1, "open_time": 1, "_id": 1], of: ["address": ["$exists": true]]),
        index(.client, ["client": 1, "is_open": 1, "open_time": 1, "_id": 1], of: ["client": ["$exists": true]]),
        index(.status, ["status": 1, "is_open": 1, "open_time": 1, "_id": 1], of: ["status": ["$exists": true]]),
        index(.kind, ["kind": 1, "is_open": 1, "open_time": 1, "_id": 1], of: ["kind": ["$exists": true]]),
        index(.deadline, ["deadline": 1, "_id": 1], of: ["is_open": true]),
        index(.closed, ["close_time": 1, "_id": 1], of: ["is_open": false]),
        ["key": ["expires": 1], "name": "session_expires", "expireAfterSeconds": 0],
      ],
      "writeConcern": majority,
    ],
    [
      "createIndexes": "writers",
      "indexes": [["key": ["seen": 1], "name": "writer_expires", "expireAfterSeconds": 86_400]],
      "writeConcern": majority,
    ],
    [
      "createIndexes": "changes",
      "indexes": [["key": ["time": 1], "name": "change_expires", "expireAfterSeconds": 60]],
      "writeConcern": majority,
    ],
  ]

  static let majority: BSONValue = ["w": "majority"]

  private static func index(_ path: AccessPath, _ key: BSONValue, of part: BSONValue? = nil) -> BSONValue {
    var index: BSONDocument = ["key": key, "name": .string(path.index)]
    index.append("partialFilterExpression", ifPresent: part)
    return .document(index)
  }
}
