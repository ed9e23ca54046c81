#if Redis
  import Foundation
  import RedisDriver
  import RedisStore
  import SessionCore
<<<<<<< HEAD

  /// A namespace of its own on a server or a Cluster of Redis, of which nothing is left afterwards.
  struct RedisPlace: Sendable, CustomStringConvertible {
    let name: String
    let address: String
    let namespace = "t\(UInt64.random(in: .min ... .max))"

    var description: String { name }

    init(_ name: String, address: String) {
      self.name = name
      self.address = address
    }

    /// A place on each server that the environment names.
    static var all: [RedisPlace] {
      [
        ("Redis", "SESAME_TEST_REDIS"), ("Valkey", "SESAME_TEST_VALKEY"),
        ("a Cluster of Redis", "SESAME_TEST_REDIS_CLUSTER"),
      ].compactMap { name, variable in
        ProcessInfo.processInfo.environment[variable].map { RedisPlace(name, address: $0) }
      }
    }

    /// A place of the same kind, and another namespace.
    var another: RedisPlace { RedisPlace(name, address: address) }

    var isCluster: Bool { address.hasPrefix("redis+cluster:") }

    func open(_ change: (inout RedisStoreConfiguration) -> Void = { _ in }) async throws -> RedisStore {
      var configuration = RedisStoreConfiguration()
      configuration.namespace = namespace
      // Other tests run on the same two cores; what fails in time has tests of its own.
      configuration.timeout = .seconds(20)
      change(&configuration)
      return try await RedisStore(address: address, configuration: configuration)
    }

    func client() throws -> RedisClient {
      var configuration = RedisConfiguration()
      configuration.timeout = .seconds(20)
      return try RedisClient(address: address, configuration: configuration)
    }

    /// Runs `body` on this place, and removes it.
    func use(_ body: (RedisPlace) async throws -> Void) async throws {
      do { try await body(self) } catch {
        try? await remove()
        throw error
      }
      try await remove()
    }

    /// Removes every key.
    func remove() async throws {
      let client = try client()
      var slots = [0]
      if isCluster {
        slots = (try await client.send(RedisCommand("CLUSTER", "SLOTS")).asArray ?? []).compactMap {
          $0.asArray?.first?.asInteger.map { Int($0) }
        }
      }
      for slot in slots {
        var cursor = "0"
        repeat {
          let page = try await client.send(
            RedisCommand(["SCAN", "\(cursor)", "MATCH", "{\(namespace)*", "COUNT", "1000"], route: .slot(slot)))
          cursor = page.asArray?.first?.asText ?? "0"
          let keys = (page.asArray?.last?.asArray ?? []).compactMap(\.asBytes)
          _ = try await client.send(keys.map { RedisCommand("UNLINK", key: RedisArgument($0)) })
        } while cursor != "0"
      }
      await client.stop()
=======
  import Testing

  /// A namespace of its own on a server or a Cluster, and a client that sees what a person would see there.
  struct RedisPlace: Sendable {
    /// The server's or the Cluster's address.
    let address: String
    /// What all keys begin with.
    let namespace = "test-\(UUID().uuidString)"
    /// Sees everything.
    let client: RedisClient

    /// Runs `body` on a new place and a store there, of which nothing is left afterwards.
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
>>>>>>> redisaccounts
    }
  }
#endif
