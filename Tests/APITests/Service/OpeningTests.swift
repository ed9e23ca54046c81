import HTTPMessages
import JSON
import SessionCore
import SessionTesting
import Testing

@Suite struct OpeningTests {
  private let full = #"""
    {"user_id":"u1","user_name":"Ann","address":"192.0.2.1","client":"app","user_agent":"UA/1","kind":"web",
     "status":"new","user":{"n":1},"data":[null, 1.5],"idle_timeout":60,"lifetime":3600,"remember":true}
    """#

  @Test("a session is opened with all that it can hold, and its token verifies", arguments: StoreKind.allCases)
  func open(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    let answer = await world.send(.post, "/v2/sessions", full)
    #expect(answer.status == 201)
    let session = try #require(answer["session"])
    let id = try #require(session["id"]?.string)
    #expect(answer.field("location") == "/v2/sessions/\(id)")
    #expect(answer.field("etag") == "\"1\"")
    for (name, value) in [
      ("user_id", "u1"), ("user_name", "Ann"), ("address", "192.0.2.1"), ("client", "app"), ("user_agent", "UA/1"),
      ("kind", "web"), ("status", "new"), ("state", "open"), ("open_time", "2027-01-15T08:00:00.123Z"),
      ("request_time", "2027-01-15T08:00:00.123Z"), ("renew_time", "2027-01-15T08:00:00.123Z"),
      ("expires_at", "2027-01-15T08:01:00.123Z"),
    ] {
      #expect(session.member(name)?.string == value, "\(name)")
    }
    #expect(session["idle_timeout"]?.integer == 60)
    #expect(session["lifetime"]?.integer == 3600)
    #expect(session["remembered"]?.boolean == true)
    #expect(session["generation"]?.integer == 0)
    #expect(session["user"]?.text.description == #"{"n":1}"#)
    #expect(session["data"]?.text.description == "[null,1.5]")
    let token = try #require(answer["token"]?.string)
    #expect(token.hasPrefix("sst_") && token.utf8.count == 76)
    #expect(await world.send(.get, "/v2/session", bearer: token)["id"]?.string == id)
    #expect(!answer.text.contains("csrf_token"))
  }

  @Test("the token is shown by the opening alone", arguments: StoreKind.allCases)
  func tokenShownOnce(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    let (id, token) = try await world.open()
    for target in ["/v2/sessions", "/v2/sessions/\(id)", "/v2/sessions?include=user,data"] {
      #expect(await !world.send(.get, target).text.contains("sst_"))
    }
    #expect(await !world.send(.get, "/v2/session", bearer: token).text.contains("sst_"))
  }

  @Test("null contents are none, and every id is another")
  func nulls() async throws {
    let world = try await APIWorld()
    let answer = await world.send(.post, "/v2/sessions", #"{"user_id":"u","user":null,"data":null}"#)
    #expect(answer.status == 201)
    #expect(answer["session"]?["user"] == nil && answer["session"]?["data"] == nil)
    var ids: Set<String> = []
    for _ in 0..<100 { ids.insert(try await world.open().id) }
    #expect(ids.count == 100)
  }

  @Test(
    "what is out of bounds is refused, says which member, and stores nothing",
    arguments: [
      (#"{}"#, "user_id"), (#"{"user_id":""}"#, "user_id"), (#"{"user_id":7}"#, "user_id"),
      (#"{"user_id":"a\u0000b"}"#, "user_id"), (#"{"user_id":"u","user_name":"\u0000"}"#, "user_name"),
      (#"{"user_id":"u","user_name":null}"#, "user_name"), (#"{"user_id":"u","id":"x"}"#, "id"),
      (#"{"user_id":"u","token":"x"}"#, "token"), (#"{"user_id":"u","revision":1}"#, "revision"),
      (#"{"user_id":"u","state":"open"}"#, "state"), (#"{"user_id":"u","idle_timeout":0}"#, "idle_timeout"),
      (#"{"user_id":"u","idle_timeout":-1}"#, "idle_timeout"),
      (#"{"user_id":"u","idle_timeout":1.5}"#, "idle_timeout"),
      (#"{"user_id":"u","idle_timeout":1e300}"#, "idle_timeout"),
      (#"{"user_id":"u","idle_timeout":9223372036854775807}"#, "idle_timeout"),
      (#"{"user_id":"u","idle_timeout":9223372036854775808}"#, "idle_timeout"),
      (#"{"user_id":"u","idle_timeout":"60"}"#, "idle_timeout"),
      (#"{"user_id":"u","lifetime":31536001}"#, "lifetime"), (#"{"user_id":"u","lifetime":null}"#, "lifetime"),
      (#"{"user_id":"u","remember":1}"#, "remember"), (#"{"user_id":"u","cookie":"yes"}"#, "cookie"),
    ])
  func bounds(body: String, member: String) async throws {
    let world = try await APIWorld()
    let answer = await world.send(.post, "/v2/sessions", body)
    #expect(answer.status == 400)
    #expect(answer.code == "invalid_request")
    #expect(answer["errors"]?.member(member)?.string != nil)
    #expect(await world.send(.get, "/v2/sessions?count=true")["count"]?.integer == 0)
  }

  @Test("lengths are counted in bytes")
  func lengths() async throws {
    let world = try await APIWorld()
    func status(_ member: String, _ text: String) async -> Int {
      let other = member == "user_id" ? "" : #""user_id":"u","#
      return await world.send(.post, "/v2/sessions", #"{\#(other)"\#(member)":"\#(text)"}"#).status
    }
    for (member, limit) in [("user_id", 255), ("user_name", 1024), ("kind", 1024), ("user_agent", 2048)] {
      #expect(await status(member, String(repeating: "x", count: limit)) == 201)
      #expect(await status(member, String(repeating: "x", count: limit + 1)) == 400)
      #expect(await status(member, String(repeating: "é", count: limit / 2 + 1)) == 400)
    }
  }

  @Test("too many live sessions of a user are a conflict", arguments: StoreKind.allCases)
  func limit(kind: StoreKind) async throws {
    let world = try await APIWorld(kind) { $0.liveLimit = LiveSessionLimit(maximum: 2, overflow: .deny) }
    let first = try await world.open()
    _ = try await world.open()
    let answer = await world.send(.post, "/v2/sessions", #"{"user_id":"u1"}"#)
    #expect(answer.status == 409 && answer.code == "session_limit_reached")
    #expect(await world.send(.post, "/v2/sessions", #"{"user_id":"u2"}"#).status == 201)
    _ = await world.send(.post, "/v2/sessions/\(first.id)/close")
    #expect(await world.send(.post, "/v2/sessions", #"{"user_id":"u1"}"#).status == 201)
  }

  @Test("no session is opened for an account that is not active, by either interface", arguments: StoreKind.allCases)
  func inactive(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    try await world.account(#""username":"root""#)
    let account = try await world.account(#""username":"ana""#)
    let id = try #require(account["id"]?.integer)
    let path = "/v2/accounts/\(id)"
    func open(_ target: String) async -> Answer { await world.send(.post, target, #"{"user_id":"\#(id)"}"#) }
    #expect(await open("/v2/sessions").status == 201)
    #expect(await world.send(.patch, path, #"{"active":false}"#).status == 200)
    let answer = await open("/v2/sessions")
    #expect(answer.status == 409 && answer.code == "account_inactive")
    let old = await open("/v1/sessions/open_session")
    #expect(old.status == 409 && old.code == "ACCOUNT_INACTIVE")
    #expect(try await world.sessions.count(SessionFilter()) == 1)
    #expect(await world.send(.patch, path, #"{"active":true}"#).status == 200)
    #expect(await open("/v2/sessions").status == 201)
    #expect(await open("/v1/sessions/open_session").status == 200)
  }
}
