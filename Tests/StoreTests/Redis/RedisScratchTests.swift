#if Redis
  import RedisStore
  import SessionCore
  import SessionTesting
  import Testing

  @Suite("Redis scratch", .serialized) struct RedisScratchTests {
    @Test("sessions", arguments: RedisPlace.all, SessionStoreCase.all)
    func sessions(place: RedisPlace, promise: SessionStoreCase) async throws {
      try await place.another.use { place in try await promise.run { try await place.open() } }
    }
    @Test("events", arguments: RedisPlace.all, EventStoreCase.all)
    func events(place: RedisPlace, promise: EventStoreCase) async throws {
      try await place.another.use { place in try await promise.run { try await place.open() } }
    }
  }
#endif
