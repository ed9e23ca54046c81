import HTTPMessages
import JSON
import SessionCore
import SessionTesting
import Testing

@Suite struct VerificationTests {
  @Test("a service verifies a token at once, which counts as a request", arguments: StoreKind.allCases)
  func active(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    let (id, token) = try await world.open("u1", #""data":{"a":1}"#)
    world.clock.advance(by: .seconds(7))
    let fast = await world.send(.post, "/v2/verify", #"{"token":"\#(token)"}"#)
    #expect(fast.wasAtOnce && fast.status == 200)
    #expect(fast["active"]?.boolean == true)
    #expect(fast["session"]?["id"]?.string == id)
    #expect(fast["session"]?["request_time"]?.string == "2027-01-15T08:00:07.123Z")
    let slow = await world.send(.post, "/v2/verify", #"{"token":"\#(token)"}"#, isSlow: true)
    #expect(slow.text == fast.text)
    let more = await world.send(
      .post, "/v2/verify", #"{"address":"192.0.2.1","token":"\#(token)","user_agent":"x"}"#)
    #expect(!more.wasAtOnce && more.text == fast.text)
    #expect(await world.send(.get, "/v2/sessions/\(id)")["request_time"]?.string == "2027-01-15T08:00:07.123Z")
  }

  @Test("why a token is not active is told to services", arguments: StoreKind.allCases)
  func refused(kind: StoreKind) async throws {
    let world = try await APIWorld(kind) { $0.idleTimeout = .seconds(60) }
    let closed = try await world.open()
    _ = await world.send(.post, "/v2/sessions/\(closed.id)/close")
    let removed = try await world.open()
    _ = await world.send(.delete, "/v2/sessions/\(removed.id)")
    let renewed = try await world.open()
    let next = await world.send(.post, "/v2/session/renew", bearer: renewed.token)["token"]?.string ?? ""
    let expired = try await world.open()
    world.clock.advance(by: .seconds(30))
    #expect(await world.send(.get, "/v2/session", bearer: next).status == 200)
    world.clock.advance(by: .seconds(30))
    for (token, reason, closeReason) in [
      (closed.token, "closed", "revoked"), (removed.token, "unknown", nil), (renewed.token, "superseded", nil),
      (expired.token, "closed", "idle"), ("x", "malformed", nil), ("", "malformed", nil),
      (String(expired.token.dropLast(2)) + "AA", "forged", nil),
    ] {
      for isSlow in [false, true] {
        let answer = await world.send(.post, "/v2/verify", #"{"token":"\#(token)"}"#, isSlow: isSlow)
        #expect(answer.status == 200)
        #expect(answer["active"]?.boolean == false)
        #expect(answer["reason"]?.string == reason)
        #expect(answer["close_reason"]?.string == closeReason)
        #expect(answer["session"] == nil)
      }
    }
  }

  @Test("the fast path reads white space, and leaves every other form to the strict parser")
  func forms() async throws {
    let world = try await APIWorld()
    let (_, token) = try await world.open()
    for body in [#"{"token":"T"}"#, "\n{ \"token\" :\t\"T\"\r\n} "] {
      let answer = await world.send(.post, "/v2/verify", body.replacing("T", with: token))
      #expect(answer.wasAtOnce && answer["active"]?.boolean == true)
    }
    for body in [
      #"{"token":"T","token":"T"}"#, #"{"token":"T",}"#, #"{"token":"T"}}"#, #"{"token":"T"#, #"{"token":"T""#,
      #"{"token" "T"}"#, #"{"tokex":"T"}"#, #"{"token":"T"} x"#, #"["token","T"]"#, "{}", #"{"token":7}"#,
      #"{"Token":"T"}"#, #"{"token":"T","x":1}"#, "\u{FEFF}{\"token\":\"T\"}",
    ] {
      let answer = await world.send(.post, "/v2/verify", body.replacing("T", with: token))
      #expect(!answer.wasAtOnce && answer.status == 400, "\(body)")
    }
    let escaped = #"{"token":"\u0073\#(token.dropFirst())"}"#
    let answer = await world.send(.post, "/v2/verify", escaped)
    #expect(!answer.wasAtOnce && answer["active"]?.boolean == true)
  }

  @Test("only plain JSON from a caller trusted beyond doubt is answered at once")
  func doubt() async throws {
    let world = try await APIWorld()
    let (_, token) = try await world.open()
    let body = #"{"token":"\#(token)"}"#
    for (field, status) in [
      (HTTPField("Origin", "http://127.0.0.1:8080"), 200), (HTTPField("Origin", "http://x.example"), 403),
      (HTTPField("Sec-Fetch-Site", "none"), 200), (HTTPField("Sec-Fetch-Site", "cross-site"), 403),
      (HTTPField("X-Forwarded-For", "127.0.0.1"), 401), (HTTPField("Via", "1.1 x"), 401),
      (HTTPField("Content-Encoding", "gzip"), 415), (HTTPField("Content-Type", "text/plain"), 415),
      (HTTPField("Content-Type", "application/json; charset=\"utf-8\""), 200),
    ] {
      let answer = await world.send(.post, "/v2/verify", body, fields: [field])
      #expect(!answer.wasAtOnce && answer.status == status, "\(field.text)")
    }
    let charset = HTTPField("Content-Type", "Application/JSON; charset=UTF-8")
    #expect(await world.send(.post, "/v2/verify", body, fields: [charset]).wasAtOnce)
    let far = HTTPPeer.network(address: "192.0.2.1", port: 1)
    #expect(await world.send(.post, "/v2/verify", body, peer: far).status == 401)
    #expect(await world.send(.post, "/v2/verify", body, host: HTTPField("Host", "x.example")).status == 403)
    #expect(await world.send(.post, "/v2/verify", body, host: nil).status == 403)
    #expect(await world.send(.post, "/v2/verify", body, host: nil, peer: .unixSocket).wasAtOnce)
  }
}
