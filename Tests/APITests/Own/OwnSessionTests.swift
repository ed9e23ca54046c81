import HTTPMessages
import JSON
import SessionCore
import SessionTesting
import Testing

@Suite struct OwnSessionTests {
  @Test("a live token shows its session, at once", arguments: StoreKind.allCases)
  func show(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    let (id, token) = try await world.open("u1", #""user_name":"Ann","data":{"a":[1,2]},"user":"x""#)
    world.clock.advance(by: .seconds(90))
    let answer = await world.send(.get, "/v2/session", bearer: token)
    #expect(answer.status == 200)
    #expect(answer.wasAtOnce)
    #expect(answer.field("content-type") == "application/json")
    #expect(answer["id"]?.string == id)
    #expect(answer["user_name"]?.string == "Ann")
    #expect(answer["data"]?.text.description == #"{"a":[1,2]}"#)
    #expect(answer["state"]?.string == "open")
    #expect(answer["open_time"]?.string == "2027-01-15T08:00:00.123Z")
    #expect(answer["request_time"]?.string == "2027-01-15T08:01:30.123Z")
    #expect(answer["expires_at"]?.string == "2027-01-16T08:01:30.123Z")
    #expect(answer["idle_timeout"]?.integer == 86_400)
    #expect(answer["close_time"] == nil && answer["csrf_token"] == nil && answer["token"] == nil)
  }

  @Test("the fast path and the slow path say the same", arguments: StoreKind.allCases)
  func paths(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    let (_, token) = try await world.open("u1", #""user":{"é":"\u0001"},"kind":"k","lifetime":100"#)
    world.clock.advance(by: .seconds(99))
    let id = HTTPField("X-Request-Id", "r1")
    let fast = await world.send(.get, "/v2/session", bearer: token, fields: [id])
    let slow = await world.send(.get, "/v2/session", bearer: token, fields: [id], isSlow: true)
    let fresh = await world.send(.get, "/v2/session?fresh=true", bearer: token, fields: [id])
    #expect(fast.wasAtOnce && !slow.wasAtOnce && !fresh.wasAtOnce)
    #expect(fast.text == slow.text)
    #expect(fresh.text == slow.text)
    for answer in [fast, slow, fresh] { #expect(answer.field("x-request-id") == "r1") }
    world.clock.advance(by: .seconds(1))
    let ended = await world.send(.get, "/v2/session", bearer: token)
    #expect(ended.status == 401 && ended.wasAtOnce)
  }

  @Test("every token that is not valid gets the same 401", arguments: StoreKind.allCases)
  func unauthorized(kind: StoreKind) async throws {
    let world = try await APIWorld(kind) { $0.idleTimeout = .seconds(60) }
    let closed = try await world.open()
    _ = await world.send(.post, "/v2/sessions/\(closed.id)/close")
    let removed = try await world.open()
    _ = await world.send(.delete, "/v2/sessions/\(removed.id)")
    let expired = try await world.open()
    world.clock.advance(by: .seconds(60))
    let live = try await world.open()
    let forged = String(live.token.dropLast()) + (live.token.hasSuffix("A") ? "B" : "A")
    var bodies: Set<String> = []
    for isSlow in [false, true] {
      for token in [closed.token, removed.token, expired.token, forged, "sst_x", "x"] {
        let answer = await world.send(
          .get, "/v2/session", bearer: token, isSlow: isSlow)
        #expect(answer.status == 401)
        #expect(answer.field("www-authenticate") == "Bearer")
        #expect(answer.field("content-type") == "application/problem+json")
        #expect(answer["request_id"]?.string == answer.field("x-request-id"))
        bodies.insert(answer.text.replacing(answer.field("x-request-id") ?? "?", with: "ID"))
      }
    }
    #expect(bodies.count == 1)
  }

  @Test("a flood of forged tokens reads nothing from the store")
  func forged() async throws {
    let world = try await APIWorld()
    let (_, token) = try await world.open()
    let before = world.calls.total
    for index in 0..<100 {
      let forged = token.dropLast(2) + "\(index % 10)A"
      let answer = await world.send(.get, "/v2/session", bearer: String(forged))
      #expect(answer.status == 401)
    }
    #expect(world.calls.total == before)
  }

  @Test(
    "an Authorization that is malformed is 401, whatever the cookie says",
    arguments: ["Basic eDp5", "Bearer", "Bearer ", "Bearer a b", "Bearertoken", "", "Bearer é", "Token x"])
  func malformedAuthorization(value: String) async throws {
    let world = try await APIWorld()
    let (_, token) = try await world.open()
    let cookie = HTTPField("Cookie", "__Host-sesame=\(token)")
    #expect(await world.send(.get, "/v2/session", fields: [cookie]).status == 200)
    let answer = await world.send(.get, "/v2/session", fields: [cookie, HTTPField("Authorization", value)])
    #expect(answer.status == 401)
    let bearer = HTTPField("Authorization", "Bearer \(token)")
    #expect(await world.send(.get, "/v2/session", fields: [bearer, bearer]).status == 401)
  }

  @Test("Authorization goes before the cookie, and its scheme is read in any letter case")
  func precedence() async throws {
    let world = try await APIWorld()
    let (mine, token) = try await world.open("u1")
    let (_, other) = try await world.open("u2")
    let cookie = HTTPField("Cookie", "__Host-sesame=\(other)")
    for scheme in ["Bearer", "bearer", "BEARER", "Bearer  "] {
      let answer = await world.send(
        .get, "/v2/session", fields: [cookie, HTTPField("Authorization", "\(scheme) \(token)")])
      #expect(answer["id"]?.string == mine)
    }
  }

  @Test(
    "a bearer renews: the new token works, the old one after the grace time closes the session",
    arguments: StoreKind.allCases)
  func renew(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    let (id, token) = try await world.open()
    let renewed = await world.send(.post, "/v2/session/renew", bearer: token)
    #expect(renewed.status == 200)
    #expect(renewed["session"]?["generation"]?.integer == 1)
    #expect(renewed.cookie == nil && renewed["csrf_token"] == nil)
    let next = try #require(renewed["token"]?.string)
    #expect(next != token)
    #expect(await world.send(.post, "/v2/session/renew", bearer: token)["token"]?.string == next)
    world.clock.advance(by: .seconds(11))
    #expect(await world.send(.get, "/v2/session", bearer: token).status == 401)
    #expect(await world.send(.get, "/v2/session", bearer: next).status == 200)
    #expect(await world.send(.post, "/v2/session/renew", bearer: token).status == 401)
    #expect(await world.send(.get, "/v2/session", bearer: next).status == 401)
    #expect(await world.send(.get, "/v2/sessions/\(id)")["close_reason"]?.string == "reuse")
  }

  @Test("a bearer logs out, and the token is dead at once", arguments: StoreKind.allCases)
  func logOut(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    let (id, token) = try await world.open()
    let answer = await world.send(.delete, "/v2/session", bearer: token)
    #expect(answer.status == 204 && answer.response.body.isEmpty && answer.cookie == nil)
    #expect(await world.send(.get, "/v2/session", bearer: token).status == 401)
    #expect(await world.send(.delete, "/v2/session", bearer: token).status == 401)
    #expect(await world.send(.get, "/v2/sessions/\(id)")["close_reason"]?.string == "logout")
  }

  @Test("users see their own live sessions, and which one is this", arguments: StoreKind.allCases)
  func mine(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    let first = try await world.open("u1", #""data":1"#)
    world.clock.advance(by: .seconds(1))
    let second = try await world.open("u1")
    let other = try await world.open("u2")
    let closed = try await world.open("u1")
    _ = await world.send(.delete, "/v2/session", bearer: closed.token)
    let answer = await world.send(.get, "/v2/session/mine", bearer: first.token)
    #expect(answer.status == 200)
    let rows = answer["sessions"]?.elements ?? []
    #expect(rows.map { $0["id"]?.string } == [second.id, first.id])
    #expect(rows.map { $0["current"]?.boolean } == [false, true])
    #expect(rows.allSatisfy { $0["data"] == nil })
    #expect(answer["next"]?.isNull == true)
    let page = await world.send(.get, "/v2/session/mine?limit=1", bearer: first.token)
    let next = try #require(page["next"]?.string)
    let rest = await world.send(.get, "/v2/session/mine?limit=1&cursor=\(next)", bearer: first.token)
    #expect(rest["sessions"]?.elements.map { $0["id"]?.string } == [first.id])
    #expect(await world.send(.get, "/v2/session/mine").status == 401)
    #expect(await world.send(.delete, "/v2/session/mine/\(other.id)", bearer: first.token).status == 404)
    #expect(await world.send(.delete, "/v2/session/mine/nonsense", bearer: first.token).status == 404)
    #expect(await world.send(.delete, "/v2/session/mine/\(closed.id)", bearer: first.token).status == 404)
    #expect(await world.send(.delete, "/v2/session/mine/\(second.id)", bearer: first.token).status == 204)
    #expect(await world.send(.get, "/v2/session", bearer: second.token).status == 401)
    #expect(await world.send(.get, "/v2/session", bearer: other.token).status == 200)
  }

  @Test("logging out elsewhere closes the user's other sessions only", arguments: StoreKind.allCases)
  func others(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    let own = try await world.open("u1")
    var elsewhere: [String] = []
    for _ in 0..<3 { elsewhere.append(try await world.open("u1").token) }
    let other = try await world.open("u2")
    let answer = await world.send(.delete, "/v2/session/others", bearer: own.token)
    #expect(answer.status == 200)
    #expect(answer["count"]?.integer == 3)
    for token in elsewhere { #expect(await world.send(.get, "/v2/session", bearer: token).status == 401) }
    #expect(await world.send(.get, "/v2/session", bearer: own.token).status == 200)
    #expect(await world.send(.get, "/v2/session", bearer: other.token).status == 200)
  }

  @Test("a user's token opens no service's route to an untrusted caller")
  func scope() async throws {
    let world = try await APIWorld()
    let (id, token) = try await world.open()
    let far = HTTPPeer.network(address: "192.0.2.7", port: 1)
    #expect(await world.send(.get, "/v2/session", bearer: token, peer: far).status == 200)
    for target in ["/v2/sessions", "/v2/sessions/\(id)"] {
      let answer = await world.send(.get, target, bearer: token, peer: far)
      #expect(answer.status == 401 && answer.code == "unauthorized")
    }
  }
}
