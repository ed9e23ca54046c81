#if Redis
  import RedisStore

  extension TestedStore {
    /// Redis, Valkey and a Cluster, with keys of another prefix for each place; they stay as long as the server.
    static let redis = [
      TestedServer("SESAME_TEST_REDIS") { redis("Redis", $0) },
      TestedServer("SESAME_TEST_VALKEY") { redis("Valkey", $0) },
      TestedServer("SESAME_TEST_REDIS_CLUSTER") { redis("Redis Cluster", $0) },
    ]

    private static func redis(_ name: String, _ address: String) -> TestedStore {
      TestedStore(name, isShared: true) {
        var configuration = RedisStoreConfiguration()
        configuration.namespace = StorePlace.newName()
        configuration.timeout = patience
        let chosen = configuration
        return StorePlace { try await RedisStore(address: address, configuration: chosen) }
      }
    }
  }
#endif
