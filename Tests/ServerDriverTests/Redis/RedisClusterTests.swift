#if Redis
  import RedisDriver
  import Testing

  /// A Cluster whose servers die, change their roles and give slots away.
  @Suite(.enabled(if: RedisProcess.program != nil), .serialized)
  struct RedisClusterTests {
    @Test("a primary that is killed under load is replaced, is primary again later, and so is the next one")
    func failover() async throws {
      let cluster = try await RedisCluster()
      let client = try RedisClient(address: cluster.address)
      let load = RedisLoad(client)
      #expect(await load.answers(1000))
      for victim in 0..<2 {
        cluster.nodes[victim].kill()
        #expect(await Self.servesEverything(client))
        #expect(await load.answers(1000))
        try cluster.nodes[victim].start()
        #expect(await load.answers(1000))
        #expect(await cluster.nodes[victim].takeOver())
        #expect(await Self.servesEverything(client))
        #expect(await load.answers(1000))
      }
      let counts = await load.end()
      #expect(counts.wrong == 0)
      #expect(counts.notExecuted > 0)
      #expect(counts.unknown <= 2 * 16)
      #expect(counts.longest < RedisFaultTests.limit)
      await client.stop()
    }

    @Test("a primary that hangs under load is replaced, and is a replica when it goes on")
    func hang() async throws {
      let cluster = try await RedisCluster()
      let client = try RedisClient(address: cluster.address)
      let load = RedisLoad(client)
      #expect(await load.answers(1000))
      cluster.nodes[1].hold()
      #expect(await Self.servesEverything(client))
      cluster.nodes[1].goOn()
      #expect(await load.answers(2000))
      #expect(await Self.servesEverything(client))
      let counts = await load.end()
      #expect(counts.wrong == 0)
      #expect(counts.longest < RedisFaultTests.limit)
      await client.stop()
    }

    @Test("roles that are exchanged under load lose nothing")
    func exchange() async throws {
      let cluster = try await RedisCluster()
      let client = try RedisClient(address: cluster.address)
      let load = RedisLoad(client)
      #expect(await load.answers(1000))
      for replica in 3..<6 {
        #expect(await cluster.nodes[replica].takeOver())
        #expect(await load.answers(1000))
      }
      let counts = await load.end()
      #expect(counts.wrong == 0)
      #expect(counts.unknown == 0)
      #expect(counts.longest < RedisFaultTests.limit)
      await client.stop()
    }

    @Test("a slot that moves is followed at every step: asked, tried again, moved; a script waits for the end")
    func migration() async throws {
      let cluster = try await RedisCluster()
      let client = try RedisClient(address: cluster.address)
      let slot = HashSlot.of("{moving}")
      let source = try #require(try await cluster.owner(of: "{moving}", says: cluster.nodes[0]))
      let target = try #require(cluster.nodes[..<3].first { $0.port != source.port })
      _ = try await client.send(RedisCommand("SET", key: "{moving}old", "1"))
      let (sourceID, targetID) = (try await source.id(), try await target.id())
      try await target.ask {
        _ = try await $0.send(
          RedisCommand("CLUSTER", "SETSLOT", RedisArgument(slot), "IMPORTING", RedisArgument(sourceID)))
      }
      try await source.ask {
        _ = try await $0.send(
          RedisCommand("CLUSTER", "SETSLOT", RedisArgument(slot), "MIGRATING", RedisArgument(targetID)))
      }
      // What is not at the source is asked of the target.
      #expect(try await client.send(RedisCommand("SET", key: "{moving}new", "2")) == .status("OK"))
      #expect(try await client.send(RedisCommand("GET", key: "{moving}new")).asText == "2")
      #expect(try await client.send(RedisCommand("GET", key: "{moving}old")).asText == "1")
      // A script might use others of the slot's keys, of which the target has only some yet.
      let script = RedisCommand(RedisScript("return redis.call('GET', KEYS[1])"), keys: ["{moving}new"])
      let early = await #expect(throws: RedisError.self) { try await client.send(script) }
      #expect(early?.serverCode == "ASK" && early?.mayHaveExecuted == false)
      // Of two keys one is here and one there: it can't be done until they are together.
      let both = RedisCommand(["MGET", "{moving}old", "{moving}new"], route: .key("{moving}"))
      let apart = await #expect(throws: RedisError.self) { try await client.send(both) }
      #expect(apart?.serverCode == "TRYAGAIN" && apart?.mayHaveExecuted == false)
      async let together = client.send(both, deadline: .now + .seconds(20))
      try await source.ask {
        _ = try await $0.send(
          RedisCommand("MIGRATE", "127.0.0.1", RedisArgument(target.port), "{moving}old", "0", "5000"))
      }
      #expect(try await together == .array([.bytes([0x31]), .bytes([0x32])]))
      for node in [target, source] {
        try await node.ask {
          _ = try await $0.send(
            RedisCommand("CLUSTER", "SETSLOT", RedisArgument(slot), "NODE", RedisArgument(targetID)))
        }
      }
      #expect(try await client.send(RedisCommand("GET", key: "{moving}old")).asText == "1")
      #expect(try await client.send(script).asText == "2")
      #expect(try await cluster.owner(of: "{moving}", says: source)?.port == target.port)
      await client.stop()
    }

    @Test("a Cluster that is gone altogether is an error at once, and is found again when it is back")
    func absence() async throws {
      let cluster = try await RedisCluster()
      let client = try RedisClient(address: cluster.address)
      let load = RedisLoad(client)
      #expect(await load.answers(1000))
      for node in cluster.nodes { node.hold() }
      #expect(await eventually { load.now.codes.contains(.timeout) })
      let failed = load.now.notExecuted
      #expect(await eventually { load.now.notExecuted > failed + 500 })
      for node in cluster.nodes { node.goOn() }
      #expect(await Self.servesEverything(client))
      for node in cluster.nodes { node.kill() }
      #expect(await eventually { load.now.codes.contains(.unreachable) })
      for node in cluster.nodes { try node.start() }
      #expect(await Self.servesEverything(client))
      let counts = await load.end()
      #expect(counts.wrong == 0)
      #expect(counts.longest < RedisFaultTests.limit)
      await client.stop()
    }

    /// Waits until a hundred keys of different slots are all answered for.
    static func servesEverything(_ client: RedisClient) async -> Bool {
      await eventually(within: .seconds(60)) {
        let commands = (0..<100).map { RedisCommand("GET", key: "every \($0)") }
        return (try? await client.send(commands)) != nil
      }
    }
  }
#endif
