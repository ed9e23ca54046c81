import Moving

#if Redis
  import RedisDriver

  /// The keys of a Redis, or of all primaries of a Cluster, that begin with a prefix.
  ///
  /// They are found by SCAN, which may show a key twice (https://redis.io/docs/latest/commands/scan/).
  ///
  /// What moves from one primary of a Cluster to another meanwhile may be missed; to import again brings it.
  struct RedisKeys: ForeignKeys {
    private let client: RedisClient
    private let prefix: String
    /// By what the servers that are still to be walked through are found; `nil` before it is known.
    private var servers: [RedisCommand.Route]?
    private var cursor = Self.beginning

    private static let beginning = Array("0".utf8)

    /// Connects to the Redis at an address.
    init(_ address: String, prefix: String) async throws(MovingError) {
      var configuration = RedisConfiguration()
      configuration.timeout = .seconds(10)
      do throws(RedisError) {
        client = try RedisClient(address: address, configuration: configuration)
      } catch {
        throw MovingError(.file, "The Redis can't be used: \(error.description)")
      }
      self.prefix = prefix
    }

    mutating func next() async throws(MovingError) -> [ForeignKey]? {
      do throws(RedisError) {
        if servers == nil { servers = client.isCluster ? try await primaries() : [.any] }
        if let server = servers?.first { return try await scan(server) }
      } catch {
        await client.stop()
        throw MovingError(.file, "The Redis failed: \(error.description) Import again to go on.")
      }
      await client.stop()
      return nil
    }

    /// One slot of each primary, by which it is found (https://redis.io/docs/latest/commands/cluster-slots/).
    private func primaries() async throws(RedisError) -> [RedisCommand.Route] {
      let ranges = try await client.send(RedisCommand("CLUSTER", "SLOTS")).asArray ?? []
      var known: Set<[String?]> = []
      return ranges.compactMap { range in
        guard let parts = range.asArray, parts.count >= 3, let slot = parts[0].asInteger.flatMap({ Int(exactly: $0) }),
          (0..<16_384).contains(slot), let server = parts[2].asArray, server.count >= 2,
          known.insert([server[0].asText, server[1].asInteger.map(String.init)]).inserted
        else { return nil }
        return .slot(slot)
      }
    }

    private mutating func scan(_ server: RedisCommand.Route) async throws(RedisError) -> [ForeignKey] {
      let pattern = String(prefix.flatMap { "*?[]\\".contains($0) ? ["\\", $0] : [$0] })
      let reply = try await client.send(
        RedisCommand(
          ["SCAN", RedisArgument(cursor), "MATCH", RedisArgument(pattern + "*"), "COUNT", "500"], route: server))
      guard let parts = reply.asArray, parts.count == 2, let next = parts[0].asBytes, let found = parts[1].asArray
      else {
        servers = []
        return []
      }
      cursor = next
      if next == Self.beginning { servers?.removeFirst() }
      let names = found.compactMap(\.asBytes)
      let values = try await client.send(names.map { RedisCommand("GET", key: RedisArgument($0)) })
      let times = try await client.send(names.map { RedisCommand("PTTL", key: RedisArgument($0)) })
      return names.indices.compactMap { index in
        // One that has ended since the walk came by is gone.
        guard let value = values[index].asBytes else { return nil }
        let left = times[index].asInteger.flatMap { $0 >= 0 ? $0 : nil }
        return ForeignKey(
          name: Array(names[index].dropFirst(prefix.utf8.count)), value: value, millisecondsLeft: left)
      }
    }
  }
#endif
