#if MongoDB
  import MongoStore
  import SessionCore
  import SessionTesting
  import Testing

  @Suite("The contract in MongoDB", .enabled(if: MongoPlace.address != nil)) struct MongoContractTests {
    @Test("sessions", arguments: SessionStoreCase.all)
    func sessions(promise: SessionStoreCase) async throws {
      try await MongoPlace.use { place in try await promise.run { try await place.open() } }
    }

    @Test("events", arguments: EventStoreCase.all)
    func events(promise: EventStoreCase) async throws {
      try await MongoPlace.use { place in try await promise.run { try await place.open() } }
    }
  }
#endif
