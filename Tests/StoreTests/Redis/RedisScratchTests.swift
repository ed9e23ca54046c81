#if Redis
  import RedisStore
  import SessionCore
  import SessionTesting
  import Testing

  @Suite("Redis scratch", .serialized) struct RedisScratchTests {
    @Test("sessions", arguments: RedisSandbox.all, SessionStoreCase.all)
    func sessions(place: RedisSandbox, promise: SessionStoreCase) async throws {
      try await place.another.use { place in try await promise.run { try await place.open() } }
    }
    @Test("events", arguments: RedisSandbox.all, EventStoreCase.all)
    func events(place: RedisSandbox, promise: EventStoreCase) async throws {
      try await place.another.use { place in try await promise.run { try await place.open() } }
    }
  }
#endif
#if Redis
  extension RedisScratchTests {
    @Test("shared", arguments: RedisSandbox.all, SharedStoreCase.all)
    func shared(place: RedisSandbox, promise: SharedStoreCase) async throws {
      try await place.another.use { place in
        try await promise.run { (try await place.open(), try await place.open()) }
      }
    }
  }
#endif
