import Accounts
import HTTPMessages
import JSON
import SessionCore
import SessionTesting
import Testing

/// The session service as its clients drive it; the world's clock stands at 2027-01-15T08:00:00.123Z.
@Suite struct SessionServiceTests {
  @Test("a session's whole life, as a client of the original drives it", arguments: StoreKind.allCases)
  func life(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    #expect(await world.current("u1").text == #"{"success":false,"message":"The user has no active session."}"#)
    let created = await world.create("u1", "my token", #""ttl":"30m""#)
    #expect(created.status == 200 && created.field("content-type") == "application/json")
    let session = #"""
      {"user_id":"u1","token":"my token","ttl":"30m","created_at":"2027-01-15T08:00:00.123Z",
      "expired_at":"2027-01-15T08:30:00.123Z"}
      """#.replacing("\n", with: "")
    #expect(created.text == #"{"success":true,"message":\#(session)}"#)
    #expect(await world.current("u1").text == created.text)
    #expect(await world.verify("u1", "my token").text == #"{"success":true,"message":"true"}"#)
    #expect(await world.verify("u1", "my tokem").text == #"{"success":true,"message":"false"}"#)
    #expect(await world.verify("u2", "my token").text == #"{"success":true,"message":"false"}"#)
    world.clock.advance(by: .minutes(30) - .milliseconds(1))
    #expect(await world.verifies("u1", "my token"))
    world.clock.advance(by: .milliseconds(1))
    #expect(await !world.verifies("u1", "my token"))
    #expect(await world.current("u1")["success"]?.boolean == false)
  }

  @Test(
    "times come in every noted form, come back as they were given, and are matched by what they mean",
    arguments: [
      // Members, the end in milliseconds after the world's time, and the same times in other forms.
      (#""ttl":"1800""#, 1_800_000, #""ttl":1800"#), (#""ttl":1800"#, 1_800_000, #""ttl":"30 min""#),
      (#""ttl":1800.0"#, 1_800_000, #""ttl":"1800s""#), (#""ttl":"7d""#, 604_800_000, #""ttl":"1w""#),
      (#""ttl":"2 Hours""#, 7_200_000, #""ttl":"7200000ms""#),
      (#""expired_at":"2027-01-15T08:01:00Z""#, 59_877, #""expired_at":1800000060"#),
      (#""expired_at":1800000060"#, 59_877, #""expired_at":"2027-01-15T09:01:00+01:00""#),
      (#""expired_at":1800000060123"#, 60_000, #""expired_at":"2027-01-15T08:01:00.123Z","ttl":"60""#),
      (#""expired_at":"1800000060""#, 59_877, #""expired_at":1800000060000"#),
      (#""expired_at":1800000060.5"#, 60_377, #""expired_at":"2027-01-15T08:01:00.5Z""#),
      (
        #""created_at":1800000000,"ttl":60"#, 59_877,
        #""created_at":"2027-01-15T08:00:00Z","expired_at":"2027-01-15T08:01:00Z""#
      ),
      (
        #""ttl":"5m","created_at":"2027-01-15T07:59:00Z","expired_at":1800000600"#, 599_877,
        #""ttl":300,"created_at":1799999940000,"expired_at":"2027-01-15T08:10:00Z""#
      ),
      (#""ttl":null,"created_at":null,"expired_at":null"#, 86_400_000, #""ttl":"1d""#),
      ("", 86_400_000, #""ttl":86400"#),
    ])
  func forms(given: String, end: Int64, others: String) async throws {
    let world = try await APIWorld()
    let message = try #require(await world.create("u1", "t", given)["message"])
    for part in given.split(separator: ",") where !part.contains("null") {
      #expect(message.text.description.contains(part), "\(message.text)")
    }
    #expect(message.members.map(\.name) == ["user_id", "token", "ttl", "created_at", "expired_at"])
    #expect(await world.verifies("u1", "t", given))
    #expect(await world.verifies("u1", "t", others))
    // The session as it was answered is what was stored.
    let echo = message.text.description.dropFirst().dropLast()
    #expect(await world.send(.post, "/verify", "{\(echo)}")["message"]?.string == "true")
    for wrong in [#""ttl":61"#, #""created_at":1"#, #""expired_at":"2030-01-01T00:00:00Z""#] {
      #expect(await world.verify("u1", "t", wrong).text == #"{"success":true,"message":"false"}"#)
    }
    world.clock.advance(by: .milliseconds(end - 1))
    #expect(await world.verifies("u1", "t"))
    world.clock.advance(by: .milliseconds(1))
    #expect(await !world.verifies("u1", "t"))
  }

  @Test(
    "a malformed request is 400 in the protocol's shape, and names what is wrong",
    arguments: [
      (#"{"token":"t"}"#, "user_id"), (#"{"user_id":"","token":"t"}"#, "user_id"),
      (#"{"user_id":7,"token":"t"}"#, "user_id"), (#"{"user_id":{"$ne":null},"token":"t"}"#, "user_id"),
      (#"{"user_id":"a\u0000b","token":"t"}"#, "user_id"), (#"{"user_id":"u"}"#, "token"),
      (#"{"user_id":"u","token":""}"#, "token"), (#"{"user_id":"u","token":["t"]}"#, "token"),
      (#"{"user_id":"u","token":{"$gt":""}}"#, "token"), (#"{"user_id":"u","token":null}"#, "token"),
      (#"{"user_id":"u","token":"t","ttl":"soon"}"#, "ttl"), (#"{"user_id":"u","token":"t","ttl":""}"#, "ttl"),
      (#"{"user_id":"u","token":"t","ttl":0}"#, "ttl"), (#"{"user_id":"u","token":"t","ttl":-5}"#, "ttl"),
      (#"{"user_id":"u","token":"t","ttl":"+5"}"#, "ttl"), (#"{"user_id":"u","token":"t","ttl":1e300}"#, "ttl"),
      (#"{"user_id":"u","token":"t","ttl":1.5}"#, "ttl"), (#"{"user_id":"u","token":"t","ttl":"10y"}"#, "ttl"),
      (#"{"user_id":"u","token":"t","ttl":"999ms"}"#, "ttl"), (#"{"user_id":"u","token":"t","ttl":true}"#, "ttl"),
      (#"{"user_id":"u","token":"t","ttl":9223372036854775807}"#, "ttl"),
      (#"{"user_id":"u","token":"t","ttl":"999999999999999999w"}"#, "ttl"),
      (#"{"user_id":"u","token":"t","created_at":"yesterday"}"#, "created_at"),
      (#"{"user_id":"u","token":"t","created_at":-1}"#, "created_at"),
      (#"{"user_id":"u","token":"t","created_at":{}}"#, "created_at"),
      (#"{"user_id":"u","token":"t","expired_at":1e300}"#, "expired_at"),
      (#"{"user_id":"u","token":"t","expired_at":"2027-02-30T00:00:00Z"}"#, "expired_at"),
      (#"{"user_id":"u","token":"t","expired_at":99999999999999999}"#, "expired_at"), ("[]", "body"), ("7", "body"),
      ("{", "JSON"), ("", "body"),
    ])
  func malformed(body: String, name: String) async throws {
    let world = try await APIWorld()
    for path in ["/create", "/verify"] {
      let answer = await world.send(.post, path, body)
      #expect(answer.status == 400, "\(path) \(body)")
      #expect(answer.field("content-type") == "application/json")
      #expect(answer.root?.members.map(\.name) == ["success", "message"] && answer["success"]?.boolean == false)
      #expect(answer["message"]?.string?.contains(name) == true, "\(answer.text)")
    }
    #expect(try await world.sessions.count(SessionFilter()) == 0)
  }

  @Test(
    "a session that would not live, or for too long, is not created",
    arguments: [
      (#""expired_at":1800000000"#, "expired_at"), (#""expired_at":"2027-01-15T08:00:00.123Z""#, "expired_at"),
      (#""created_at":1799999000,"ttl":60"#, "ttl"), (#""created_at":1700000000"#, "created_at"),
      (#""created_at":"2027-01-15T08:01:00.124Z""#, "created_at"), (#""ttl":"366d""#, "ttl"),
      (#""expired_at":"2028-01-16T00:00:00Z""#, "expired_at"), (#""expired_at":1800000001"#, "expired_at"),
      (#""created_at":1800000030,"expired_at":1800000020"#, "expired_at"),
    ])
  func bounds(members: String, name: String) async throws {
    let world = try await APIWorld()
    let answer = await world.create("u1", "t", members)
    #expect(answer.status == 400 && answer["success"]?.boolean == false)
    #expect(answer["message"]?.string?.hasPrefix("\(name) must") == true, "\(answer.text)")
    #expect(await world.current("u1")["success"]?.boolean == false)
  }

  @Test("GET /session wants one user, and passes over what it does not know")
  func query() async throws {
    let world = try await APIWorld()
    _ = await world.create("ü 1&", "t")
    #expect(await world.send(.get, "/session?user_id=%C3%BC+1%26&x=1")["success"]?.boolean == true)
    for target in ["/session", "/session?user_id=", "/session?user_id=a&user_id=b", "/session?user_id=%ff"] {
      let answer = await world.send(.get, target)
      #expect(answer.status == 400 && answer["success"]?.boolean == false, "\(target)")
      #expect(answer["message"]?.string?.contains("user_id") == true)
    }
  }

  @Test("the newest active session of a user is the current one", arguments: StoreKind.allCases)
  func newest(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    for token in ["a", "b"] {
      _ = await world.create("u1", token)
      world.clock.advance(by: .seconds(1))
    }
    _ = await world.create("u2", "c")
    #expect(await world.currentToken("u1") == "b")
    world.clock.advance(by: .seconds(1))
    _ = await world.create("u1", "a")
    #expect(await world.currentToken("u1") == "a")
    world.clock.advance(by: .seconds(1))
    _ = await world.create("u1", "brief", #""ttl":2"#)
    #expect(await world.currentToken("u1") == "brief")
    world.clock.advance(by: .seconds(2))
    #expect(await world.currentToken("u1") == "a")
  }

  @Test("errors come in the protocol's own shape, whatever goes wrong")
  func shapes() async throws {
    let world = try await APIWorld { $0.liveLimit = LiveSessionLimit(maximum: 1, overflow: .deny) }
    let far = HTTPPeer.network(address: "198.51.100.1", port: 1)
    let body = #"{"user_id":"u","token":"t"}"#
    for (answer, status) in [
      (await world.send(.post, "/session", "{}"), 405), (await world.send(.get, "/verify"), 405),
      (await world.send(.post, "/create", body, fields: [HTTPField("Content-Type", "text/plain")]), 415),
      (await world.send(.post, "/create", body, peer: far), 401),
      (await world.send(.post, "/verify", body, peer: far), 401),
      (await world.send(.get, "/session?user_id=u", peer: far), 401),
      (await world.send(.post, "/verify", body, fields: [HTTPField("Origin", "https://evil.example")]), 403),
    ] {
      #expect(answer.status == status)
      #expect(answer.root?.members.map(\.name) == ["success", "message"] && answer["success"]?.boolean == false)
      #expect(answer["message"]?.string?.isEmpty == false)
    }
    #expect(await world.create("u", "t")["success"]?.boolean == true)
    let full = await world.create("u", "t2")
    #expect(full.status == 200 && full["success"]?.boolean == false)
    #expect(full["message"]?.string?.contains("1 live sessions") == true)
    // The same token is the same session: it needs no more room.
    #expect(await world.create("u", "t")["success"]?.boolean == true)
    world.failure.set(.unavailable)
    for answer in [
      await world.verify("u", "t3"), await world.create("u", "t3"), await world.current("u"),
    ] {
      #expect(answer.status == 503 && answer.field("retry-after") == "1")
      #expect(answer.root?.members.map(\.name) == ["success", "message"] && !answer.text.contains("secret inner"))
    }
  }

  @Test("reading keys verify; what answers or takes a token needs a writing key")
  func scopes() async throws {
    let world = try await APIWorld()
    let far = HTTPPeer.network(address: "198.51.100.1", port: 1)
    let (reader, writer) = (try await world.key(.sessionsRead), try await world.key(.sessionsWrite))
    let body = #"{"user_id":"u","token":"t"}"#
    for (key, statuses) in [(reader, [200, 403, 403]), (writer, [403, 200, 200]), ("ssk_invented", [401, 401, 401])] {
      #expect(await world.send(.post, "/verify", body, bearer: key, peer: far).status == statuses[0])
      #expect(await world.send(.post, "/create", body, bearer: key, peer: far).status == statuses[1])
      #expect(await world.send(.get, "/session?user_id=u", bearer: key, peer: far).status == statuses[2])
    }
  }

  @Test(
    "hostile text comes back as it was, or is refused", arguments: StoreKind.allCases)
  func hostile(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    let texts = [
      "'; DROP TABLE session; --", #"" or "1"="1"#, #"{"$ne":null}"#, "a\r\nSet-Cookie: x=y", "{}}{{", "\u{0}",
      "a\u{0}b", "e\u{301}", "\u{E9}", " ", "%00", "../../x", "\u{FEFF}", "\u{1F468}\u{200D}\u{1F469}", "*", "sst_x",
      String(repeating: "x", count: 65_536), String(repeating: "é", count: 4096),
    ]
    for text in texts {
      let json = JSONText(string: text).description
      let byToken = await world.send(.post, "/create", #"{"user_id":"u","token":\#(json)}"#)
      #expect([200, 400].contains(byToken.status))
      let verified = await world.send(.post, "/verify", #"{"user_id":"u","token":\#(json)}"#)
      if byToken.status == 200 {
        #expect(byToken["message"]?["token"]?.utf8String == Array(text.utf8))
        #expect(verified["message"]?.string == "true")
      } else {
        #expect(text.utf8.count > 4096 && verified["message"]?.string != "true")
      }
      let byUser = await world.send(.post, "/create", #"{"user_id":\#(json),"token":"t"}"#)
      #expect([200, 400].contains(byUser.status))
      if byUser.status == 200 {
        #expect(byUser["message"]?["user_id"]?.utf8String == Array(text.utf8))
        #expect(await world.send(.post, "/verify", #"{"user_id":\#(json),"token":"t"}"#)["message"]?.string == "true")
      } else {
        #expect(text.utf8.count > 255 || text.contains("\u{0}"))
      }
      for name in ["ttl", "created_at", "expired_at"] {
        #expect(await world.create("v", "t", #""\#(name)":\#(json)"#).status == 400)
      }
    }
    // Two spellings of é are two users and two tokens.
    #expect(await world.verifies("u", "e\u{301}"))
    #expect(await world.verifies("u", "\u{E9}"))
    #expect(try await world.sessions.count(SessionFilter.of("e\u{301}")) == 1)
  }
}

extension SessionFilter {
  static func of(_ user: ExactText) -> SessionFilter {
    var filter = SessionFilter()
    filter.userID = user
    return filter
  }
}

extension TimeSpan {
  static func milliseconds(_ count: Int64) -> TimeSpan { TimeSpan(milliseconds: count) }

  static func - (left: TimeSpan, right: TimeSpan) -> TimeSpan {
    TimeSpan(milliseconds: left.milliseconds - right.milliseconds)
  }
}

extension APIWorld {
  private func body(_ user: String, _ token: String, _ more: String) -> String {
    #"{"user_id":"\#(user)","token":"\#(token)"\#(more.isEmpty ? "" : "," + more)}"#
  }

  /// Creates a session through the session service.
  func create(_ user: String, _ token: String, _ more: String = "") async -> Answer {
    await send(.post, "/create", body(user, token, more))
  }

  /// Asks the session service about a token.
  func verify(_ user: String, _ token: String, _ more: String = "", isSlow: Bool = false) async -> Answer {
    await send(.post, "/verify", body(user, token, more), isSlow: isSlow)
  }

  /// Whether the session service finds a token valid; the fast and the slow path must agree.
  func verifies(_ user: String, _ token: String, _ more: String = "") async -> Bool {
    let answers = [await verify(user, token, more, isSlow: true).text, await verify(user, token, more).text]
    #expect(answers[0] == answers[1])
    return answers == Array(repeating: #"{"success":true,"message":"true"}"#, count: 2)
  }

  /// The session service's answer about a user.
  func current(_ user: String) async -> Answer { await send(.get, "/session?user_id=\(user)") }

  /// The token of a user's current session.
  func currentToken(_ user: String) async -> String? { await current(user)["message"]?["token"]?.string }
}
