#if PostgreSQL
  @testable import PostgreSQLDriver
  @testable import PostgreSQLStore
  import SessionCore
  import Testing

  extension PostgreSQLPlans {
    /// Runs `body` on a full schema: an empty one is read in any way that costs nothing.
    fileprivate static func onFullSchema(_ body: (PostgreSQLPlans) async throws -> Void) async throws {
      var isFull = false
      try await onSchema { plans in
        if isFull { try await body(plans) }
        isFull = true
      }
    }
  }

  @Suite("The plans of lists and counts in PostgreSQL", .enabled(if: PostgreSQLPlans.address != nil))
  struct PostgreSQLSessionPlanTests {
    private static let now = Timestamp(milliseconds: 1_700_000_000_000)

    private static let filters: [@Sendable (inout SessionFilter) -> Void] = [
      { _ in }, { $0.id = SessionID(high: 1, low: 2) }, { $0.userID = "a" }, { $0.kind = "a" }, { $0.status = "a" },
      { $0.address = "a" }, { $0.client = "a" }, { ($0.openedFrom, $0.openedBefore) = (now, now) },
      { ($0.requestedFrom, $0.requestedBefore) = (now, now) }, { ($0.userID, $0.kind) = ("a", "b") },
      { ($0.address, $0.requestedFrom) = ("a", now) }, { ($0.userID, $0.openedBefore) = ("a", now) },
    ]

    @Test("each arm of a list goes by the index that it means, and is sorted only where that is meant")
    func lists() async throws {
      try await PostgreSQLPlans.onFullSchema { plans in
        for (part, path) in Self.arms() {
          for key in SessionOrder.Key.allCases {
            for after in [nil, SessionCursor(time: Self.now, id: SessionID(high: 1, low: 1))] {
              for change in Self.filters {
                var filter = SessionFilter()
                change(&filter)
                guard Self.serves(path, filter, key) else { continue }
                let query = SessionQuery(filter, order: SessionOrder(key, isDescending: true), after: after)
                let arm = SessionArm(part: part, path: path)
                let plan = try await plans.plan(SessionSearch.listing(query, arms: [arm], now: Self.now))
                #expect(plan.scans["session"]?.index == Self.index(arm), "\(plan.text)")
                #expect(plan.text.contains("Sort") == !path.isOrdered(by: key), "\(plan.text)")
                // A range that ends before the place does says as much as the place.
                if after != nil, path.isOrdered(by: key), filter.openedBefore == nil, filter.requestedBefore == nil {
                  #expect(plan.scans["session"]?.condition.contains("ROW(") == true, "\(plan.text)")
                }
              }
            }
          }
        }
      }
    }

    @Test("the writing verbs and the look-up go by indexes, and no index is read from end to end")
    func verbs() async throws {
      try await PostgreSQLPlans.onFullSchema { plans in
        var session = Session(
          id: SessionID(high: 1, low: 1), userID: "a", openTime: Self.now, idleTimeout: .hours(1), lifetime: .days(1))
        session.carried = nil
        let limit = LiveSessionLimit(maximum: 5, overflow: .evictLeastRecent)
        let actor = Actor(.service)
        let statements: [PostgreSQLStatement] = [
          SessionRow.lookUp(keys: .texts([[]])),
          SessionStatements.makeWay(for: session, limit, now: Self.now),
          SessionStatements.makeWay(for: session, LiveSessionLimit(maximum: 5, overflow: .deny), now: Self.now),
          SessionStatements.makeRoom(for: session, limit, now: Self.now),
          SessionStatements.add(session, limit, by: actor, now: Self.now),
          SessionStatements.replace(session, revision: 1, as: .updated, by: actor, now: Self.now),
          SessionStatements.close(session.id, reason: .logout, by: actor, now: Self.now),
          SessionStatements.touch([SessionTouch(id: session.id, requestTime: Self.now)]),
          SessionStatements.remove(session.id, by: actor, now: Self.now),
          SessionStatements.reap(now: Self.now, limit: 10),
          SessionStatements.purge(closedBefore: Self.now, limit: 10),
          EventRow.following(0, limit: 10), EventRow.purge(before: Self.now, limit: 10),
        ]
        for statement in statements {
          let plan = try await plans.plan(statement)
          #expect(!plan.text.contains("Seq Scan"), "\(plan.text)")
          #expect(!plan.text.contains("Hash Join") && !plan.text.contains("Merge Join"), "\(plan.text)")
          // An index without a condition would be read from end to end, unless its order is what is meant.
          for (table, scan) in plan.scans where table == "session" && scan.condition.isEmpty {
            #expect(scan.index == "", "\(plan.text)")
          }
        }
      }
    }

    private static func arms() -> [(SessionPart, AccessPath)] {
      var arms: [(SessionPart, AccessPath)] = [(.expired, .deadline)]
      for path in AccessPath.allCases where path != .deadline {
        for part in [.open, .closed, .live] as [SessionPart] { arms.append((part, path)) }
      }
      return arms
    }

    /// Whether a search would take that path for the filter.
    private static func serves(_ path: AccessPath, _ filter: SessionFilter, _ key: SessionOrder.Key) -> Bool {
      if filter.id != nil { return path == .id }
      switch path {
      case .id: return false
      case .opened: return key == .opened || filter.openedFrom != nil
      case .requested: return key == .requested || filter.requestedFrom != nil
      case .deadline: return true
      default: return AccessPath.members(of: filter).contains(path)
      }
    }

    private static func index(_ arm: SessionArm) -> String {
      if arm.path == .id { return "session_pkey" }
      return "session_\(arm.part == .closed ? "closed" : "open")_by_\(arm.path.rawValue)"
    }
  }
#endif
