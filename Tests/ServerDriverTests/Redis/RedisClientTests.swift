#if Redis
  import RedisDriver
  import Testing

  @Suite(.enabled(if: !RedisServers.all.isEmpty))
  struct RedisClientTests {
    @Test("every kind of answer comes as it is", arguments: RedisServers.all)
    func answers(address: String) async throws {
      let client = try RedisClient(address: address)
      let key = RedisArgument(RedisServers.namespace() + "{a}")
      #expect(try await client.send(RedisCommand("PING")) == .status("PONG"))
      #expect(try await client.send(RedisCommand("GET", key: key)) == .null)
      let bytes = (0...255).map { UInt8($0) }
      #expect(try await client.send(RedisCommand("SET", key: key, RedisArgument(bytes), "PX", 60_000)) == .status("OK"))
      #expect(try await client.send(RedisCommand("GET", key: key)) == .bytes(bytes))
      #expect(try await client.send(RedisCommand("STRLEN", key: key)) == .integer(256))
      #expect(try await client.send(RedisCommand("DEL", key: key)) == .integer(1))
      let script = RedisScript("return {1, 'two', {3, {}}, false, redis.error_reply('MINE text')}")
      #expect(
        try await client.send(RedisCommand(script, keys: [key]))
          == .array([
            .integer(1), .bytes(Array("two".utf8)), .array([.integer(3), .array([])]), .null,
            .error(code: "MINE", text: "MINE text"),
          ]))
      await client.stop()
    }

    @Test("a refusal is thrown with the server's word for it", arguments: RedisServers.all)
    func refusals(address: String) async throws {
      let client = try RedisClient(address: address)
      let key = RedisArgument(RedisServers.namespace())
      _ = try await client.send(RedisCommand("SET", key: key, "text", "PX", 60_000))
      let error = await #expect(throws: RedisError.self) { try await client.send(RedisCommand("LPOP", key: key)) }
      #expect(error?.code == .refused)
      #expect(error?.serverCode == "WRONGTYPE")
      await client.stop()
    }

    @Test("10,000 commands at once have each its own answer", arguments: RedisServers.all)
    func many(address: String) async throws {
      let client = try RedisClient(address: address)
      let namespace = RedisServers.namespace()
      let begin = ContinuousClock.now
      let wrong = await withTaskGroup(of: Int.self) { group in
        for worker in 0..<100 {
          group.addTask {
            var wrong = 0
            for number in 0..<100 {
              let key = RedisArgument("\(namespace)\(worker):\(number)")
              do {
                _ = try await client.send(RedisCommand("SET", key: key, "\(worker) \(number)", "PX", 60_000))
                let reply = try await client.send(RedisCommand("GET", key: key))
                if reply.asText != "\(worker) \(number)" { wrong += 1 }
              } catch { print(error); wrong += 1 }
            }
            return wrong
          }
        }
        return await group.reduce(0, +)
      }
      #expect(wrong == 0)
      print("20,000 commands in", ContinuousClock.now - begin)
      await client.stop()
    }
  }
#endif
