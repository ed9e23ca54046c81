#if MongoDB
  import MongoStore
  import SessionCore
  import SessionTesting
  import Synchronization
  import Testing

  @Suite("A MongoDB store without its server", .enabled(if: MongoPlace.shared != nil), .serialized)
  struct MongoOutageTests {
    /// How a server is gone, and comes back.
    enum Outage: String, CaseIterable, Sendable {
      case hanging, killed

      func begin(_ server: BreakableMongo) { self == .hanging ? server.hold() : server.end() }
      func end(_ server: BreakableMongo) throws {
        if self == .hanging { server.goOn() } else { try server.start() }
      }
    }

    /// Calls the store until it answers, and says for how long it did not.
    private func served(_ store: MongoStore, _ id: SessionID) async throws -> Duration {
      let start = ContinuousClock.now
      while ContinuousClock.now - start < .seconds(60) {
        if (try? await store.session(id)) != nil { break }
        await Task.yield()
      }
      return ContinuousClock.now - start
    }

    @Test(
      "without it every call is refused in time; then service comes back by itself, with all that was answered",
      arguments: Outage.allCases)
    func outage(outage: Outage) async throws {
      let server = try BreakableMongo()
      let place = MongoPlace(server.address)
      let store = try await place.open { $0.timeout = .seconds(2) }
      _ = try await store.insert(place.session(1), limit: nil, now: place.now)
      outage.begin(server)
      let start = ContinuousClock.now
      let codes = await withTaskGroup(of: (StoreError.Code?, isWrite: Bool).self) { group in
        for number in 0..<60 as Range<UInt64> {
          group.addTask {
            do {
              if number % 2 == 0 {
                _ = try await store.insert(place.session(100 + number), limit: nil, now: place.now)
              } else {
                _ = try await store.session(place.session(1).id)
              }
              return (nil, number % 2 == 0)
            } catch { return ((error as? StoreError)?.code, number % 2 == 0) }
          }
        }
        return await group.reduce(into: []) { $0.append($1) }
      }
      // Ten times what was asked for, because other tests run beside this one.
      #expect(ContinuousClock.now - start < .seconds(20))
      #expect(codes.allSatisfy { $0.0 == .unavailable || $0.isWrite && $0.0 == .unknownOutcome })
      await #expect(throws: StoreError.self) { try await store.check() }
      try outage.end(server)
      #expect(try await served(store, place.session(1).id) < .seconds(30))
      #expect(try await store.session(place.session(1).id) == place.session(1))
      #expect(
        try await store.insert(place.session(2), limit: nil, now: place.now) == .inserted(closed: []))
      await store.shutdown()
    }

    @Test(
      "who follows hears that notes may be missed, and hears on when the server is back", arguments: Outage.allCases)
    func following(outage: Outage) async throws {
      let server = try BreakableMongo()
      let place = MongoPlace(server.address)
      let store = try await place.open { $0.timeout = .seconds(2) }
      let ears = OpenEars()
      let following = Task { await store.follow(ears) }
      while !ears.hasHeard(1) { try? await store.sendHeartbeat(1, along: 0) }
      outage.begin(server)
      await #expect(throws: StoreError.self) { try await store.sendHeartbeat(2, along: 0) }
      try outage.end(server)
      while !ears.hasHeard(3) { try? await store.sendHeartbeat(3, along: 0) }
      // Each opening but the first follows a closing.
      #expect(ears.closings >= ears.openings - 1)
      following.cancel()
      await following.value
      #expect(ears.closings == ears.openings)
      await store.shutdown()
    }
  }

  /// A listener that counts.
  private final class OpenEars: ChangeListener {
    private struct State {
      var openings = 0
      var closings = 0
      var heartbeats: Set<UInt64> = []
    }

    private let state = Mutex(State())
    var openings: Int { state.withLock { $0.openings } }
    var closings: Int { state.withLock { $0.closings } }
    func hasHeard(_ heartbeat: UInt64) -> Bool { state.withLock { $0.heartbeats.contains(heartbeat) } }
    func laneOpened(_ lane: Int) { state.withLock { $0.openings += 1 } }
    func laneClosed(_ lane: Int) { state.withLock { $0.closings += 1 } }
    func heard(_ note: ChangeNote, along lane: Int) {
      if case .heartbeat(let number) = note { _ = state.withLock { $0.heartbeats.insert(number) } }
    }
  }
#endif
