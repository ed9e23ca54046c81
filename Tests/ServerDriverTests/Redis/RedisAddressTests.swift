#if Redis
  @testable import RedisDriver
  import Testing

  struct RedisAddressTests {
    @Test("an address of one server is read, with or without its parts")
    func single() throws {
      let plain = try RedisAddress("redis://localhost")
      #expect(plain.servers == [ServerAddress(host: "localhost", port: 6379)])
      #expect(!plain.isCluster && plain.user == nil && plain.password == nil && plain.database == 0)
      let full = try RedisAddress("redis://us%40er:p:a%2Fss@[::1]:7000/15")
      #expect(full.servers == [ServerAddress(host: "::1", port: 7000)])
      #expect(full.user == "us@er" && full.password?.text == "p:a/ss" && full.database == 15)
      let password = try RedisAddress("REDIS://:word@10.0.0.1:1/")
      #expect(password.user == nil && password.password?.text == "word" && password.database == 0)
    }

    @Test("an address of a Cluster names some of its servers")
    func cluster() throws {
      let address = try RedisAddress("redis+cluster://u:p@one:7001,two,[fe80::1%25eth0]:7003")
      #expect(address.isCluster && address.user == "u")
      #expect(
        address.servers.map(\.description) == ["one:7001", "two:6379", "[fe80::1%25eth0]:7003"])
    }

    @Test(
      "what can't be used is refused",
      arguments: [
        "", "localhost", "redis:", "redis:/", "redis://", "redis://:6379", "redis://a:0", "redis://a:65536",
        "redis://a:+1", "redis://a:1x", "redis://a,b", "redis://a b", "redis://a/x", "redis://a/-1", "redis://a/+1",
        "redis://a/1/2", "redis://u@a", "redis://u:%4@a", "redis://u:%zz@a", "redis://u:%ff@a", "redis://a?x=1",
        "redis+cluster://a/1", "redis+cluster://a,,b", "redis+cluster://", "http://a", "redis-sentinel://a",
        "redis://[::1", "redis://[::1]x", "redis://a\r\nb", "redis://é",
      ])
    func refused(text: String) {
      let error = #expect(throws: RedisError.self) { try RedisAddress(text) }
      #expect(error?.code == .address)
    }

    @Test("TLS is refused with what to do instead", arguments: ["rediss://a", "rediss://u:p@a:1/0"])
    func encrypted(text: String) {
      let error = #expect(throws: RedisError.self) { try RedisAddress(text) }
      #expect(error?.code == .address)
      #expect(error?.description.contains("stunnel") == true)
    }

    @Test("a password does not show, however it is printed")
    func secrets() throws {
      var configuration = RedisConfiguration()
      configuration.password = "geheim"
      let address = try RedisAddress("redis://u:geheim@a")
      let settings = EngineSettings(address: address, configuration: configuration)
      for value in [address as Any, configuration as Any, settings as Any] {
        var dumped = ""
        dump(value, to: &dumped)
        #expect(!"\(value) \(String(reflecting: value)) \(dumped)".contains("geheim"))
      }
      #expect(configuration.password == "geheim" && settings.password?.text == "geheim")
    }
  }
#endif
