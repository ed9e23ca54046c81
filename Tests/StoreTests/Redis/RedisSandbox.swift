#if Redis
  import Foundation
  import RedisDriver
  import RedisStore
  import SessionCore

  /// A namespace of its own on a server or a Cluster of Redis, of which nothing is left afterwards.
  struct RedisSandbox: Sendable, CustomStringConvertible {
    let name: String
    let address: String
    let namespace = "t\(UInt64.random(in: .min ... .max))"

    var description: String { name }

    init(_ name: String, address: String) {
      self.name = name
      self.address = address
    }

    /// A place on each server that the environment names.
    static var all: [RedisSandbox] {
      [
        ("Redis", "SESAME_TEST_REDIS"), ("Valkey", "SESAME_TEST_VALKEY"),
        ("a Cluster of Redis", "SESAME_TEST_REDIS_CLUSTER"),
      ].compactMap { name, variable in
        ProcessInfo.processInfo.environment[variable].map { RedisSandbox(name, address: $0) }
      }
    }

    /// A place of the same kind, and another namespace.
    var another: RedisSandbox { RedisSandbox(name, address: address) }

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
    func use(_ body: (RedisSandbox) async throws -> Void) async throws {
      do { try await body(self) } catch {
        try? await remove()
        throw Failure(error: error)
      }
      try await remove()
    }

    /// An error with what the driver said of it.
    private struct Failure: Error, CustomStringConvertible {
      let error: any Error

      var description: String { "\(error) \((error as? StoreError)?.underlying.map { "(\($0))" } ?? "")" }
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
    }
  }
#endif
