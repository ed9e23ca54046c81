#if PostgreSQL
  import Accounts
  import Foundation
  @testable import PostgreSQLDriver
  @testable import PostgreSQLStore
  import SessionCore
  import Testing

  @Suite("The plans of accounts in PostgreSQL", .enabled(if: PostgreSQLPlans.address != nil))
  struct PostgreSQLAccountPlanTests {
    private static let now = Timestamp(milliseconds: 1_700_000_000_000)
    private static let place = SessionCursor(time: now, id: SessionID(high: 1, low: 2))

    /// What a filter asks for, and by what its accounts must be found.
    private static let filters:
      [(name: String, index: String, condition: String, change: @Sendable (inout AccountFilter) -> Void)] = [
        ("nothing", "account_pkey", "id", { _ in }),
        ("e-mail", "account_by_email", "email_key =", { $0.email = EmailAddress("a@b.org") }),
        ("user name", "account_by_username", "username =", { $0.username = "a" }),
        (
          "e-mail and the rest", "account_by_email", "email_key =",
          { ($0.email, $0.username, $0.level, $0.isActive) = (EmailAddress("a@b.org"), "a", .guest, true) }
        ),
        ("level", "account_by_level", "level", { $0.level = .guest }),
        ("active", "account_by_activity", "is_active", { $0.isActive = false }),
        (
          "level and active", "account_by_standing", "standing",
          { ($0.level, $0.isActive) = (.guest, true) }
        ),
        (
          "level and the rest", "account_by_level", "level",
          { ($0.level, $0.isVerified, $0.createdFrom) = (.guest, false, now) }
        ),
        ("created", "account_pkey", "id", { ($0.createdFrom, $0.createdBefore) = (now, now) }),
      ]

    @Test("a page is a walk along the index of its filter from its place on, however many accounts there are")
    func pages() async throws {
      try await PostgreSQLPlans.onSchema { plans in
        for filter in Self.filters {
          var conditions = AccountFilter()
          filter.change(&conditions)
          for (isDescending, after) in [(false, nil), (true, nil), (false, AccountID(5)), (true, AccountID(5))] {
            let query = AccountQuery(conditions, isDescending: isDescending, after: after)
            let plan = try await plans.plan(AccountSearch(query).listing)
            let scan = try #require(plan.scans["account"], "\(plan.text)")
            #expect(scan.index == filter.index, "\(filter.name), \(isDescending), \(after as Any): \(plan.text)")
            let isWalkOfAll = filter.index == "account_pkey" && after == nil
            #expect(scan.condition.contains(filter.condition) != isWalkOfAll, "\(filter.name): \(plan.text)")
            let isOne = filter.condition.hasSuffix("=")
            #expect(after == nil || isOne || scan.condition.contains("id"), "enters at the place: \(plan.text)")
            #expect(plan.scans["link"]?.index == "account_link_by_account", "\(plan.text)")
            // What is sorted is the page, which the limit has cut before.
            #expect(isOne || plan.limits == ["account"], "\(plan.text)")
          }
        }
      }
    }

    @Test("a count is one of an index")
    func counts() async throws {
      try await PostgreSQLPlans.onSchema { plans in
        for filter in Self.filters where !["nothing", "created"].contains(filter.name) {
          var conditions = AccountFilter()
          filter.change(&conditions)
          let plan = try await plans.plan(AccountSearch(AccountQuery(conditions, counts: true)).counting)
          let scan = try #require(plan.scans["account"], "\(plan.text)")
          let column = try #require(filter.condition.split(separator: " ").first)
          #expect(scan.condition.contains("(\(column) ="), "\(filter.name): \(plan.text)")
        }
      }
    }

    @Test("one account is found by an index, whatever is known of it")
    func lookUps() async throws {
      try await PostgreSQLPlans.onSchema { plans in
        let statements: [(PostgreSQLStatement, String)] = [
          (AccountRow.byNumber(AccountID(7)), "account_pkey"),
          (AccountRow.byEmail(try #require(EmailAddress("a@b.org"))), "account_by_email"),
          (AccountRow.byUsername("a"), "account_by_username"),
          (AccountRow.byLink(IdentityLink(issuer: "i", subject: "s")), "account_pkey"),
        ]
        for (statement, index) in statements {
          let plan = try await plans.plan(statement)
          #expect(plan.scans["account"]?.index == index, "\(plan.text)")
          #expect(plan.scans["account"]?.condition.isEmpty == false, "\(plan.text)")
          #expect(plan.scans["link"]?.index == "account_link_by_account", "\(plan.text)")
          let inner = plan.scans["account_link"]
          #expect(inner == nil || inner?.index == "account_link_pkey", "\(plan.text)")
        }
      }
    }

    @Test("sessions with accounts are walked in their order, those of one user by the user, and accounts looked up")
    func sessions() async throws {
      let conditions: [AccountSessionCondition] = [
        .all([]), .text(.firstName, .equal, "x"), .account(.less, 7), .account(.equal, 7), .isNull(.username),
        .text(.userID, .greater, "5"), .any([.text(.lastName, .equal, "x"), .time(.opened, .less, Self.now)]),
      ]
      let ofUser: [AccountSessionCondition] = [
        .text(.userID, .equal, "7"), .text(.username, .equal, "u7"), .text(.email, .equal, "a7@example.org"),
        .all([.text(.address, .equal, "x"), .text(.userID, .equal, "7"), .text(.userID, .equal, "8")]),
        .all([.text(.firstName, .equal, "x"), .all([.text(.username, .equal, "u7")])]),
      ]
      try await PostgreSQLPlans.onSchema { plans in
        for (condition, index) in conditions.map({ ($0, "session_open_by_opened") })
          + ofUser.map({ ($0, "session_open_by_user") })
        {
          for after in [nil, Self.place] {
            let query = AccountSessionQuery(condition, after: after)
            let plan = try await plans.plan(AccountSessionSearch(query, now: Self.now).statement)
            #expect(plan.scans["session"]?.index == index, "\(condition): \(plan.text)")
            let entry = plan.scans["session"]?.condition ?? ""
            #expect(after == nil || entry.contains("ROW("), "enters at the place: \(plan.text)")
            #expect(index != "session_open_by_user" || entry.contains("user_id"), "\(condition): \(plan.text)")
            #expect(
              plan.scans["account_1"]?.index ?? plan.scans["account"]?.index == "account_user_id_key", "\(plan.text)")
            #expect(!plan.text.contains("Sort"), "\(condition): \(plan.text)")
          }
        }
      }
    }

    @Test("what logging in remembers is found by its key and purged by its end")
    func notes() async throws {
      try await PostgreSQLPlans.onSchema { plans in
        for table in ["login_attempt", "used_once"] {
          let found = try await plans.plan("SELECT * FROM \(raw: table) WHERE key = \("a")")
          #expect(found.scans[table]?.index == "\(table)_pkey", "\(found.text)")
          let purged = try await plans.plan(
            "SELECT key FROM \(raw: table) WHERE end_time <= \(1) ORDER BY end_time LIMIT \(5)")
          #expect(purged.scans[table]?.index == "\(table)_by_end", "\(purged.text)")
        }
      }
    }
  }
#endif
