import HTTPMessages
import JSON
import SessionCore
import SessionTesting
import Testing

@Suite struct OneSessionTests {
  @Test("a session is shown with its ETag", arguments: StoreKind.allCases)
  func show(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    let (id, _) = try await world.open("u1", #""data":{"a":1}"#)
    let answer = await world.send(.get, "/v2/sessions/\(id)")
    #expect(answer.status == 200)
    #expect(answer.field("etag") == "\"1\"")
    #expect(answer["data"]?["a"]?.integer == 1)
    let head = await world.send(.head, "/v2/sessions/\(id)")
    #expect(head.status == 200 && head.field("etag") == "\"1\"")
  }

  @Test("showing does not count as a request of the session")
  func showDoesNotTouch() async throws {
    let world = try await APIWorld()
    let (id, _) = try await world.open()
    world.clock.advance(by: .seconds(5))
    #expect(await world.send(.get, "/v2/sessions/\(id)")["request_time"]?.string == "2027-01-15T08:00:00.123Z")
  }

  @Test(
    "an id that no session has is 404 everywhere",
    arguments: [
      "00000000000000000000000000", "nonsense", "0", "8zzzzzzzzzzzzzzzzzzzzzzzzz", "%30", "00000000000000000000000000x",
    ])
  func missing(id: String) async throws {
    let world = try await APIWorld()
    for (method, suffix, body) in [
      (HTTPMethod.get, "", nil), (.patch, "", "{}"), (.delete, "", nil), (.post, "/close", nil),
    ] {
      let answer = await world.send(method, "/v2/sessions/\(id)\(suffix)", body)
      #expect(answer.status == 404 && answer.code == "not_found")
    }
  }

  @Test("a merge patch changes what it names, and nothing else", arguments: StoreKind.allCases)
  func patch(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    let (id, token) = try await world.open(
      "u1", #""data":{"a":1,"b":{"c":2,"d":3}},"user":{"x":1},"user_name":"Ann","kind":"k","status":"s""#)
    let patch = #"{"data":{"a":null,"b":{"c":9},"e":[1]},"user_name":null,"status":"t"}"#
    let answer = await world.send(
      .patch, "/v2/sessions/\(id)", patch, fields: [HTTPField("Content-Type", "application/merge-patch+json")])
    #expect(answer.status == 200)
    #expect(answer.field("etag") == "\"2\"")
    for answer in [answer, await world.send(.get, "/v2/session", bearer: token)] {
      #expect(answer["data"]?.text.description == #"{"b":{"c":9,"d":3},"e":[1]}"#)
      #expect(answer["user"]?.text.description == #"{"x":1}"#)
      #expect(answer["user_name"] == nil)
      #expect(answer["kind"]?.string == "k")
      #expect(answer["status"]?.string == "t")
      #expect(answer["revision"]?.integer == 2)
    }
    let emptied = await world.send(.patch, "/v2/sessions/\(id)", #"{"user":null,"data":7}"#)
    #expect(emptied["user"] == nil && emptied["data"]?.integer == 7)
  }

  @Test(
    "a patch of what can't be changed is refused and changes nothing",
    arguments: [
      #"{"user_id":"x"}"#, #"{"id":"x"}"#, #"{"state":"closed"}"#, #"{"revision":9}"#, #"{"lifetime":1}"#,
      #"{"kind":1}"#, #"{"status":"\u0000"}"#, #"{"Kind":"x"}"#, "[]", "null", #""x""#,
    ])
  func badPatch(body: String) async throws {
    let world = try await APIWorld()
    let (id, _) = try await world.open()
    let before = await world.send(.get, "/v2/sessions/\(id)").text
    let answer = await world.send(.patch, "/v2/sessions/\(id)", body)
    #expect(answer.status == 400 && answer.code == "invalid_request")
    #expect(await world.send(.get, "/v2/sessions/\(id)").text == before)
  }

  @Test("contents that grow beyond the policy's limit are refused", arguments: StoreKind.allCases)
  func payload(kind: StoreKind) async throws {
    let world = try await APIWorld(kind) { $0.payloadLimit = 100 }
    let (id, _) = try await world.open("u1", #""data":{"a":"\#(String(repeating: "x", count: 80))"}"#)
    let answer = await world.send(.patch, "/v2/sessions/\(id)", #"{"data":{"b":"0123456789"}}"#)
    #expect(answer.status == 400)
    #expect(answer["errors"]?["data"]?.string != nil)
    #expect(await world.send(.get, "/v2/sessions/\(id)").field("etag") == "\"1\"")
  }

  @Test(
    "If-Match is honoured: strong tags of this revision, lists, and *",
    arguments: [
      ("\"1\"", 200), ("*", 200), ("\"0\", \"1\"", 200), ("\"0\",\"1\",\"2\"", 200), ("\"2\"", 412), ("W/\"1\"", 412),
      ("1", 412), ("", 412), ("\"1", 412), ("\"x\"", 412), ("*, \"2\"", 412), ("\"01\"", 412), ("\"+1\"", 412),
    ])
  func ifMatch(value: String, status: Int) async throws {
    let world = try await APIWorld()
    let (id, _) = try await world.open()
    let answer = await world.send(
      .patch, "/v2/sessions/\(id)", #"{"kind":"x"}"#, fields: [HTTPField("If-Match", value)])
    #expect(answer.status == status)
    let now = await world.send(.get, "/v2/sessions/\(id)")
    #expect(now["kind"]?.string == (status == 200 ? "x" : nil))
    if status == 412 {
      #expect(answer.code == "revision_mismatch")
      #expect(answer.field("etag") == "\"1\"")
    }
  }

  @Test("several If-Match fields are one list")
  func ifMatchTwice() async throws {
    let world = try await APIWorld()
    let (id, _) = try await world.open()
    let fields = [HTTPField("If-Match", "\"7\""), HTTPField("If-Match", "\"1\"")]
    #expect(await world.send(.patch, "/v2/sessions/\(id)", #"{"kind":"x"}"#, fields: fields).status == 200)
    #expect(await world.send(.patch, "/v2/sessions/\(id)", #"{"kind":"y"}"#, fields: fields).status == 412)
  }

  @Test("If-Match is honoured before closing and erasing too", arguments: StoreKind.allCases)
  func ifMatchEnding(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    let (id, _) = try await world.open()
    let other = [HTTPField("If-Match", "\"2\"")]
    #expect(await world.send(.delete, "/v2/sessions/\(id)", fields: other).status == 412)
    #expect(await world.send(.post, "/v2/sessions/\(id)/close", fields: other).status == 412)
    #expect(await world.send(.get, "/v2/sessions/\(id)")["state"]?.string == "open")
    let closed = await world.send(.post, "/v2/sessions/\(id)/close", fields: [HTTPField("If-Match", "\"1\"")])
    #expect(closed.field("etag") == "\"2\"")
    #expect(await world.send(.delete, "/v2/sessions/\(id)", fields: other).status == 204)
    #expect(await world.send(.delete, "/v2/sessions/\(id)", fields: other).status == 404)
  }

  @Test("an ended session does not change, and loses its contents", arguments: StoreKind.allCases)
  func ended(kind: StoreKind) async throws {
    let world = try await APIWorld(kind) { $0.idleTimeout = .seconds(60) }
    let closed = try await world.open("u1", #""data":1,"user":2"#)
    let expired = try await world.open("u1", #""data":1,"user":2"#)
    let answer = await world.send(.post, "/v2/sessions/\(closed.id)/close", #"{"reason":"account"}"#)
    #expect(answer.status == 200)
    #expect(answer["state"]?.string == "closed")
    #expect(answer["close_reason"]?.string == "account")
    #expect(answer["close_time"]?.string == "2027-01-15T08:00:00.123Z")
    #expect(answer["expires_at"] == nil && answer["user"] == nil && answer["data"] == nil)
    world.clock.advance(by: .seconds(61))
    let seen = await world.send(.get, "/v2/sessions/\(expired.id)")
    #expect(seen["state"]?.string == "closed" && seen["close_reason"]?.string == "idle" && seen["data"] == nil)
    #expect(seen["close_time"]?.string == "2027-01-15T08:01:00.123Z")
    for id in [closed.id, expired.id] {
      for fields in [[], [HTTPField("If-Match", "*")]] {
        let answer = await world.send(.patch, "/v2/sessions/\(id)", #"{"kind":"x"}"#, fields: fields)
        #expect(answer.status == 409 && answer.code == "session_closed")
      }
    }
    let again = await world.send(.post, "/v2/sessions/\(closed.id)/close", #"{"reason":"logout"}"#)
    #expect(again.status == 200 && again["close_reason"]?.string == "account")
  }

  @Test("closing takes a reason that callers may give, revoked by default", arguments: StoreKind.allCases)
  func close(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    for (body, reason) in [(nil, "revoked"), ("{}", "revoked"), (#"{"reason":"logout"}"#, "logout")] {
      let (id, token) = try await world.open()
      let answer = await world.send(.post, "/v2/sessions/\(id)/close", body)
      #expect(answer["close_reason"]?.string == reason)
      #expect(await world.send(.get, "/v2/session", bearer: token).status == 401)
    }
    let (id, _) = try await world.open()
    for body in [#"{"reason":"idle"}"#, #"{"reason":"x"}"#, #"{"reason":1}"#, #"{"why":1}"#] {
      #expect(await world.send(.post, "/v2/sessions/\(id)/close", body).status == 400)
    }
    #expect(await world.send(.get, "/v2/sessions/\(id)")["state"]?.string == "open")
  }

  @Test("erasing leaves nothing", arguments: StoreKind.allCases)
  func remove(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    let (id, token) = try await world.open()
    let answer = await world.send(.delete, "/v2/sessions/\(id)")
    #expect(answer.status == 204 && answer.response.body.isEmpty)
    #expect(await world.send(.get, "/v2/sessions/\(id)").status == 404)
    #expect(await world.send(.delete, "/v2/sessions/\(id)").status == 404)
    #expect(await world.send(.get, "/v2/session", bearer: token).status == 401)
    #expect(await world.send(.get, "/v2/sessions?count=true")["count"]?.integer == 0)
  }

  @Test("two writers of different members lose nothing in 1,000 changes each", arguments: StoreKind.allCases)
  func writers(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    let (id, _) = try await world.open("u1", #""data":{"a":0,"b":0}"#)
    await withTaskGroup(of: Void.self) { group in
      for member in ["a", "b"] {
        group.addTask {
          for value in 1...1000 {
            let answer = await world.send(.patch, "/v2/sessions/\(id)", #"{"data":{"\#(member)":\#(value)}}"#)
            if answer.status != 200 || answer["data"]?.member(member)?.integer != Int64(value) {
              Issue.record("change \(value) of \(member) was answered \(answer.status)")
            }
          }
        }
      }
    }
    let answer = await world.send(.get, "/v2/sessions/\(id)")
    #expect(answer["data"]?.text.description == #"{"a":1000,"b":1000}"#)
    #expect(answer["revision"]?.integer == 2001)
  }
}
