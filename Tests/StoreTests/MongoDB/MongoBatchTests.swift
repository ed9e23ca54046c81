#if MongoDB
  import Accounts
  import MongoDriver
  import MongoStore
  import SessionCore
  import Testing

  @Suite("Writes that share a transaction in MongoDB", .enabled(if: MongoPlace.shared != nil))
  struct MongoBatchTests {
    private let now = Timestamp(milliseconds: 1_700_000_000_000)
    private let actor = Actor(.service, name: "tests")

    @Test("one that fails neither fails the others nor has any of them done twice")
    func failureBesideOthers() async throws {
      try await MongoPlace.use { place in
        let store = try await place.open()
        guard
          case .inserted(let damaged) = try await store.insert(
            AccountProfile(level: .user), password: nil, by: actor, now: now)
        else { throw StoreError(.corrupt, "There is an account already.") }
        try await place.run(
          [
            "update": "accounts",
            "updates": [["q": ["_id": .int64(damaged.id.number)], "u": ["$set": ["level": "none"]]]],
          ])
        let start = try await store.lastEventNumber()
        let (opened, refused) = await withTaskGroup(of: (isOpening: Bool, isDone: Bool).self) { group in
          for number in 1...400 {
            group.addTask {
              let session = Session(
                id: SessionID(high: 7, low: UInt64(number)), userID: "anna", openTime: now, idleTimeout: .minutes(30),
                lifetime: .days(1))
              return (true, (try? await store.insert(session, limit: nil, by: actor, now: now)) != nil)
            }
            if number % 10 == 0 {
              group.addTask {
                let error = await #expect(throws: StoreError.self) {
                  _ = try await store.remove(damaged.id, by: actor, now: now)
                }
                return (false, error?.code == .corrupt)
              }
            }
          }
          var counts = (opened: 0, refused: 0)
          for await answer in group where answer.isDone {
            if answer.isOpening { counts.opened += 1 } else { counts.refused += 1 }
          }
          return counts
        }
        #expect(opened == 400)
        #expect(refused == 40)
        #expect(try await store.events(after: start, kinds: nil, limit: 1000).entries.count == 400)
        await store.shutdown()
      }
    }
  }
#endif
