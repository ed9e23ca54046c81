#if MongoDB
  import MongoDriver
  @testable import MongoStore
  import SessionCore
  import SessionTesting
  import Testing

  @Suite("How MongoDB finds sessions") struct MongoSessionPlanTests {
    /// A filter, and the index that serves each part of it in the order of opening, and of the last request.
    struct Plan: Sendable, CustomTestStringConvertible {
      let testDescription: String
      let filter: SessionFilter
      let opened: [String?]
      let requested: [String?]

      init(_ name: String, opened: [String?], requested: [String?], _ change: (inout SessionFilter) -> Void) {
        testDescription = name
        var filter = SessionFilter()
        change(&filter)
        self.filter = filter
        self.opened = opened
        self.requested = requested
      }
    }

    private static let time = Timestamp(milliseconds: 1_700_000_000_000)

    static let plans = [
      Plan(
        "all", opened: ["session_by_opened", "session_by_opened"],
        requested: ["session_by_requested", "session_by_requested"]
      ) { _ in },
      Plan("live", opened: ["session_by_opened"], requested: ["session_by_requested"]) { $0.isAlive = true },
      Plan(
        "ended", opened: ["session_by_deadline", "session_by_opened"],
        requested: ["session_by_deadline", "session_by_requested"]
      ) { $0.isAlive = false },
      Plan("an id", opened: ["_id_"], requested: ["_id_"]) {
        ($0.id, $0.isAlive, $0.kind) = (SessionID(high: 1, low: 1), true, "a")
      },
      Plan("a user's live ones", opened: ["session_by_user"], requested: [nil]) {
        ($0.userID, $0.isAlive) = ("a", true)
      },
      Plan("a user's ended ones", opened: [nil, "session_by_user"], requested: [nil, nil]) {
        ($0.userID, $0.isAlive) = ("a", false)
      },
      Plan("an address", opened: ["session_by_address"], requested: [nil]) { ($0.address, $0.isAlive) = ("a", true) },
      Plan("a client", opened: ["session_by_client"], requested: [nil]) { ($0.client, $0.isAlive) = ("a", true) },
      Plan("a status", opened: ["session_by_status"], requested: [nil]) { ($0.status, $0.isAlive) = ("a", true) },
      Plan("a kind", opened: ["session_by_kind"], requested: [nil]) { ($0.kind, $0.isAlive) = ("a", true) },
      Plan("a user and a kind", opened: [nil], requested: [nil]) {
        ($0.userID, $0.kind, $0.isAlive) = ("a", "b", true)
      },
      Plan("opened since", opened: ["session_by_opened"], requested: [nil]) {
        ($0.openedFrom, $0.isAlive) = (time, true)
      },
      Plan("requested before", opened: [nil], requested: ["session_by_requested"]) {
        ($0.requestedBefore, $0.isAlive) = (time, true)
      },
    ]

    @Test("a list names the index that has both what is asked for and the order, and only that", arguments: plans)
    func hints(plan: Plan) throws {
      let search = SessionSearch(now: Self.time) { _ in [] }
      for isDescending in [true, false] {
        let opened = search.arms(plan.filter, order: SessionOrder(.opened, isDescending: isDescending))
        #expect(opened.map { $0.path?.index } == plan.opened)
        let requested = search.arms(plan.filter, order: SessionOrder(.requested, isDescending: isDescending))
        #expect(requested.map { $0.path?.index } == plan.requested)
      }
    }

    @Test(
      "the server takes every list and count, from its beginning and from a place",
      .enabled(if: MongoPlace.shared != nil))
    func accepted() async throws {
      try await MongoPlace.use { place in
        let store = try await place.open()
        _ = try await store.insert(place.session(1), limit: nil, now: place.now)
        let cursor = SessionCursor(time: place.now, id: place.session(2).id)
        for plan in Self.plans {
          _ = try await store.count(plan.filter, now: place.now)
          for key in SessionOrder.Key.allCases {
            for (isDescending, after) in [(true, nil), (false, cursor), (true, cursor)] as [(Bool, SessionCursor?)] {
              let order = SessionOrder(key, isDescending: isDescending)
              _ = try await store.page(SessionQuery(plan.filter, order: order, after: after), now: place.now)
            }
          }
        }
        await store.shutdown()
      }
    }

    @Test("every index that a list may name is there", .enabled(if: MongoPlace.shared != nil))
    func indexes() async throws {
      try await MongoPlace.use { place in
        await (try place.open()).shutdown()
        let names = try await place.documents(["listIndexes": "sessions"]).compactMap { $0["name"]?.text }
        #expect(Set(AccessPath.allCases.map(\.index)).subtracting(names) == [])
      }
    }
  }
#endif
