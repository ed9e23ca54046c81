#if Redis
  import RedisDriver
  import Synchronization
  import Testing

  /// What scripted servers say of a Cluster, and where the client goes.
  struct RedisRoutingTests {
    @Test("servers that send a command in circles end it with an error, and are not asked without end")
    func circles() async throws {
      let ports = [try freePort(), try freePort()]
      let servers = try (0..<2).map { index in
        try FakeRedis(port: ports[index]) { connection, _ in
          connection.greet()
          connection.answer { command in
            if command[0] == "CLUSTER" { return Self.slots([("127.0.0.1", ports[index])]) }
            return "-MOVED 0 127.0.0.1:\(ports[1 - index])\r\n"
          }
        }
      }
      let client = try RedisClient(address: "redis+cluster://127.0.0.1:\(ports[0])")
      let error = await #expect(throws: RedisError.self) { try await client.send(RedisCommand("GET", key: "a")) }
      #expect(error?.code == .clusterDown && error?.serverCode == "MOVED" && error?.mayHaveExecuted == false)
      #expect(servers.allSatisfy { $0.connections > 0 })
      await client.stop()
    }

    @Test(
      "what servers say of others is believed only if it can be",
      arguments: [
        "-MOVED\r\n", "-MOVED x y\r\n", "-MOVED -1 127.0.0.1:1\r\n", "-MOVED 99999 127.0.0.1:1\r\n",
        "-MOVED 0 127.0.0.1:0\r\n", "-MOVED 0 127.0.0.1:99999\r\n", "-MOVED 0 127.0.0.1\r\n", "-MOVED 0 ?:1\r\n",
        "-ASK 0 \r\n", "-ASK 1 a b:1\r\n", "-MOVED 18446744073709551616 a:1\r\n",
      ])
    func nonsense(answer: String) async throws {
      let port = try freePort()
      let server = try FakeRedis(port: port) { connection, _ in
        connection.greet()
        connection.answer { $0[0] == "CLUSTER" ? Self.slots([("127.0.0.1", port)]) : answer }
      }
      let client = try RedisClient(address: "redis+cluster://127.0.0.1:\(port)")
      let error = await #expect(throws: RedisError.self) { try await client.send(RedisCommand("GET", key: "a")) }
      #expect(error?.mayHaveExecuted == false)
      #expect(server.connections > 0)
      await client.stop()
    }

    @Test("servers are found by what they announce: a name, nothing, or null for the one that was asked")
    func announced() async throws {
      for host in ["localhost", "", nil] {
        let port = try freePort()
        let server = try FakeRedis(port: port) { connection, _ in
          connection.greet()
          connection.answer { $0[0] == "CLUSTER" ? Self.slots([(host, port)]) : "+fine\r\n" }
        }
        let seed = try FakeRedis { connection, _ in
          connection.greet()
          connection.answer { $0[0] == "CLUSTER" ? Self.slots([(host, port)]) : "+wrong\r\n" }
        }
        let client = try RedisClient(address: "redis+cluster://127.0.0.1:\(seed.port)")
        #expect(try await client.send(RedisCommand("GET", key: "a")) == .status("fine"))
        #expect(server.connections > 0)
        await client.stop()
      }
    }

    @Test("a seed that is gone, silent or no Cluster does not keep the client from the others")
    func seeds() async throws {
      let port = try freePort()
      let good = try FakeRedis(port: port) { connection, _ in
        connection.greet()
        connection.answer { $0[0] == "CLUSTER" ? Self.slots([("127.0.0.1", port)]) : "+fine\r\n" }
      }
      let silent = try FakeRedis { connection, _ in connection.waitForEnd() }
      let plain = try FakeRedis { connection, _ in
        connection.greet()
        connection.answer { _ in "-ERR This instance has cluster support disabled\r\n" }
      }
      let empty = try FakeRedis { connection, _ in
        connection.greet()
        connection.answer { _ in "*0\r\n" }
      }
      let gone = try freePort()
      let address = [gone, silent.port, plain.port, empty.port, good.port].map { "127.0.0.1:\($0)" }
      let client = try RedisClient(address: "redis+cluster://\(address.joined(separator: ","))")
      #expect(try await client.send(RedisCommand("GET", key: "a"), deadline: .now + .seconds(20)) == .status("fine"))
      await client.stop()
      let lost = try RedisClient(address: "redis+cluster://127.0.0.1:\(plain.port),127.0.0.1:\(gone)")
      let error = await #expect(throws: RedisError.self) { try await lost.send(RedisCommand("GET", key: "a")) }
      #expect(error?.mayHaveExecuted == false)
      await lost.stop()
    }

    @Test("a server that was lost, and lost its slots, is called again when it has them back")
    func comeback() async throws {
      let ports = [try freePort(), try freePort()]
      let owner = Mutex(0)
      let start = { (index: Int) in
        try FakeRedis(port: ports[index]) { connection, _ in
          connection.greet()
          connection.answer { command in
            let owner = ports[owner.withLock { $0 }]
            if command[0] == "CLUSTER" { return Self.slots([("127.0.0.1", owner)]) }
            return owner == ports[index] ? "+\(index)\r\n" : "-MOVED 0 127.0.0.1:\(owner)\r\n"
          }
        }
      }
      var servers: [FakeRedis?] = [try start(0), try start(1)]
      let client = try RedisClient(address: "redis+cluster://127.0.0.1:\(ports[0]),127.0.0.1:\(ports[1])")
      let isServed = { (index: Int) in
        await eventually { (try? await client.send(RedisCommand("GET", key: "a"))) == .status("\(index)") }
      }
      #expect(await isServed(0))
      servers[0] = nil
      // It is missed while it still has the slots.
      #expect(await eventually { (try? await client.send(RedisCommand("GET", key: "a"))) == nil })
      owner.withLock { $0 = 1 }
      #expect(await isServed(1))
      // Until the time has come at which it would have been tried again.
      let end = ContinuousClock.now + .seconds(1)
      while ContinuousClock.now < end { #expect(await isServed(1)) }
      servers[0] = try start(0)
      owner.withLock { $0 = 0 }
      #expect(await isServed(0))
      #expect(servers.allSatisfy { ($0?.connections ?? 0) > 0 })
      await client.stop()
    }

    @Test("one server that belongs to a Cluster says so instead of being followed")
    func misread() async throws {
      let server = try FakeRedis { connection, _ in
        connection.greet()
        connection.answer { _ in "-MOVED 0 127.0.0.1:1\r\n" }
      }
      let client = try RedisClient(address: server.address)
      let error = await #expect(throws: RedisError.self) { try await client.send(RedisCommand("GET", key: "a")) }
      #expect(error?.code == .clusterDown && error?.mayHaveExecuted == false)
      await client.stop()
    }

    /// An answer to CLUSTER SLOTS in which the servers share all slots alike.
    static func slots(_ servers: [(host: String?, port: Int)]) -> String {
      let size = 16_384 / servers.count
      var text = "*\(servers.count)\r\n"
      for (index, server) in servers.enumerated() {
        let host = server.host.map { "$\($0.utf8.count)\r\n\($0)\r\n" } ?? "$-1\r\n"
        let last = index == servers.count - 1 ? 16_383 : (index + 1) * size - 1
        text += "*3\r\n:\(index * size)\r\n:\(last)\r\n*3\r\n\(host):\(server.port)\r\n$2\r\nid\r\n"
      }
      return text
    }
  }
#endif
