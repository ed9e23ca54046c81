import HTTPMessages
import JSON
import SessionCore
import SessionTesting
import Testing

@Suite struct ListingTests {
  private func ids(_ answer: Answer) -> [String] {
    answer["sessions"]?.elements.compactMap { $0["id"]?.string } ?? []
  }

  /// Follows the cursors of a list to its end.
  private func all(_ world: APIWorld, _ query: String) async -> [String] {
    var found: [String] = []
    var cursor: String?
    for _ in 0..<100 {
      let answer = await world.send(.get, "/v2/sessions?\(query)\(cursor.map { "&cursor=\($0)" } ?? "")")
      found += ids(answer)
      cursor = answer["next"]?.string
      if cursor == nil { break }
    }
    return found
  }

  @Test("each order is kept over all pages, each session once", arguments: StoreKind.allCases)
  func orders(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    var opened: [(id: String, token: String)] = []
    for index in 0..<10 {
      opened.append(try await world.open())
      // Some at the same time: the id decides.
      if index % 3 == 0 { world.clock.advance(by: .seconds(1)) }
    }
    world.clock.advance(by: .seconds(1))
    for index in [4, 2, 9] {
      _ = await world.send(.get, "/v2/session", bearer: opened[index].token)
      world.clock.advance(by: .seconds(1))
    }
    func sorted(_ time: KeyPath<Session, Timestamp>, descending: Bool) async throws -> [String] {
      var sessions: [Session] = []
      for (id, _) in opened {
        let id = try #require(SessionID(id))
        sessions.append(try #require(await world.sessions.session(id)))
      }
      sessions.sort { ($0[keyPath: time], $0.id) < ($1[keyPath: time], $1.id) }
      return sessions.map(\.id.description).reversed(if: descending)
    }
    for limit in [1, 3, 10, 11] {
      #expect(try await all(world, "limit=\(limit)") == sorted(\.openTime, descending: true))
      #expect(try await all(world, "limit=\(limit)&order=newest") == sorted(\.openTime, descending: true))
      #expect(try await all(world, "limit=\(limit)&order=oldest") == sorted(\.openTime, descending: false))
      #expect(try await all(world, "limit=\(limit)&order=recent") == sorted(\.requestTime, descending: true))
      #expect(try await all(world, "limit=\(limit)&order=least_recent") == sorted(\.requestTime, descending: false))
    }
  }

  @Test("contents come along only when asked for, and the count too", arguments: StoreKind.allCases)
  func include(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    for user in ["u1", "u1", "u2"] { _ = try await world.open(user, #""user":1,"data":2"#) }
    for (include, user, data) in [
      ("", false, false), ("&include=user", true, false), ("&include=data", false, true),
      ("&include=data,user", true, true), ("&include=user%2Cdata", true, true),
    ] {
      let rows = await world.send(.get, "/v2/sessions?limit=2\(include)")["sessions"]?.elements ?? []
      #expect(rows.count == 2)
      #expect(rows.allSatisfy { ($0["user"] != nil) == user && ($0["data"] != nil) == data })
    }
    #expect(await world.send(.get, "/v2/sessions?limit=1&count=true&user_id=u1")["count"]?.integer == 2)
    #expect(await world.send(.get, "/v2/sessions?limit=1&count=false")["count"] == nil)
  }

  @Test("a page holds 100 unless said otherwise, and at most 1,000")
  func limits() async throws {
    let world = try await APIWorld()
    for _ in 0..<101 { _ = try await world.open() }
    #expect(ids(await world.send(.get, "/v2/sessions")).count == 100)
    #expect(ids(await world.send(.get, "/v2/sessions?limit=1000")).count == 101)
    #expect(await world.send(.get, "/v2/sessions?limit=1001").status == 400)
  }

  @Test(
    "a parameter that is unknown, repeated or malformed is refused",
    arguments: [
      "limit=0", "limit=-1", "limit=1e2", "limit=9223372036854775808", "limit=", "order=up", "order=", "state=alive",
      "state=true", "count=1", "include=token", "include=", "include=user,", "from=yesterday",
      "to=2026-13-01T00:00:00Z",
      "opened_from=1", "opened_to=", "cursor=x", "cursor=", "cursor=AAAA", "cursor=%00", "id=1", "User_id=u",
      "user_id=", "user_id=a&user_id=a", "user_id=%ff", "kind=%00", "x", "from=2026-01-01",
    ])
  func malformed(query: String) async throws {
    let world = try await APIWorld()
    let answer = await world.send(.get, "/v2/sessions?\(query)")
    #expect(answer.status == 400 && answer.code == "invalid_request")
    #expect(answer["errors"]?.count == 1)
  }

  @Test("a cursor is good for its own order only, and canonical")
  func cursors() async throws {
    let world = try await APIWorld()
    for _ in 0..<3 { _ = try await world.open() }
    let next = try #require(await world.send(.get, "/v2/sessions?limit=1")["next"]?.string)
    #expect(await world.send(.get, "/v2/sessions?cursor=\(next)").status == 200)
    #expect(await world.send(.get, "/v2/sessions?cursor=\(next)&order=recent").status == 400)
    for index in next.indices {
      var changed = next
      changed.replaceSubrange(index...index, with: "=")
      #expect(await world.send(.get, "/v2/sessions?cursor=\(changed)").status == 400)
    }
    #expect(await world.send(.get, "/v2/sessions?cursor=\(next)A").status == 400)
    #expect(await world.send(.get, "/v2/sessions?cursor=\(next.dropLast())").status == 400)
  }

  @Test("all that match are closed, or only counted", arguments: StoreKind.allCases)
  func closeMatching(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    var open: [(id: String, token: String)] = []
    for index in 0..<6 { open.append(try await world.open(index < 4 ? "u1" : "u2", #""kind":"k\#(index % 2)""#)) }
    func close(_ body: String) async -> Answer { await world.send(.post, "/v2/sessions/close", body) }
    let dry = await close(#"{"filter":{"user_id":"u1","kind":"k1"},"dry_run":true}"#)
    #expect(dry["count"]?.integer == 2 && dry["dry_run"]?.boolean == true)
    #expect(await world.send(.get, "/v2/sessions?state=open&count=true")["count"]?.integer == 6)
    #expect(await close(#"{"filter":{"state":"closed"}}"#)["count"]?.integer == 0)
    let done = await close(#"{"filter":{"user_id":"u1","kind":"k1"},"reason":"account"}"#)
    #expect(done["count"]?.integer == 2 && done["dry_run"]?.boolean == false)
    for (index, session) in open.enumerated() {
      let isClosed = index == 1 || index == 3
      #expect(await world.send(.get, "/v2/session", bearer: session.token).status == (isClosed ? 401 : 200))
      let reason = await world.send(.get, "/v2/sessions/\(session.id)")["close_reason"]?.string
      #expect(reason == (isClosed ? "account" : nil))
    }
    #expect(await close(#"{"filter":{"user_id":"u1","kind":"k1"}}"#)["count"]?.integer == 0)
    #expect(await close(#"{"filter":{"state":"open"}}"#)["count"]?.integer == 4)
  }

  @Test(
    "a closing without a filter, or with one that can't be read, closes nothing",
    arguments: [
      "{}", #"{"filter":{}}"#, #"{"filter":null}"#, #"{"filter":[]}"#, #"{"filter":{"id":"x"}}"#,
      #"{"filter":{"user_id":7}}"#,
      #"{"filter":{"user_id":null}}"#, #"{"filter":{"from":"x"}}"#, #"{"filter":{"user_id":"u1"},"dry_run":"true"}"#,
      #"{"filter":{"user_id":"u1"},"reason":"idle"}"#, #"{"user_id":"u1"}"#,
      #"{"filter":{"user_id":"u1","user_id":"u2"}}"#, "",
    ])
  func badClosing(body: String) async throws {
    let world = try await APIWorld()
    _ = try await world.open()
    #expect(await world.send(.post, "/v2/sessions/close", body).status == 400)
    #expect(await world.send(.get, "/v2/sessions?state=open&count=true")["count"]?.integer == 1)
  }
}

extension Array {
  fileprivate func reversed(if condition: Bool) -> [Element] { condition ? reversed() : self }
}
