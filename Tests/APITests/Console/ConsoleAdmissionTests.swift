import Accounts
import HTTPMessages
import HTTPTesting
import JSON
import SessionCore
import SessionTesting
import Synchronization
import Testing

/// Who gets into the console, and who is put out.
@Suite struct ConsoleAdmissionTests {
  @Test("an administrator logs in by password, and gets a session of the console's own by cookie alone")
  func logIn() async throws {
    let console = try await ConsoleWorld()
    let answer = await console.tryLogIn()
    let visitor = try console.visitor(answer)
    #expect(answer["token"] == nil)
    #expect(answer.field("set-cookie")?.hasSuffix("; Path=/; Secure; HttpOnly; SameSite=Lax") == true)
    #expect(answer["session"]?["kind"]?.string == "console")
    #expect(answer["session"]?["login_method"]?.string == "console.password")
    #expect(answer["session"]?["idle_timeout"]?.integer == 1800)
    #expect(answer["session"]?["lifetime"]?.integer == 43_200)
    let own = await console.send(visitor, .get, "/session")
    #expect(own.status == 200)
    #expect(own["account"]?.integer == 1)
    #expect(own["csrf_token"]?.string == visitor.csrf)
  }

  @Test("a user's right password gets the answer of a wrong one, opens no session, and the log says why")
  func belowLevel() async throws {
    let console = try await ConsoleWorld()
    let below = await console.tryLogIn("ann@example.org")
    let wrong = await console.tryLogIn("root@example.org", "another password")
    #expect(below.status == 401)
    #expect(below["detail"]?.string == wrong["detail"]?.string && below.code == wrong.code)
    #expect(below.cookie == nil)
    let listed = await console.world.send(.get, "/v2/sessions?user_id=2")
    #expect(listed["sessions"]?.elements.isEmpty == true)
    let events = await console.world.send(.get, "/v2/events?type=login.refused")
    #expect(events["events"]?.elements.map { $0["reason"]?.string } == ["level", "wrong_password"])
  }

