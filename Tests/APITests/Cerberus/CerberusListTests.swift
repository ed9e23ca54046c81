import Cerberus
import HTTPMessages
import JSON
import SessionCore
import SessionTesting
import Testing

@Suite("Cerberus: lists") struct CerberusListTests {
  /// Ana's two sessions, a second apart, and Bob's without an account, the newest first.
  private func world(_ kind: StoreKind) async throws -> (CerberusWorld, ids: [String]) {
    let world = try await CerberusWorld(kind)
    var ids: [String] = []
    for address in ["192.0.2.1", "192.0.2.2"] {
      ids.insert(try await world.session(try await world.token(#","ip":"\#(address)""#)), at: 0)
      world.api.clock.advance(by: .seconds(1))
    }
    ids.insert(try await world.api.open("bob").id, at: 0)
    return (world, ids)
  }

  @Test("every field and operator finds what it says", arguments: StoreKind.allCases)
  func grammar(kind: StoreKind) async throws {
    let (world, ids) = try await world(kind)
    let (bob, second, first) = (ids[0], ids[1], ids[2])
    let opened = world.api.clock.now().milliseconds - 2000
    let cases: [(String, [String])] = [
      ("{}", ids), ("[{}]", ids), (#"{"id":"\#(first)"}"#, [first]), (#"{"user":\#(world.ana)}"#, [second, first]),
      (#"{"user":"\#(world.ana)"}"#, [second, first]), (#"{"user":"bob"}"#, [bob]),
      (#"{"user":{"operator":"!=","value":\#(world.ana)}}"#, [bob]),
      (#"{"user":{"operator":">=","value":1}}"#, [second, first]),
      (#"{"users__id":{"operator":"<=","value":\#(world.ana)}}"#, [second, first]),
      (#"{"ip":"192.0.2.1"}"#, [first]), (#"{"ip":null}"#, [bob]),
      (#"{"ip":{"operator":"!=","value":null}}"#, [second, first]),
      (#"{"ip":{"operator":"!=","value":"192.0.2.1"}}"#, [second]),
      (#"{"ip":{"operator":"<","value":"192.0.2.2"}}"#, [first]),
      (#"{"created":\#(opened)}"#, [first]), (#"{"created":{"operator":"=","value":\#(opened)}}"#, [first]),
      (#"{"created":{"operator":">","value":\#(opened)}}"#, [bob, second]),
      (#"{"created":"now()"}"#, [bob]), (#"{"created":{"operator":"<","value":"now()"}}"#, [second, first]),
      (#"{"created":{"operator":"<=","value":"2027-01-15T08:00:00.123Z"}}"#, [first]),
      (#"{"users__created":{"operator":"<=","value":"now()"}}"#, [second, first]),
      (#"{"users__username":"ana"}"#, [second, first]), (#"{"users__email":"ana@EXAMPLE.org"}"#, [second, first]),
      (#"{"users__firstName":"Ana","users__lastName":"Ruiz"}"#, [second, first]),
      (#"{"users__firstName":"Ana","users__lastName":"Other"}"#, []), (#"{"users__username":null}"#, [bob]),
      (#"[{"ip":"192.0.2.2"},{"user":"bob"}]"#, [bob, second]), (#"[{"user":"nobody"},{"user":"Bob"}]"#, []),
      (#"{"ip":"now()"}"#, []),
    ]
    for (conditions, expected) in cases {
      #expect(try await world.ids(conditions) == expected, "\(conditions)")
    }
  }

  @Test("what is not understood is refused and named, and never guessed at", arguments: StoreKind.allCases)
  func refusals(kind: StoreKind) async throws {
    let (world, _) = try await world(kind)
    let many = (0..<101).map { "{\"ip\":\"\($0)\"}" }.joined(separator: ",")
    for (conditions, named) in [
      (#"{"nope":1}"#, "where.nope"), (#"{"users__password":"x"}"#, "where.users__password"),
      (#"{"password_hash":"x"}"#, "where.password_hash"), (#"{"ID":"x"}"#, "where.ID"),
      (#"{"users.email":"x"}"#, "where.users.email"), (#"{"1=1; --":1}"#, "where.1=1; --"),
      (#"{"ip":{"operator":"LIKE","value":"%"}}"#, "where.ip.operator"),
      (#"{"ip":{"operator":"= '' OR 1=1 --","value":"x"}}"#, "where.ip.operator"),
      (#"{"ip":{"operator":7,"value":"x"}}"#, "where.ip.operator"), (#"{"ip":{"$ne":null}}"#, "where.ip"),
      (#"{"ip":{"operator":"="}}"#, "where.ip"), (#"{"ip":{"operator":"=","value":"x","more":1}}"#, "where.ip"),
      (#"{"ip":{"operator":"=","value":{"operator":"=","value":"x"}}}"#, "where.ip.value"),
      (#"{"ip":"\\\\NOW()"}"#, "where.ip"), (#"{"created":"\\\\NOW()"}"#, "where.created"),
      (#"{"user":{"operator":"=","value":"\\\\1 OR 1=1"}}"#, "where.user"),
      (#"{"ip":7}"#, "where.ip"), (#"{"ip":true}"#, "where.ip"), (#"{"ip":[]}"#, "where.ip"),
      (#"{"id":7}"#, "where.id"),
      (#"{"ip":{"operator":"<","value":null}}"#, "where.ip"), (#"{"user":1.5}"#, "where.user"),
      (#"{"user":null}"#, "where.user"), (#"{"user":{"operator":"<","value":"7"}}"#, "where.user"),
      (#"{"user":1e300}"#, "where.user"), (#"{"created":"yesterday"}"#, "where.created"),
      (#"{"created":null}"#, "where.created"), (#"{"users__id":"7"}"#, "where.users__id"), ("[]", "where"),
      ("[[]]", "where[0]"), ("[{},7]", "where[1]"), (#""id = 1""#, "where"), ("7", "where"), ("null", "where"),
      ("true", "where"), ("[\(many)]", "where"),
    ] {
      let answer = await world.list(conditions)
      #expect(isRefusal(answer, 400), "\(conditions.prefix(60)) \(answer.text.prefix(100))")
      #expect(
        answer["err"]?.string?.hasPrefix("\(named) ") == true, "\(conditions.prefix(60)): \(answer.text.prefix(200))")
    }
    #expect(isRefusal(await world.call("listSome", "{}"), 400))
    for limit in ["0", "-1", "10001", "1.5", #""7""#, "null", "1e300"] {
      #expect(isRefusal(await world.call("listAll", #"{"limit":\#(limit)}"#), 400), "\(limit)")
      #expect(isRefusal(await world.call("listSome", #"{"where":{},"limit":\#(limit)}"#), 400), "\(limit)")
    }
  }

  @Test("hostile texts are values and nothing else, wherever they stand", arguments: StoreKind.allCases)
  func hostile(kind: StoreKind) async throws {
    let (world, ids) = try await world(kind)
    for text in [
      "' OR '1'='1", "'; DROP TABLE session; --", #"\""#, #"\\"#, #"\\' OR 1=1"#, "%", "_", "?", "?1", ":x", "/*", "--",
      "{}", #"{\"$ne\":null}"#, #"\r\n"#, "\u{FEFF}", "e\u{301}", "\u{1F468}\u{200D}\u{1F469}", "",
      #"\u001b[31m"#, String(repeating: "x", count: 60_000),
    ] {
      for field in ["id", "ip", "user", "users__username", "users__email", "users__firstName", "users__lastName"] {
        #expect(try await world.ids(#"{"\#(field)":"\#(text)"}"#).isEmpty, "\(field) \(text.prefix(30))")
      }
      let answer = await world.list(#"{"\#(text)":1}"#)
      #expect(isRefusal(answer, 400) && answer.text.utf8.count < 1000, "\(text.prefix(30))")
    }
    let nul = await world.list(#"{"ip":"a\u0000b"}"#)
    #expect(nul.text == "[]", "a NUL is a character like any other here")
    #expect(try await world.ids("{}") == ids)
  }

  @Test("lists are bounded, newest first, and say when there is more", arguments: StoreKind.allCases)
  func bounds(kind: StoreKind) async throws {
    let (world, ids) = try await world(kind)
    for limit in 1...4 {
      let answer = await world.list(limit: limit)
      #expect(answer.root?.elements.compactMap { $0["id"]?.string } == Array(ids.prefix(limit)))
      #expect(answer.field("sesame-more-rows") == (limit < 3 ? "true" : nil))
    }
    #expect(await world.call("listAll", nil).root?.count == 3)
  }

  @Test("a list of more rows than one read brings is whole")
  func batches() async throws {
    let world = try await CerberusWorld(.memory)
    for _ in 0..<2100 { _ = try await world.api.sessions.open(SessionDraft(userID: "bob"), by: .tester) }
    let rows = try await world.api.cerberus.sessions.listAll()
    #expect(rows.count == 2100 && Set(rows.map(\.id)).count == 2100)
    #expect(try await world.api.cerberus.sessions.listSome(where: ["user": "bob"], limit: 1500).count == 1500)
    #expect(world.api.calls.count(.accountSessions) == 3 + 2)
  }

  @Test("no row shows a token, and a busy session stays in the list", arguments: StoreKind.allCases)
  func secrets(kind: StoreKind) async throws {
    let world = try await CerberusWorld(kind)
    let token = try await world.token()
    #expect(!(await world.list()).text.contains("sst_"))
    world.api.clock.advance(by: .hours(23))
    #expect(await world.get(token).status == 200)
    world.api.clock.advance(by: .hours(23))
    #expect(await world.list().root?.count == 1)
    world.api.clock.advance(by: .hours(1))
    #expect(await world.list().text == "[]")
  }
}
