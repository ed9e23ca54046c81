#if Redis
  import Foundation
  import RedisDriver
  import RedisStore
  import SessionCore
  import Testing

  /// A namespace of its own on a server or a Cluster, and a client that sees what a person would see there.
  struct RedisPlace: Sendable {
    /// The server's or the Cluster's address.
    let address: String
    /// What all keys begin with.
    let namespace = "test-\(UUID().uuidString)"
    /// Sees everything.
    let client: RedisClient

    /// Runs `body` on a new place and a store there; the keys stay on the server, which is the tests' own.
    static func use(_ address: String, _ body: (RedisPlace, RedisStore) async throws -> Void) async throws {
      let place = RedisPlace(address: address, client: try RedisClient(address: address))
      var outcome = Result<Void, any Error>.success(())
      do {
        let store = try await place.open()
        do { try await body(place, store) } catch { outcome = .failure(error) }
        await store.shutdown()
      } catch {
        outcome = .failure(error)
      }
      await place.client.stop()
      try outcome.get()
    }

    /// Another store on this place.
    func open() async throws -> RedisStore {
      var configuration = RedisStoreConfiguration()
      configuration.namespace = namespace
      configuration.timeout = .seconds(10)
      return try await RedisStore(address: address, configuration: configuration)
    }

    /// A key of the partition that has accounts and service keys.
    func inDirectory(_ name: String) -> RedisArgument {
      client.isCluster ? "{\(namespace):p0}:\(name)" : "{\(namespace)}:\(name)"
    }

    /// A key of what logging in must remember.
    func inLogins(_ name: String) -> RedisArgument {
      client.isCluster ? "{\(namespace):logins}:\(name)" : "{\(namespace)}:\(name)"
    }

    /// A command on one key.
    func ask(_ command: String, _ key: RedisArgument, _ words: RedisArgument...) async throws -> RedisReply {
      try await client.send(RedisCommand([RedisArgument(command), key] + words, route: .key(key)))
    }

    /// The fields of a hash.
    func fields(_ key: RedisArgument) async throws -> [String: String] {
      let words = (try await ask("HGETALL", key).asArray ?? []).map { $0.asText ?? "" }
      return Dictionary(
        uniqueKeysWithValues: stride(from: 0, to: words.count - 1, by: 2).map { (words[$0], words[$0 + 1]) })
    }

    /// The addresses that the environment names.
    static let addresses = ["REDIS", "VALKEY", "REDIS_CLUSTER"].compactMap {
      ProcessInfo.processInfo.environment["SESAME_TEST_\($0)"]
    }
  }
#endif
