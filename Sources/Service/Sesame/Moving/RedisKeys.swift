import Moving

#if Redis
  import RedisDriver

  /// The keys of one Redis that begin with a prefix, by SCAN, which may show a key twice
  /// (https://redis.io/docs/latest/commands/scan/).
  struct RedisKeys: ForeignKeys {
    private let client: RedisClient
    private let prefix: String
    private var cursor: [UInt8]? = Array("0".utf8)

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
      guard client.isCluster else { return }
      await client.stop()
      throw MovingError(.format, "Of a Cluster name each primary by itself, as redis://host:port.")
    }

    mutating func next() async throws(MovingError) -> [ForeignKey]? {
      guard let place = cursor else { return nil }
      do throws(RedisError) {
        let keys = try await scan(from: place)
        if cursor == nil { await client.stop() }
        return keys
      } catch {
        await client.stop()
        throw MovingError(.file, "The Redis failed: \(error.description) Import again to go on.")
      }
    }

    private mutating func scan(from place: [UInt8]) async throws(RedisError) -> [ForeignKey] {
      let pattern = String(prefix.flatMap { "*?[]\\".contains($0) ? ["\\", $0] : [$0] })
      let reply = try await client.send(
        RedisCommand("SCAN", RedisArgument(place), "MATCH", RedisArgument(pattern + "*"), "COUNT", "500"))
      guard let parts = reply.asArray, parts.count == 2, let next = parts[0].asBytes, let found = parts[1].asArray
      else {
        cursor = nil
        return []
      }
      cursor = next == Array("0".utf8) ? nil : next
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
