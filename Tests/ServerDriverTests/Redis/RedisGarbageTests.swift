#if Redis
  import RedisDriver
  import Testing

  /// Servers that answer what no server should.
  struct RedisGarbageTests {
    @Test(
      "what is no answer is an error, and the connection is not used again",
      arguments: [
        "HTTP/1.1 400 Bad Request\r\n\r\n", "\0\0\0\0", "$x\r\n", "*x\r\n", ":9223372036854775808\r\n", ":1a\r\n",
        "*99999999999999999999\r\n", "*2147483648\r\n", "*2147483647\r\n", "*-2\r\n", "$-2\r\n",
        String(repeating: "*1\r\n", count: 40), "*3\r\n:1\r\n?", ":\r\nx",
      ])
    func garbage(answer: String) async throws {
      let server = try FakeRedis { connection, number in
        connection.greet()
        connection.answer { _ in number == 1 ? answer : "+fine\r\n" }
      }
      let client = try RedisClient(address: server.address)
      let error = await #expect(throws: RedisError.self) { try await client.send(RedisCommand("GET", key: "a")) }
      #expect(error?.code == .garbled || error?.code == .timeout)
      #expect(error?.mayHaveExecuted == true)
      #expect(await eventually { (try? await client.send(RedisCommand("GET", key: "a"))) == .status("fine") })
      #expect(server.connections >= 2)
      await client.stop()
    }

    @Test("an answer that announces more than may come costs no memory and no time beyond the call's")
    func announced() async throws {
      let server = try FakeRedis { connection, _ in
        connection.greet()
        connection.answer { $0[0] == "BULK" ? "$9223372036854775807\r\nabc" : "*16000000\r\n:1\r\n" }
        connection.waitForEnd()
      }
      let client = try RedisClient(address: server.address)
      for name in ["BULK", "ARRAY"] {
        #expect(
          await eventually {
            let error = await #expect(throws: RedisError.self) { try await client.send(RedisCommand(name)) }
            return error?.code == .timeout && error?.mayHaveExecuted == true
          })
      }
      await client.stop()
    }

    @Test("an answer beyond the limit is refused")
    func large() async throws {
      let server = try FakeRedis { connection, _ in
        connection.greet()
        connection.answer { _ in "$200000\r\n" + String(repeating: "a", count: 200_000) + "\r\n" }
      }
      var configuration = RedisConfiguration()
      configuration.largestReply = 100_000
      let client = try RedisClient(address: server.address, configuration: configuration)
      let error = await #expect(throws: RedisError.self) { try await client.send(RedisCommand("GET", key: "a")) }
      #expect(error?.code == .garbled)
      await client.stop()
      configuration.largestReply = 300_000
      let patient = try RedisClient(address: server.address, configuration: configuration)
      #expect(try await patient.send(RedisCommand("GET", key: "a")).asBytes?.count == 200_000)
      await patient.stop()
    }

    @Test("answers that come byte by byte belong to their questions")
    func dripping() async throws {
      let server = try FakeRedis { connection, _ in
        connection.greet()
        while let command = connection.command() {
          for byte in "*2\r\n$\(command[1].utf8.count)\r\n\(command[1])\r\n:7\r\n".utf8 { connection.write([byte]) }
        }
      }
      let client = try RedisClient(address: server.address)
      await withTaskGroup(of: Void.self) { group in
        for number in 0..<50 {
          group.addTask {
            let reply = try? await client.send(RedisCommand("GET", key: "key \(number)"))
            #expect(reply == .array([.bytes(Array("key \(number)".utf8)), .integer(7)]))
          }
        }
      }
      await client.stop()
    }

    @Test("two answers for one command never become the answer of the next")
    func twice() async throws {
      let server = try FakeRedis { connection, _ in
        connection.greet()
        connection.answer { "+\($0[1])\r\n+stray\r\n" }
      }
      let client = try RedisClient(address: server.address)
      for number in 0..<100 {
        // The stray answer may come with its like, or find the connection idle and end it: it may not be believed.
        let reply = try? await client.send(RedisCommand("GET", key: "\(number)"))
        #expect(reply == nil || reply == .status("\(number)"))
      }
      let isReplaced = await eventually {
        _ = try? await client.send(RedisCommand("GET", key: "again"))
        return server.connections > 1
      }
      #expect(isReplaced)
      await client.stop()
    }

    @Test("a connection that breaks in the middle of an answer fails what was sent, and nothing else")
    func broken() async throws {
      let server = try FakeRedis { connection, number in
        connection.greet()
        connection.answer { command in
          if number == 1, command[1] == "5" {
            connection.write("$10\r\nabc")
            connection.reset()
            return nil
          }
          return "+\(command[1])\r\n"
        }
      }
      let client = try RedisClient(address: server.address)
      for number in 0..<20 {
        do {
          #expect(try await client.send(RedisCommand("GET", key: "\(number)")) == .status("\(number)"))
          #expect(number != 5)
        } catch {
          // A server that drops new connections counts as down for a moment: then nothing is sent.
          #expect(error.mayHaveExecuted == (number == 5), "\(number): \(error.code), \(error)")
        }
      }
      #expect(await eventually { (try? await client.send(RedisCommand("GET", key: "6"))) == .status("6") })
      await client.stop()
    }
  }
#endif