  @Test("without its own session every route is closed: to nobody, a key, a bearer token and this machine's trust")
  func strangers() async throws {
    let console = try await ConsoleWorld()
    let key = try await console.world.key(.admin)
    let (_, token) = try await console.world.open("1", #""kind":"console""#)
    for path in [
      "/session", "/overview", "/history", "/settings", "/sessions", "/accounts", "/keys", "/events", "/events/recent",
    ] {
      #expect(await console.world.send(.get, "/console/api\(path)").status == 401, "\(path)")
      #expect(await console.world.send(.get, "/console/api\(path)", bearer: key).status == 401, "\(path)")
      #expect(await console.world.send(.get, "/console/api\(path)", bearer: token).status == 401, "\(path)")
      let socket = await console.world.send(.get, "/console/api\(path)", peer: .unixSocket)
      #expect(socket.status == 401, "\(path)")
    }
  }

  @Test("a session that was opened for another purpose opens nothing, though its user is an administrator")
  func otherKind() async throws {
    let console = try await ConsoleWorld()
    let answer = await console.world.send(
      .post, "/v2/login", #"{"email":"root@example.org","password":"\#(ConsoleWorld.password)","cookie":true}"#,
      fields: [ConsoleWorld.ownPage])
    let cookie = try #require(answer.cookie)
    let asked = await console.world.send(
      .get, "/console/api/session", fields: [HTTPField("Cookie", cookie), ConsoleWorld.ownPage])
    #expect(asked.status == 401)
    #expect(asked.cookie == nil, "the application's cookie stays")
  }

  @Test("a service that may write sessions can neither open one of the console's own nor make one of another")
  func services() async throws {
    let console = try await ConsoleWorld()
    let key = try await console.world.key(.sessionsWrite, .sessionsRead)
    let opened = await console.world.send(
      .post, "/v2/sessions", #"{"user_id":"1","kind":"console","cookie":true}"#, bearer: key)
    let login = await console.world.send(
      .post, "/v2/login", #"{"email":"root@example.org","password":"\#(ConsoleWorld.password)","cookie":true}"#,
      fields: [ConsoleWorld.ownPage])
    let id = try #require(login["session"]?["id"]?.string)
    #expect(await console.world.send(.patch, "/v2/sessions/\(id)", #"{"kind":"console"}"#, bearer: key).status == 200)
    let forged = await console.world.send(
      .patch, "/v2/sessions/\(id)", #"{"login_method":"console.password"}"#, bearer: key)
    #expect(forged.status == 400)
    for cookie in [try #require(opened.cookie), try #require(login.cookie)] {
      let asked = await console.world.send(
        .get, "/console/api/session", fields: [HTTPField("Cookie", cookie), ConsoleWorld.ownPage])
      #expect(asked.status == 401)
    }
  }

  @Test(
    "when level or activity change, the next request is refused",
    arguments: [#"{"level":"T"}"#, #"{"active":false}"#])
  func changed(patch: String) async throws {
    let console = try await ConsoleWorld()
    let visitor = try await console.logIn()
    #expect(await console.send(visitor, .get, "/sessions").status == 200)
    #expect(await console.world.send(.patch, "/v2/accounts/1", patch).status == 200)
    let refused = await console.send(visitor, .get, "/sessions")
    #expect(refused.status == (patch.contains("level") ? 403 : 401), "\(refused.text)")
    if patch.contains("level") { #expect(refused.code == "level_required") }
  }

  @Test("a change needs the page's own origin and the session's own token, each")
  func crossSite() async throws {
    let console = try await ConsoleWorld()
    let visitor = try await console.logIn()
    let other = try await console.logIn("second@example.org")
    let cookie = HTTPField("Cookie", visitor.cookie)
    let csrf = HTTPField("X-CSRF-Token", visitor.csrf)
    let (id, _) = try await console.world.open("u1")
    let cases: [[HTTPField]] = [
      [cookie], [cookie, csrf], [cookie, ConsoleWorld.ownPage],
      [cookie, csrf, HTTPField("Sec-Fetch-Site", "cross-site")],
      [cookie, csrf, HTTPField("Origin", "https://elsewhere.example")],
      [cookie, HTTPField("X-CSRF-Token", other.csrf), ConsoleWorld.ownPage],
    ]
    for fields in cases {
      let answer = await console.world.send(.post, "/console/api/sessions/\(id)/close", "{}", fields: fields)
      #expect(answer.status == 403 && answer.code == "csrf_refused")
    }
    #expect(await console.world.send(.get, "/v2/sessions/\(id)")["state"]?.string == "open")
    #expect(await console.send(visitor, .post, "/sessions/\(id)/close", "{}").status == 200)
  }

  @Test("a page of another origin can log nobody in")
  func foreignLogIn() async throws {
    let console = try await ConsoleWorld()
    let answer = await console.tryLogIn(fields: [HTTPField("Origin", "https://elsewhere.example")])
    #expect(answer.status == 403 && answer.cookie == nil)
  }

  @Test("what the page asks for by itself does not keep the session alive; what its user asks for does")
  func background() async throws {
    let console = try await ConsoleWorld()
    let visitor = try await console.logIn()
    console.world.clock.advance(by: .minutes(20))
    #expect(await console.send(visitor, .get, "/sessions").status == 200)
    console.world.clock.advance(by: .minutes(20))
    let background = [HTTPField("X-Background", "1")]
    #expect(await console.send(visitor, .get, "/sessions", fields: background).status == 200)
    console.world.clock.advance(by: .minutes(11))
    #expect(await console.send(visitor, .get, "/sessions", fields: background).status == 401)
  }

  @Test("what an administrator does has their name in the log")
  func actor() async throws {
    let console = try await ConsoleWorld()
    let visitor = try await console.logIn()
    let (id, _) = try await console.world.open("u1")
    #expect(await console.send(visitor, .post, "/sessions/\(id)/close", #"{"reason":"revoked"}"#).status == 200)
    let events = await console.world.send(.get, "/v2/events?type=session.closed")
    let actor = events["events"]?.elements.last?["actor"]
    #expect(actor?["kind"]?.string == "service")
    #expect(actor?["name"]?.string == "administrator 1")
  }

  @Test("logging out ends the session and takes the cookie away")
  func logOut() async throws {
    let console = try await ConsoleWorld()
    let visitor = try await console.logIn()
    let answer = await console.send(visitor, .delete, "/session")
    #expect(answer.status == 204)
    #expect(answer.field("set-cookie")?.contains("Max-Age=0") == true)
    #expect(await console.send(visitor, .get, "/session").status == 401)
  }

  @Test("the event stream ends when the administrator's level falls")
  func stream() async throws {
    let console = try await ConsoleWorld()
    let visitor = try await console.logIn()
    let answer = await console.send(visitor, .get, "/events", fields: [HTTPField("Accept", "text/event-stream")])
    let body = try #require(answer.response.stream)
    #expect(await console.world.send(.patch, "/v2/accounts/1", #"{"level":"T"}"#).status == 200)
    let text = Mutex("")
    var writer = HTTPBodyWriter { piece in
      text.withLock { $0 += String(decoding: piece, as: UTF8.self) }
      return true
    }
    // It returns by itself, and without a word about the change.
    await body(&writer)
    #expect(!text.withLock { $0 }.contains("account."))
  }
}
