#if Redis
  import RedisDriver
  import Synchronization
  import Testing

  struct RedisSubscriptionTests {
    @Test("what is published is heard in its order, on every channel", arguments: RedisServers.all)
    func order(address: String) async throws {
      let client = try RedisClient(address: address)
      let channels = (0..<20).map { "\(RedisServers.namespace())\($0)" }
      let heard = HeardChannels()
      let subscription = try client.subscribe(to: channels) { heard.add($0) }
      #expect(await eventually { channels.allSatisfy { heard.isOpen($0) } })
      await withTaskGroup(of: Void.self) { group in
        for channel in channels {
          group.addTask {
            for number in 0..<100 { _ = try? await client.publish(channel, "\(number)") }
          }
        }
      }
      #expect(await eventually { channels.allSatisfy { heard.messages($0).count == 100 } })
      for channel in channels { #expect(heard.messages(channel) == (0..<100).map { "\($0)" }) }
      let second = HeardChannels()
      let other = try client.subscribe(to: Array(channels[..<2])) { second.add($0) }
      #expect(await eventually { second.isOpen(channels[0]) && second.isOpen(channels[1]) })
      subscription.cancel()
      #expect(
        await eventually {
          _ = try? await client.publish(channels[0], "more")
          return second.messages(channels[0]).contains("more")
        })
      // Its own command in between: the cancelling was handed over before.
      let count = heard.messages(channels[1]).count
      _ = try await client.publish(channels[1], "last")
      #expect(await eventually { second.messages(channels[1]) == ["last"] })
      #expect(heard.messages(channels[1]).count == count)
      other.cancel()
      await client.stop()
    }

    @Test("bytes of any kind are published and heard as they are", arguments: RedisServers.all)
    func bytes(address: String) async throws {
      let client = try RedisClient(address: address)
      let channel = RedisServers.namespace() + "é\r\n"
      let payload = (0...255).map { UInt8($0) }
      let heard = Mutex<[UInt8]?>(nil)
      let isOpen = Mutex(false)
      let subscription = try client.subscribe(to: [channel]) { event in
        if case .message(_, let payload) = event {
          heard.withLock { $0 = payload }
        } else {
          isOpen.withLock { $0 = true }
        }
      }
      #expect(await eventually { isOpen.withLock { $0 } })
      let verb = client.isCluster ? "SPUBLISH" : "PUBLISH"
      _ = try await client.send(RedisCommand(verb, key: RedisArgument(channel), RedisArgument(payload)))
      #expect(await eventually { heard.withLock { $0 } == payload })
      subscription.cancel()
      await client.stop()
    }

    @Test("a lost connection is told, made again, and told again", .enabled(if: RedisProcess.program != nil))
    func lost() async throws {
      let server = try RedisProcess()
      let client = try RedisClient(address: server.address)
      #expect(await server.waitUntilReady(client))
      let heard = HeardChannels()
      let subscription = try client.subscribe(to: ["one", "two"]) { heard.add($0) }
      for round in 1...3 {
        #expect(await eventually { heard.opened("one") == round && heard.opened("two") == round })
        #expect(await Self.isHeard("one", "round \(round)", heard, client))
        #expect(heard.lost("one") == round - 1)
        switch round {
        case 1: _ = try await client.send(RedisCommand("CLIENT", "KILL", "TYPE", "pubsub"))
        case 2:
          server.kill()
          #expect(await eventually { heard.lost("one") == 2 && heard.lost("two") == 2 })
          try server.start()
        default: break
        }
      }
      subscription.cancel()
      await client.stop()
    }

    @Test("a server that hangs is told as lost, though nothing is closed", .enabled(if: RedisProcess.program != nil))
    func held() async throws {
      let server = try RedisProcess()
      let client = try RedisClient(address: server.address)
      #expect(await server.waitUntilReady(client))
      let heard = HeardChannels()
      let subscription = try client.subscribe(to: ["one"]) { heard.add($0) }
      #expect(await eventually { heard.isOpen("one") })
      server.hold()
      #expect(await eventually(within: .seconds(10)) { heard.lost("one") == 1 })
      server.goOn()
      #expect(await eventually { heard.opened("one") == 2 })
      #expect(await Self.isHeard("one", "again", heard, client))
      subscription.cancel()
      await client.stop()
    }

    @Test(
      "a server that says what nobody asked is left", arguments: ["+OK\r\n", ":1\r\n", "*1\r\n:1\r\n", "*0\r\n", "x"])
    func garbled(text: String) async throws {
      let server = try FakeRedis { connection, number in
        connection.greet()
        connection.answer { command in
          guard command[0] == "SUBSCRIBE" else { return "*2\r\n$4\r\npong\r\n$0\r\n\r\n" }
          return "*3\r\n$9\r\nsubscribe\r\n$3\r\none\r\n:1\r\n" + (number == 1 ? text + "\r\n" : "")
        }
      }
      let client = try RedisClient(address: server.address)
      let heard = HeardChannels()
      let subscription = try client.subscribe(to: ["one"]) { heard.add($0) }
      #expect(await eventually { heard.opened("one") == 2 && heard.lost("one") == 1 })
      subscription.cancel()
      await client.stop()
    }

    /// Publishes until it is heard: what is published before the server has all subscriptions back is nobody's.
    static func isHeard(_ channel: String, _ text: String, _ heard: HeardChannels, _ client: RedisClient) async -> Bool
    {
      await eventually {
        _ = try? await client.publish(channel, text)
        return heard.messages(channel).contains(text)
      }
    }
  }

  /// What a subscriber has heard.
  final class HeardChannels: Sendable {
    private let events = Mutex<[RedisSubscriptionEvent]>([])

    func add(_ event: RedisSubscriptionEvent) { events.withLock { $0.append(event) } }

    func messages(_ channel: String) -> [String] {
      events.withLock { events in
        events.compactMap { event in
          if case .message(channel, let payload) = event { String(decoding: payload, as: UTF8.self) } else { nil }
        }
      }
    }

    func opened(_ channel: String) -> Int { events.withLock { $0.count { $0 == .subscribed(channel: channel) } } }
    func lost(_ channel: String) -> Int { events.withLock { $0.count { $0 == .lost(channel: channel) } } }
    func isOpen(_ channel: String) -> Bool { opened(channel) == lost(channel) + 1 }
  }

  extension RedisClient {
    func publish(_ channel: String, _ text: String) async throws -> RedisReply {
      try await send(RedisCommand(isCluster ? "SPUBLISH" : "PUBLISH", key: RedisArgument(channel), RedisArgument(text)))
    }
  }
#endif
