internal import Accounts
internal import SessionCore

extension AccountSessionStoreCase {
  /// Texts that a statement put together from its values would take for something else.
  private static let hostileTexts: [ExactText] = [
    "'", "''", "\"", "' OR '1'='1", "'; DROP TABLE session; --", "\\", "\\\\", "\\' OR 1=1 --", "%", "_", "?", "?1",
    ":a",
    "@a", "$a", "/*", "*/", "--", ";", "{", "}", "{}", #"{"$ne":null}"#, #"{"operator":"!=","value":""}"#, "NULL",
    "null",
    "now()", "\u{0}", "a\u{0}b", "\r\n", "\n", "\t", "\u{1B}[31m", "\u{FEFF}", "\u{2028}", "e\u{301}", "\u{E9}",
    "\u{1F468}\u{200D}\u{1F469}", "", " ", "true", "0", "1e400", ExactText(String(repeating: "x'", count: 32_768)),
  ]

  static let conditionCases = [
    AccountSessionStoreCase("condition: what has no value meets no comparison, and is null") { probe in
      let bare = try await probe.add { $0.username = "bare" }
      let full = try await probe.add {
        $0.email = EmailAddress("full@example.org")
        $0.username = "full"
        $0.firstName = "F"
        $0.lastName = "L"
      }
      let sessions = [
        probe.session(1, bare.id.userID, age: 1), probe.session(2, full.id.userID, age: 2, address: "192.0.2.1"),
        probe.session(3, "stranger", age: 3),
      ]
      for session in sessions { try await probe.add(session) }
      for field in [AccountSessionCondition.TextField.email, .firstName, .lastName, .address] {
        for comparison in AccountSessionCondition.Comparison.allCases {
          let condition = AccountSessionCondition.text(field, comparison, "M")
          let expected = try await probe.rows().filter { condition.holds(for: $0) }.map(\.id)
          try probe.equal(try await probe.rows(condition).map(\.id), expected, "\(field) \(comparison)")
          try probe.expect(
            Set(expected).isSubset(of: [sessions[1].id]), "only what has a value to meet \(field) \(comparison)")
        }
        try await probe.expect(.isNull(field), lists: [sessions[0], sessions[2]], "those without \(field)")
        try await probe.expect(.isNotNull(field), lists: [sessions[1]], "those with \(field)")
      }
      try await probe.expect(.isNull(.username), lists: [sessions[2]], "the session without an account")
      try await probe.expect(.isNull(.userID), lists: [], "sessions without a user")
    },
    AccountSessionStoreCase("condition: all of none always holds, any of none never") { probe in
      let session = probe.session(1, "a")
      try await probe.add(session)
      try await probe.expect(.all([]), lists: [session], "all of none")
      try await probe.expect(.any([]), lists: [], "any of none")
      try await probe.expect(.all([.any([]), .all([])]), lists: [], "both")
      try await probe.expect(.any([.any([]), .all([])]), lists: [session], "either")
    },
    AccountSessionStoreCase("condition: two that lead to one user must both hold") { probe in
      let anna = try await probe.add {
        $0.username = "anna"
        $0.email = EmailAddress("anna@example.org")
      }
      let bert = try await probe.add { $0.username = "bert" }
      let session = probe.session(1, anna.id.userID)
      try await probe.add(session, probe.session(2, bert.id.userID))
      let (name, other) = (
        AccountSessionCondition.text(.username, .equal, "anna"), AccountSessionCondition.text(.username, .equal, "bert")
      )
      try await probe.expect(name, lists: [session], "the sessions of a name")
      try await probe.expect(.all([name, other]), lists: [], "the sessions of two names")
      try await probe.expect(
        .all([.text(.userID, .equal, bert.id.userID), name]), lists: [], "of a name and another id")
      try await probe.expect(
        .all([.all([.text(.email, .equal, "anna@example.org")]), name]), lists: [session], "of a name and its address")
      try await probe.expect(.text(.email, .equal, "ANNA@example.org"), lists: [], "of an address in another case")
      try await probe.expect(.text(.email, .equal, "no address"), lists: [], "of what is no address")
    },
    AccountSessionStoreCase("condition: every text is compared by its bytes, and none is taken for anything else") {
      probe in
      var sessions: [Session] = []
      for (index, text) in hostileTexts.enumerated() {
        let userID: ExactText = text.string.isEmpty ? "nobody" : text
        sessions.append(probe.session(UInt64(index + 1), userID, age: 1, address: text))
      }
      for session in sessions { try await probe.add(session) }
      let rows = try await probe.rows()
      try probe.equal(rows.count, sessions.count, "the number of sessions")
      for text in hostileTexts {
        for field in AccountSessionCondition.TextField.allCases {
          for comparison in [AccountSessionCondition.Comparison.equal, .notEqual, .less] {
            let condition = AccountSessionCondition.text(field, comparison, text)
            let expected = rows.filter { condition.holds(for: $0) }.map(\.id)
            try probe.equal(
              try await probe.rows(condition).map(\.id), expected,
              "\(field) \(comparison) \(String(text.string.prefix(20)).debugDescription)")
          }
        }
      }
    },
    AccountSessionStoreCase("condition: times are compared to the millisecond") { probe in
      let account = try await probe.add { $0.username = "a" }
      let sessions = [5, 10, 15].map { probe.session(UInt64($0), account.id.userID, age: Int64($0)) }
      for session in sessions { try await probe.add(session) }
      let middle = sessions[1].openTime
      try await probe.expect(.time(.opened, .equal, middle), lists: [sessions[1]], "=")
      try await probe.expect(.time(.opened, .greater, middle), lists: [sessions[0]], ">")
      try await probe.expect(.time(.opened, .lessOrEqual, middle), lists: Array(sessions[1...]), "<=")
      let before = middle - TimeSpan(milliseconds: 1)
      try await probe.expect(.time(.opened, .lessOrEqual, before), lists: [sessions[2]], "<= a millisecond before")
      try await probe.expect(.time(.opened, .less, .latest), lists: sessions, "< the latest time")
      try await probe.expect(.time(.accountCreated, .equal, probe.now), lists: sessions, "the account's time")
      try await probe.expect(.time(.accountCreated, .notEqual, probe.now), lists: [], "another time")
    },
  ]
}
