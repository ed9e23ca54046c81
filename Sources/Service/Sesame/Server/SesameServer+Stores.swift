import Configuration
import Log
import MemoryStore
import Metrics
import SessionCore

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

extension SesameServer {
  /// Opens the store that the settings name.
  static func openStore(
    _ settings: Settings, migrates: Bool, metrics: Metrics, log: Log
  ) async throws(StartError) -> any WholeStore {
    let address: StoreAddress
    do throws(StoreAddress.Failure) {
      address = try StoreAddress(settings.server.store, data: settings.server.data)
    } catch {
      throw StartError(error.description)
    }
    do throws(StoreError) {
      switch address {
      case .memory:
        log.warning("store.memory", ["note": "sessions are lost when this process ends"])
        return MemoryStore()
      case .sqlite(let path):
        if let store = try await sqlite(path, migrates: migrates, metrics: metrics) { return store }
      case .postgreSQL(let text):
        if let store = try await postgreSQL(text, settings.store, migrates: migrates) { return store }
      case .redis(let text):
        if let store = try await redis(text, settings, migrates: migrates) { return store }
      case .mongoDB(let text):
        if let store = try await mongoDB(text, settings, migrates: migrates) { return store }
      }
    } catch {
      throw StartError("The store at \(address.shown) can't be opened: \(error.description)", underlying: error)
    }
    throw StartError(
      """
      This build has no \(address.trait); build it with the trait \(address.trait) (swift build --traits \
      SQLite,\(address.trait)), or give another --store.
      """)
  }

  private static func sqlite(
    _ path: String, migrates: Bool, metrics: Metrics
  ) async throws(StoreError) -> (any WholeStore)? {
    #if SQLite
      let sizes = metrics.histogram(
        "sesame_store_commit_jobs", help: "Writes that shared one commit.", unit: .count,
        bounds: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512])
      let times = metrics.histogram(
        "sesame_store_commit_seconds", help: "Time from a commit's begin to its end on disk.")
      var configuration = SQLiteStoreConfiguration()
      configuration.migrates = migrates
      configuration.onCommit = { jobs, duration in
        sizes.observe(UInt64(jobs))
        times.observe(duration)
      }
      return try await SQLiteStore(path: path, configuration: configuration)
    #else
      return nil
    #endif
  }

  private static func postgreSQL(
    _ address: String, _ settings: Settings.Store, migrates: Bool
  ) async throws(StoreError) -> (any WholeStore)? {
    #if PostgreSQL
      var configuration = PostgreSQLStoreConfiguration()
      configuration.migrates = migrates
      configuration.namespace = settings.name
      configuration.password = settings.password.isEmpty ? nil : settings.password
      configuration.timeout = settings.timeout
      configuration.connections = settings.connections
      return try await PostgreSQLStore(address: address, configuration: configuration)
    #else
      return nil
    #endif
  }

  private static func redis(
    _ address: String, _ settings: Settings, migrates: Bool
  ) async throws(StoreError) -> (any WholeStore)? {
    #if Redis
      var configuration = RedisStoreConfiguration()
      configuration.migrates = migrates
      configuration.namespace = settings.store.name
      configuration.password = settings.store.password.isEmpty ? nil : settings.store.password
      configuration.timeout = settings.store.timeout
      configuration.connections = settings.store.connections
      configuration.waitReplicas = settings.store.waitReplicas
      configuration.waitTimeout = settings.store.waitTimeout
      configuration.retention = netRetention(settings)
      return try await RedisStore(address: address, configuration: configuration)
    #else
      return nil
    #endif
  }

  private static func mongoDB(
    _ address: String, _ settings: Settings, migrates: Bool
  ) async throws(StoreError) -> (any WholeStore)? {
    #if MongoDB
      var configuration = MongoStoreConfiguration()
      configuration.migrates = migrates
      configuration.namespace = settings.store.name
      configuration.password = settings.store.password.isEmpty ? nil : settings.store.password
      configuration.timeout = settings.store.timeout
      // One of them writes, and one more finds accounts beside what lists.
      configuration.connections = settings.store.connections + 2
      configuration.expirySlack = netRetention(settings)
      return try await MongoStore(address: address, configuration: configuration)
    #else
      return nil
    #endif
  }

  /// How long after its end a store lets go of a session by itself, should no node have removed it: a day later than a
  /// node would.
  private static func netRetention(_ settings: Settings) -> TimeSpan {
    TimeSpan(milliseconds: settings.session.retention.milliseconds + TimeSpan.days(1).milliseconds)
  }
}
