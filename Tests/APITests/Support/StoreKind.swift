import Foundation
import MemoryStore
import SessionCore
import SessionTesting

#if MongoDB
  import MongoStore
#endif
#if PostgreSQL
  import PostgreSQLStore
#endif
#if Redis
  import RedisStore
#endif
#if SQLite
  import SQLiteStore
#endif

/// The stores that every test of the interface runs on.
enum StoreKind: String, CaseIterable, Sendable {
  case memory
  #if SQLite
    case sqlite
  #endif
  #if PostgreSQL
    case postgresql
  #endif
  #if Redis
    case redis, valkey
    case redisCluster = "redis_cluster"
  #endif
  #if MongoDB
    case mongodb
  #endif

  /// The stores of this process, and those whose servers the environment names, as it does for the tests of stores.
  static let allCases: [StoreKind] = {
    var kinds: [StoreKind] = [.memory]
    #if SQLite
      kinds.append(.sqlite)
    #endif
    var shared: [StoreKind] = []
    #if PostgreSQL
      shared.append(.postgresql)
    #endif
    #if Redis
      shared += [.redis, .valkey, .redisCluster]
    #endif
    #if MongoDB
      shared.append(.mongodb)
    #endif
    return kinds + shared.filter { $0.address != nil }
  }()

  private var address: String? {
    ProcessInfo.processInfo.environment["SESAME_TEST_\(rawValue.uppercased())"]
  }

  /// A new, empty store.
  func make() async throws -> OwnedStore {
    let name = "api" + String(UInt64.random(in: 0 ... .max), radix: 36)
    // What fails in time has tests of its own.
    let patience = TimeSpan.seconds(30)
    switch self {
    case .memory: return OwnedStore(MemoryStore())
    #if SQLite
      case .sqlite:
        let folder = FileManager.default.temporaryDirectory.appending(path: "sesame-\(name)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return OwnedStore(try await SQLiteStore(path: folder.appending(path: "store.db").path), folder: folder)
    #endif
    #if PostgreSQL
      case .postgresql:
        var configuration = PostgreSQLStoreConfiguration()
        (configuration.namespace, configuration.timeout, configuration.connections) = (name, patience, 2)
        return try await owned { try await PostgreSQLStore(address: address ?? "", configuration: configuration) }
    #endif
    #if Redis
      case .redis, .valkey, .redisCluster:
        var configuration = RedisStoreConfiguration()
        (configuration.namespace, configuration.timeout) = (name, patience)
        return try await owned { try await RedisStore(address: address ?? "", configuration: configuration) }
    #endif
    #if MongoDB
      case .mongodb:
        var configuration = MongoStoreConfiguration()
        (configuration.namespace, configuration.timeout, configuration.connections) = (name, patience, 3)
        return try await owned { try await MongoStore(address: address ?? "", configuration: configuration) }
    #endif
    }
  }

  /// How many stores on servers are open at once: each has connections and threads of its own.
  private static let turnstile = Turnstile(width: 24)

  /// Opens a store when it is its turn.
  private func owned(_ open: () async throws -> any OwnedStore.Whole) async throws -> OwnedStore {
    await Self.turnstile.enter()
    do {
      return OwnedStore(try await open(), turnstile: Self.turnstile)
    } catch {
      Self.turnstile.leave()
      throw error
    }
  }
}
