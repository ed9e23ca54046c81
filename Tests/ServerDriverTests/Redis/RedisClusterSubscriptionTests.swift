#if Redis
  import RedisDriver
  import Testing

  /// Channels whose slots change their servers.
  @Suite(.enabled(if: RedisProcess.program != nil), .serialized)
  struct RedisClusterSubscriptionTests {
    /// Channels of all three primaries.
    static let channels = (0..<30).map { "channel {\($0)}" }

    @Test("channels follow their slots when a primary dies, and nothing is lost without being told")
    func failover() async throws {
      let cluster = try await RedisCluster()
      let client = try RedisClient(address: cluster.address)
      let heard = HeardChannels()
      let subscription = try client.subscribe(to: Self.channels) { heard.add($0) }
      #expect(await eventually { Self.channels.allSatisfy { heard.isOpen($0) } })
      cluster.nodes[0].kill()
      #expect(await RedisClusterTests.servesEverything(client))
      #expect(await eventually { Self.channels.allSatisfy { heard.isOpen($0) } })
      #expect(Self.channels.contains { heard.lost($0) > 0 } && Self.channels.contains { heard.lost($0) == 0 })
      for channel in Self.channels {
        #expect(await RedisSubscriptionTests.isHeard(channel, "after", heard, client))
      }
      subscription.cancel()
      await client.stop()
    }

    @Test("channels follow their slots when a primary hangs, exchanges its role, or gives a slot away")
    func moves() async throws {
      let cluster = try await RedisCluster()
      let client = try RedisClient(address: cluster.address)
      let heard = HeardChannels()
      let subscription = try client.subscribe(to: Self.channels) { heard.add($0) }
      #expect(await eventually { Self.channels.allSatisfy { heard.isOpen($0) } })
      // A replica takes over, and the old primary stays where it is.
      let exchanged = try #require(Self.channels.first { HashSlot.of($0) < 5461 })
      let before = heard.opened(exchanged)
      _ = try await cluster.nodes[3].ask { try await $0.send(RedisCommand("CLUSTER", "FAILOVER")) }
      #expect(await eventually { heard.opened(exchanged) > before && heard.isOpen(exchanged) })
      #expect(await RedisSubscriptionTests.isHeard(exchanged, "exchanged", heard, client))
      // A slot is given away.
      let moved = try #require(Self.channels.first { (5461..<10_922).contains(HashSlot.of($0)) })
      let target = cluster.nodes[2]
      let id = try await target.id()
      let slot = HashSlot.of(moved)
      for node in [cluster.nodes[2], cluster.nodes[1]] {
        _ = try await node.ask {
          try await $0.send(RedisCommand("CLUSTER", "SETSLOT", RedisArgument(slot), "NODE", RedisArgument(id)))
        }
      }
      #expect(await eventually { heard.opened(moved) == 2 && heard.isOpen(moved) })
      #expect(await RedisSubscriptionTests.isHeard(moved, "moved", heard, client))
      // A primary hangs.
      let hung = try #require(Self.channels.first { HashSlot.of($0) >= 10_923 })
      target.hold()
      #expect(await eventually { heard.lost(hung) >= 1 && heard.isOpen(hung) })
      #expect(await RedisSubscriptionTests.isHeard(hung, "hung", heard, client))
      target.goOn()
      for channel in Self.channels {
        #expect(await RedisSubscriptionTests.isHeard(channel, "end", heard, client))
      }
      subscription.cancel()
      await client.stop()
    }
  }
#endif
