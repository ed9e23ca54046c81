#if Redis
  @testable import RedisDriver
  import Testing

  struct HashSlotTests {
    @Test("the checksum is that of the published vector")
    func vector() { #expect(HashSlot.checksum("123456789".utf8) == 0x31C3) }

    @Test("only what is between the first braces counts, unless it is nothing")
    func tags() {
      #expect(HashSlot.of("{user1000}.following") == HashSlot.of("{user1000}.followers"))
      #expect(HashSlot.of("{user1000}.following") == HashSlot.of("user1000"))
      #expect(HashSlot.of("foo{}{bar}") == Int(HashSlot.checksum("foo{}{bar}".utf8) % 16_384))
      #expect(HashSlot.of("foo{{bar}}zap") == HashSlot.of("{bar"))
      #expect(HashSlot.of("foo{bar}{zap}") == HashSlot.of("bar"))
      #expect(HashSlot.of("foo{bar") == Int(HashSlot.checksum("foo{bar".utf8) % 16_384))
      #expect(HashSlot.of("") == 0)
    }

    @Test("a Cluster finds the same slots", .enabled(if: RedisServers.cluster != nil))
    func compared() async throws {
      let client = try RedisClient(address: RedisServers.cluster ?? "")
      var keys: [[UInt8]] = (0..<300).map { _ in
        (0..<Int.random(in: 0...40)).map { _ in UInt8.random(in: 0...255) }
      }
      keys += (0..<300).map { _ in
        (0..<Int.random(in: 0...12)).map { _ in [0x7B, 0x7D, 0x61, 0x62].randomElement() ?? 0 }
      }
      let replies = try await client.send(keys.map { RedisCommand("CLUSTER", "KEYSLOT", RedisArgument($0)) })
      #expect(replies.map(\.asInteger) == keys.map { Int64(HashSlot.of($0)) })
      await client.stop()
    }
  }
#endif
