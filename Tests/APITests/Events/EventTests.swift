import Accounts
import HTTPMessages
import JSON
import SessionCore
import SessionTesting
import Testing

@Suite struct EventTests {
  private func types(_ answer: Answer) -> [String] {
    (answer["events"]?.elements ?? []).compactMap { $0["type"]?.string }
  }

  @Test("the log tells what was done, to whom, by whom, and by which request", arguments: StoreKind.allCases)
  func contents(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    let key = try await world.key(.sessionsWrite)
    let id = [HTTPField("X-Request-Id", "r1")]
    let opened = await world.send(.post, "/v2/sessions", #"{"user_id":"u"}"#, bearer: key, fields: id)
    let session = try #require(opened["session"]?["id"]?.string)
    world.clock.advance(by: .seconds(1))
    _ = await world.send(
      .delete, "/v2/session", bearer: opened["token"]?.string, fields: id,
      peer: .network(address: "198.51.100.7", port: 1))
    let all = await world.send(.get, "/v2/events")["events"]?.elements ?? []
    let cursors = all.compactMap { $0["cursor"]?.string }
    try #require(cursors.count == 3)
    let answer = await world.send(.get, "/v2/events?after=\(cursors[0])")
    #expect(answer.status == 200)
    let events = answer["events"]?.elements ?? []
    let (first, last) = (#"{"cursor":"\#(cursors[1])","type":"session.opened","#, #"{"cursor":"\#(cursors[2])","#)
    #expect(
      events.first?.text.description
        == first + #""time":"2027-01-15T08:00:00.123Z","actor":{"kind":"service","name":"batch","#
        + #""address":"127.0.0.1","request_id":"r1"},"session_id":"\#(session)","user_id":"u"}"#)
    #expect(
      events.last?.text.description
        == last + #""type":"session.closed","time":"2027-01-15T08:00:01.123Z","actor":{"kind":"user","#
        + #""address":"198.51.100.7","request_id":"r1"},"session_id":"\#(session)","user_id":"u","reason":"logout"}"#)
    #expect(answer["next"]?.string == cursors[2] && answer["more"]?.boolean == false)
  }

  @Test("a scripted day is told whole and in order, the causes of refusals included", arguments: StoreKind.allCases)
  func day(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    try await world.account(#""email":"ann@example.org","password":"long enough""#)
    let login = #"{"email":"ann@example.org","password":"long enough"}"#
    let token = await world.send(.post, "/v2/login", login)["token"]?.string
    _ = await world.send(.post, "/v2/login", #"{"email":"ann@example.org","password":"wrong one"}"#)
    _ = await world.send(.post, "/v2/login", #"{"email":"x@example.org","password":"wrong one"}"#)
    let renewed = await world.send(.post, "/v2/session/renew", bearer: token)["token"]?.string
    _ = await world.send(.patch, "/v2/accounts/1", #"{"name":"Ann"}"#)
    _ = await world.send(.delete, "/v2/session", bearer: renewed)
    _ = try await world.key(.admin)
    _ = await world.send(.delete, "/v2/keys/1")
    let answer = await world.send(.get, "/v2/events")
    #expect(
      types(answer) == [
        "account.created", "session.opened", "login.succeeded", "login.refused", "login.refused", "session.renewed",
        "account.changed", "session.closed", "key.created", "key.revoked",
      ])
    let reasons = (answer["events"]?.elements ?? []).compactMap { $0["reason"]?.string }
    #expect(reasons == ["password", "wrong_password", "unknown_account", "logout"])
    for secret in ["long enough", "wrong one", "sst_", "ssk_"] { #expect(!answer.text.contains(secret)) }
  }

  @Test("pages follow one another by cursor, filtered or not", arguments: StoreKind.allCases)
  func pages(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    for _ in 0..<5 {
      let (id, _) = try await world.open()
      _ = await world.send(.post, "/v2/sessions/\(id)/close")
    }
    for (filter, expected) in [
      ("", 10), ("&type=session.closed", 5), ("&type=session.closed,session.opened", 10), ("&type=key.created", 0),
    ] {
      var cursors: [Int] = []
      var after = "0"
      var more = true
      while more {
        let answer = await world.send(.get, "/v2/events?limit=3&after=\(after)\(filter)")
        try #require(answer.status == 200)
        cursors += (answer["events"]?.elements ?? []).compactMap { $0["cursor"]?.string }.compactMap { Int($0) }
        after = try #require(answer["next"]?.string)
        more = answer["more"]?.boolean == true
      }
      #expect(cursors.count == expected && cursors == Array(Set(cursors)).sorted(), "\(filter)")
      let rest = await world.send(.get, "/v2/events?after=\(after)\(filter)")
      #expect(rest["events"]?.count == 0 && rest["next"]?.string == after)
    }
  }

  @Test(
    "a cursor, type or limit that can't be is refused",
    arguments: [
      ("after=x", "after"), ("after=-1", "after"), ("after=01", "after"), ("after=%2B1", "after"), ("after=", "after"),
      ("after=9223372036854775808", "after"), ("type=x", "type"), ("type=", "type"), ("type=key.created,", "type"),
      ("type=key.created&type=key.revoked", "type"), ("limit=0", "limit"), ("limit=1001", "limit"), ("from=1", "from"),
    ])
  func invalid(query: String, member: String) async throws {
    let world = try await APIWorld()
    for accept in ["application/json", "text/event-stream"] {
      let answer = await world.send(.get, "/v2/events?\(query)", fields: [HTTPField("Accept", accept)])
      #expect(answer.status == 400 && answer["errors"]?.member(member) != nil, "\(query)")
    }
  }

  @Test("a place beyond the end is an empty page")
  func beyond() async throws {
    let world = try await APIWorld()
    let answer = await world.send(.get, "/v2/events?after=9223372036854775807")
    #expect(answer.status == 200 && answer["events"]?.count == 0)
  }
}
