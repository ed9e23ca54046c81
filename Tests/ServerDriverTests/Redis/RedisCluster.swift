#if Redis
  import Foundation
  import RedisDriver

  /// Three primaries and three replicas of a Cluster that a test has for itself.
  final class RedisCluster: Sendable {
    /// The first three are primaries at the beginning, and each one's replica is three places after it.
    let nodes: [RedisProcess]

    var address: String { "redis+cluster://" + nodes.map { "127.0.0.1:\($0.port)" }.joined(separator: ",") }

    /// Starts it, and returns when every server has the whole picture.
    init(_ arguments: [String] = []) async throws {
      var nodes: [RedisProcess] = []
      var busPorts: [Int] = []
      for _ in 0..<6 {
        let busPort = try freePort()
        busPorts.append(busPort)
        nodes.append(
          try RedisProcess(
            [
              "--cluster-enabled", "yes", "--cluster-node-timeout", "1000", "--cluster-port", "\(busPort)",
              "--repl-diskless-sync-delay", "0",
            ] + arguments))
      }
      self.nodes = nodes
      for (index, node) in nodes.enumerated() {
        try await node.ask { client in
          guard await node.waitUntilReady(client) else { throw RedisError(.unreachable, "A server does not start.") }
          if index < 3 {
            let first = index * 5461
            let last = index == 2 ? 16_383 : first + 5460
            _ = try await client.send(
              RedisCommand("CLUSTER", "ADDSLOTSRANGE", RedisArgument(first), RedisArgument(last)))
          }
          _ = try await client.send(RedisCommand("CLUSTER", "SET-CONFIG-EPOCH", RedisArgument(index + 1)))
        }
      }
      let others = Array(zip(nodes, busPorts).dropFirst())
      try await nodes[0].ask { client in
        for (node, busPort) in others {
          _ = try await client.send(
            RedisCommand("CLUSTER", "MEET", "127.0.0.1", RedisArgument(node.port), RedisArgument(busPort)))
        }
      }
      for index in 3..<6 {
        let id = try await nodes[index - 3].id()
        try await nodes[index].ask { client in
          _ = await eventually {
            (try? await client.send(RedisCommand("CLUSTER", "REPLICATE", RedisArgument(id)))) == .status("OK")
          }
        }
      }
      for node in nodes {
        try await node.ask { client in
          let isWhole = await eventually {
            let info = try? await client.send(RedisCommand("CLUSTER", "INFO")).asText
            let slots = try? await client.send(RedisCommand("CLUSTER", "SLOTS")).asArray
            return info?.contains("cluster_state:ok") == true && slots?.count == 3
              && slots?.allSatisfy { $0.asArray?.count == 4 } == true
          }
          guard isWhole else { throw RedisError(.clusterDown, "The Cluster does not come together.") }
        }
      }
    }

    /// The server that has a key's slot at present, by what `node` says.
    func owner(of key: String, says node: RedisProcess) async throws -> RedisProcess? {
      let slot = HashSlot.of(key)
      let rows = try await node.ask { try await $0.send(RedisCommand("CLUSTER", "SLOTS")).asArray ?? [] }
      for row in rows.compactMap(\.asArray) where row.count > 2 {
        guard let first = row[0].asInteger, let last = row[1].asInteger, (first...last).contains(Int64(slot)) else {
          continue
        }
        return nodes.first { row[2].asArray?[1].asInteger == Int64($0.port) }
      }
      return nil
    }
  }

  extension RedisProcess {
    /// Asks this server alone.
    func ask<Answer: Sendable>(_ body: @Sendable (RedisClient) async throws -> Answer) async throws -> Answer {
      let client = try RedisClient(address: address)
      let result: Result<Answer, any Error>
      do { result = .success(try await body(client)) } catch { result = .failure(error) }
      await client.stop()
      return try result.get()
    }

    /// Has this replica become the primary; whether it did.
    func takeOver() async -> Bool {
      await eventually {
        // One that has just come does not follow its primary closely enough yet, and gives up after five seconds.
        let asked = try? await ask { try await $0.send(RedisCommand("CLUSTER", "FAILOVER")) }
        guard asked == .status("OK") else { return false }
        return await eventually(within: .seconds(6)) {
          let role = try? await ask { try await $0.send(RedisCommand("ROLE")).asArray }
          return role?.first?.asText == "master"
        }
      }
    }

    /// Its name in the Cluster.
    func id() async throws -> String {
      try await ask { try await $0.send(RedisCommand("CLUSTER", "MYID")).asText ?? "" }
    }
  }
#endif
