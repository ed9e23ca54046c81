#if Redis
  import Foundation
  import RedisDriver
  import Testing

  /// A real server that is killed, held, and takes connections away.
  @Suite(.enabled(if: RedisProcess.program != nil))
  struct RedisFaultTests {
    /// What no call may take, with a timeout of 0.8 s and a machine that does other things as well.
    static let limit = Duration.seconds(5)

    @Test("a server that is killed and started again under load is used again, and no answer is mixed up")
    func killed() async throws {
      let server = try RedisProcess()
      let client = try RedisClient(address: server.address)
      #expect(await server.waitUntilReady(client))
      let load = RedisLoad(client)
      for _ in 0..<3 {
        #expect(await load.answers(200))
        server.kill()
        #expect(await eventually { load.now.codes.contains(.unreachable) })
        try server.start()
        #expect(await load.answers(200))
      }
      let counts = await load.end()
      #expect(counts.wrong == 0)
      #expect(counts.longest < Self.limit)
      // Each kill loses what was under way, 16 commands at most; all else was never sent.
      #expect(counts.unknown <= 3 * 16)
      await client.stop()
    }

    @Test("a server that hangs costs one timeout, then calls fail at once until it goes on")
    func held() async throws {
      let server = try RedisProcess()
      let client = try RedisClient(address: server.address)
      #expect(await server.waitUntilReady(client))
      let load = RedisLoad(client)
      for _ in 0..<2 {
        #expect(await load.answers(200))
        server.hold()
        #expect(await eventually { load.now.codes.contains(.timeout) })
        let failed = load.now.notExecuted
        #expect(await eventually { load.now.notExecuted > failed + 500 })
        server.goOn()
        #expect(await load.answers(200))
      }
      let counts = await load.end()
      #expect(counts.wrong == 0)
      #expect(counts.longest < Self.limit)
      // Those under way, and a caller whose time is over a moment before the others' may ask once more.
      #expect(counts.unknown <= 4 * 16)
      await client.stop()
    }

    @Test("a call behind one that hangs keeps its own, shorter deadline")
    func deadlines() async throws {
      let server = try RedisProcess()
      var configuration = RedisConfiguration()
      configuration.timeout = .seconds(20)
      let client = try RedisClient(address: server.address, configuration: configuration)
      #expect(await server.waitUntilReady(client))
      server.hold()
      async let patient: RedisReply? = try? client.send(RedisCommand("ECHO", "patient"))
      let begin = ContinuousClock.now
      for _ in 0..<3 {
        let error = await #expect(throws: RedisError.self) {
          try await client.send(RedisCommand("ECHO", "short"), deadline: .now + .milliseconds(100))
        }
        #expect(error?.code == .timeout && error?.mayHaveExecuted == true)
      }
      let past = await #expect(throws: RedisError.self) {
        try await client.send(RedisCommand("ECHO", "late"), deadline: .now - .milliseconds(1))
      }
      #expect(past?.code == .timeout && past?.mayHaveExecuted == false)
      #expect(ContinuousClock.now - begin < Self.limit)
      server.goOn()
      #expect(await patient == .bytes(Array("patient".utf8)))
      #expect(try await client.send(RedisCommand("ECHO", "next")) == .bytes(Array("next".utf8)))
      await client.stop()
    }

    @Test("connections that the server closes are made again, and no answer is mixed up")
    func closed() async throws {
      let server = try RedisProcess()
      let client = try RedisClient(address: server.address)
      let killer = try RedisClient(address: server.address)
      #expect(await server.waitUntilReady(client))
      #expect(await server.waitUntilReady(killer))
      let load = RedisLoad(client)
      for _ in 0..<20 {
        #expect(await load.answers(50))
        _ = try await killer.send(RedisCommand("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"))
      }
      #expect(await load.answers(50))
      let counts = await load.end()
      #expect(counts.wrong == 0)
      #expect(counts.unknown > 0 && counts.unknown <= 20 * 16)
      #expect(counts.longest < Self.limit)
      await client.stop()
      await killer.stop()
    }

    @Test("10,000 callers of whom 5 in 100 give up have each their own answer or none")
    func cancelled() async throws {
      let server = try RedisProcess()
      var configuration = RedisConfiguration()
      configuration.timeout = .seconds(20)
      let client = try RedisClient(address: server.address, configuration: configuration)
      #expect(await server.waitUntilReady(client))
      let wrong = await withTaskGroup(of: Int.self) { group in
        for worker in 0..<100 {
          group.addTask {
            var wrong = 0
            for number in 0..<100 {
              let word = "\(worker) \(number)"
              let task = Task {
                // Some give up themselves, some have a deadline that is over before the answer can be there.
                try await client.send(
                  RedisCommand("ECHO", RedisArgument(word)),
                  deadline: number % 40 == 7 ? .now + .microseconds(50) : nil)
              }
              if number % 40 == 3 { task.cancel() }
              switch await task.result {
              case .success(let reply): if reply.asText != word { wrong += 1 }
              case .failure: if number % 40 != 7 { wrong += 1 }
              }
            }
            return wrong
          }
        }
        return await group.reduce(0, +)
      }
      #expect(wrong == 0)
      await client.stop()
    }

    @Test("as many commands as may are under way, and the next is refused at once")
    func bounded() async throws {
      let server = try RedisProcess()
      var configuration = RedisConfiguration()
      configuration.capacity = 100
      let client = try RedisClient(address: server.address, configuration: configuration)
      #expect(await server.waitUntilReady(client))
      server.hold()
      let codes = await withTaskGroup(of: RedisError.Code?.self) { group in
        for _ in 0..<150 {
          group.addTask {
            do throws(RedisError) {
              _ = try await client.send(RedisCommand("PING"))
              return nil
            } catch { return error.code }
          }
        }
        return await group.reduce(into: []) { $0.append($1) }
      }
      #expect(codes.filter { $0 == .busy }.count >= 50 && codes.filter { $0 == .timeout }.count >= 1)
      server.goOn()
      #expect(await server.waitUntilReady(client))
      await client.stop()
    }

    @Test("a server that does not exist is an error at once, after the first attempt")
    func absent() async throws {
      let client = try RedisClient(address: "redis://127.0.0.1:\(try freePort())")
      for _ in 0..<100 {
        let error = await #expect(throws: RedisError.self) { try await client.send(RedisCommand("PING")) }
        #expect(error?.code == .unreachable && error?.mayHaveExecuted == false)
      }
      await client.stop()
      let nameless = try RedisClient(address: "redis://no-such-host.invalid")
      let error = await #expect(throws: RedisError.self) { try await nameless.send(RedisCommand("PING")) }
      #expect(error?.mayHaveExecuted == false)
      await nameless.stop()
    }

    @Test("a client that is stopped answers what is under way, and refuses what comes")
    func stopped() async throws {
      let server = try RedisProcess()
      let client = try RedisClient(address: server.address)
      #expect(await server.waitUntilReady(client))
      server.hold()
      async let pending: RedisReply? = try? client.send(RedisCommand("PING"))
      await client.stop()
      #expect(await pending == nil)
      let error = await #expect(throws: RedisError.self) { try await client.send(RedisCommand("PING")) }
      #expect(error?.code == .stopped)
      let deaf = #expect(throws: RedisError.self) { try client.subscribe(to: ["a"]) { _ in } }
      #expect(deaf?.code == .stopped)
      await client.stop()
    }

    @Test("a script is sent again to a server that has forgotten it")
    func forgotten() async throws {
      let server = try RedisProcess()
      let client = try RedisClient(address: server.address)
      #expect(await server.waitUntilReady(client))
      let load = RedisLoad(client)
      for _ in 0..<20 {
        #expect(await load.answers(50))
        _ = try await client.send(RedisCommand("SCRIPT", "FLUSH"))
      }
      #expect(await load.answers(50))
      let counts = await load.end()
      #expect(counts.wrong == 0 && counts.unknown == 0 && counts.notExecuted == 0)
      let broken = RedisScript("this is no script")
      let error = await #expect(throws: RedisError.self) { try await client.send(RedisCommand(broken, keys: ["a"])) }
      #expect(error?.code == .refused)
      await client.stop()
    }

    @Test("a wrong password says so without showing it, and the right one opens")
    func passwords() async throws {
      let server = try RedisProcess(["--requirepass", "Rechtes"])
      let owner = try RedisClient(address: "redis://:Rechtes@127.0.0.1:\(server.port)")
      #expect(await server.waitUntilReady(owner))
      _ = try await owner.send(RedisCommand("ACL", "SETUSER", "anna", "on", ">Annas", "~*", "+@all"))
      await owner.stop()
      for (address, isRight) in [
        ("redis://:Rechtes@", true), ("redis://anna:Annas@", true), ("redis://", false), ("redis://:Falsches@", false),
        ("redis://anna:Falsches@", false), ("redis://niemand:Falsches@", false),
      ] {
        let client = try RedisClient(address: "\(address)127.0.0.1:\(server.port)")
        if isRight {
          #expect(await server.waitUntilReady(client))
        } else {
          var found: RedisError?
          #expect(
            await eventually {
              do throws(RedisError) { _ = try await client.send(RedisCommand("PING")) } catch { found = error }
              return found?.code == .authentication
            })
          #expect(found?.mayHaveExecuted == false)
          #expect(found?.description.contains("Falsches") == false)
        }
        await client.stop()
      }
      var configuration = RedisConfiguration()
      configuration.user = "anna"
      configuration.password = "Annas"
      let client = try RedisClient(address: server.address, configuration: configuration)
      #expect(try await client.send(RedisCommand("ACL", "WHOAMI")) == .bytes(Array("anna".utf8)))
      #expect(try await client.send(RedisCommand("CLIENT", "GETNAME")) == .bytes(Array("sesame".utf8)))
      await client.stop()
    }

    @Test("a full memory, a replica and a database by its number are told apart")
    func refusals() async throws {
      let server = try RedisProcess()
      let client = try RedisClient(address: server.address + "/3")
      #expect(await server.waitUntilReady(client))
      _ = try await client.send(RedisCommand("SET", key: "a", "b"))
      let info = try await client.send(RedisCommand("INFO", "keyspace")).asText
      #expect(info?.contains("db3:keys=1") == true)
      _ = try await client.send(RedisCommand("CONFIG", "SET", "maxmemory", "1"))
      let full = await #expect(throws: RedisError.self) { try await client.send(RedisCommand("SET", key: "a", "c")) }
      #expect(full?.code == .outOfMemory && full?.mayHaveExecuted == false)
      _ = try await client.send(RedisCommand("CONFIG", "SET", "maxmemory", "0"))
      _ = try await client.send(RedisCommand("CONFIG", "SET", "min-replicas-to-write", "1"))
      let alone = await #expect(throws: RedisError.self) { try await client.send(RedisCommand("SET", key: "a", "c")) }
      #expect(alone?.code == .readOnly && alone?.mayHaveExecuted == false)
      _ = try await client.send(RedisCommand("CONFIG", "SET", "min-replicas-to-write", "0"))
      _ = try await client.send(RedisCommand("REPLICAOF", "127.0.0.1", "1"))
      let replica = await #expect(throws: RedisError.self) { try await client.send(RedisCommand("SET", key: "a", "c")) }
      #expect(replica?.code == .readOnly && replica?.mayHaveExecuted == false)
      _ = try await client.send(RedisCommand("REPLICAOF", "NO", "ONE"))
      #expect(try await client.send(RedisCommand("SET", key: "a", "c")) == .status("OK"))
      await client.stop()
    }

    @Test("a write says how many replicas have it, and many writes wait together")
    func replicas() async throws {
      let server = try RedisProcess()
      let replica = try RedisProcess(["--replicaof", "127.0.0.1 \(server.port)", "--repl-diskless-sync-delay", "0"])
      let client = try RedisClient(address: server.address)
      #expect(await server.waitUntilReady(client))
      #expect(
        await eventually {
          let result = try? await client.send(
            RedisCommand("SET", key: "a", "b"), waitingFor: 1, atMost: .milliseconds(50))
          return result?.replicas == 1
        })
      await withTaskGroup(of: Void.self) { group in
        for number in 0..<500 {
          group.addTask {
            let result = try? await client.send(
              RedisCommand("INCRBY", key: "sum", RedisArgument(number)), waitingFor: 1, atMost: .milliseconds(500))
            #expect(result?.replicas == 1 && result?.reply.asInteger != nil)
          }
        }
      }
      #expect(try await client.send(RedisCommand("GET", key: "sum")).asInteger == 124_750)
      // The replica hangs: the write is done, nobody else has it, and reads do not wait for that.
      replica.hold()
      async let alone = client.send(
        RedisCommand("SET", key: "a", "c"), waitingFor: 1, atMost: .seconds(60))
      #expect(await eventually { (try? await client.send(RedisCommand("GET", key: "a")).asText) == "c" })
      let result = try await alone
      #expect(result.reply == .status("OK") && result.replicas == 0)
      let refused = await #expect(throws: RedisError.self) {
        try await client.send(RedisCommand("LPUSH", key: "a", "c"), waitingFor: 1, atMost: .milliseconds(1))
      }
      #expect(refused?.serverCode == "WRONGTYPE")
      replica.goOn()
      await client.stop()
    }
  }
#endif
