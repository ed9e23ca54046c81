import Accounts
import HTTPMessages
import JSON
import SessionCore
import SessionTesting
import Testing

@Suite struct AccountTests {
  @Test("an account is created with what was given, and shown with its ETag", arguments: StoreKind.allCases)
  func create(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    let body = #"""
      {"email":"Ann@Example.ORG","username":"ann","name":"Ann A","first_name":"Ann","last_name":"A",
       "picture":"https://example.org/a.png","timezone":"Europe/Madrid","level":"C","active":true,"verified":true,
       "links":[{"issuer":"https://i.example","subject":"7"}],"password":"long enough"}
      """#
    try await world.account(#""username":"first""#)
    let created = await world.send(.post, "/v2/accounts", body)
    #expect(created.status == 201)
    #expect(created.field("location") == "/v2/accounts/2")
    #expect(created.field("etag") == "\"1\"")
    #expect(
      created.text == #"{"id":2,"email":"Ann@Example.ORG","username":"ann","name":"Ann A","first_name":"Ann","#
        + #""last_name":"A","picture":"https://example.org/a.png","timezone":"Europe/Madrid","level":"C","#
        + #""active":true,"verified":true,"created":"2027-01-15T08:00:00.123Z","#
        + #""links":[{"issuer":"https://i.example","subject":"7"}],"has_password":true,"revision":1}"#)
    let shown = await world.send(.get, "/v2/accounts/2")
    #expect(shown.status == 200 && shown.text == created.text && shown.field("etag") == "\"1\"")
  }

  @Test("the first account becomes the administrator, later ones have the level that was asked for")
  func firstAdministrator() async throws {
    let world = try await APIWorld()
    #expect(try await world.account(#""username":"a","level":"I""#)["level"]?.string == "A")
    #expect(try await world.account(#""username":"b""#)["level"]?.string == "U")
    #expect(try await world.account(#""username":"c","level":"T""#)["level"]?.string == "T")
  }

  @Test("what belongs to another account is refused by name, and changes nothing", arguments: StoreKind.allCases)
  func taken(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    try await world.account(
      #""email":"a@example.org","username":"a","links":[{"issuer":"i","subject":"s"}]"#)
    try await world.account(#""username":"b""#)
    for (members, code, member) in [
      (#""email":"a@EXAMPLE.org""#, "email_taken", "email"), (#""username":"a""#, "username_taken", "username"),
      (#""username":"c","links":[{"issuer":"i","subject":"s"}]"#, "link_taken", "links"),
    ] {
      let created = await world.send(.post, "/v2/accounts", "{\(members)}")
      let changed = await world.send(.patch, "/v2/accounts/2", "{\(members)}")
      for answer in [created, changed] {
        #expect(answer.status == 409 && answer.code == code, "\(members)")
        #expect(answer["errors"]?.member(member)?.string == "belongs to another account")
      }
    }
    #expect(await world.send(.get, "/v2/accounts?count=true")["count"]?.integer == 2)
    #expect(await world.send(.get, "/v2/accounts/2").field("etag") == "\"1\"")
  }

  @Test(
    "members that can't be are refused with a reason each",
    arguments: [
      (#"{}"#, "email"), (#"{"email":"x"}"#, "email"), (#"{"email":""}"#, "email"), (#"{"username":""}"#, "username"),
      (#"{"username":"a@b"}"#, "username"), (#"{"username":"a","level":"X"}"#, "level"),
      (#"{"username":"a","level":null}"#, "level"), (#"{"username":"a","active":1}"#, "active"),
      (#"{"username":"a","id":7}"#, "id"), (#"{"username":"a","created":"x"}"#, "created"),
      (#"{"username":"a","has_password":true}"#, "has_password"), (#"{"username":"a","picture":"x"}"#, "picture"),
      (#"{"username":"a","timezone":"../x"}"#, "timezone"),
      (#"{"username":"a","links":[{"issuer":"i"}]}"#, "links[0].subject"),
      (#"{"username":"a","links":[{"issuer":"i","subject":"s"},{"issuer":"i","subject":"s"}]}"#, "links"),
      (#"{"username":"a","password":"short"}"#, "password"), (#"{"username":"a","password":"password1"}"#, "password"),
      (#"{"username":"a","password":"long enough","password_hash":"x"}"#, "password_hash"),
      (#"{"username":"a","password_hash":"nonsense"}"#, "password_hash"),
    ])
  func invalid(body: String, member: String) async throws {
    let world = try await APIWorld()
    let answer = await world.send(.post, "/v2/accounts", body)
    #expect(answer.status == 400 && answer.code == "invalid_request", "\(body)")
    #expect(answer["errors"]?.member(member)?.string != nil, "\(answer.text)")
    #expect(await world.send(.get, "/v2/accounts?count=true")["count"]?.integer == 0)
  }

  @Test(
    "a merge patch changes what it names, takes away what is null, and leaves the rest", arguments: StoreKind.allCases)
  func patch(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    try await world.account(
      #""email":"a@example.org","username":"a","name":"A","timezone":"UTC","links":[{"issuer":"i","subject":"s"}]"#)
    let answer = await world.send(
      .patch, "/v2/accounts/1", #"{"email":null,"name":"B","links":[{"issuer":"j","subject":"t"}],"verified":true}"#,
      fields: [HTTPField("Content-Type", "application/merge-patch+json")])
    #expect(answer.status == 200 && answer.field("etag") == "\"2\"")
    #expect(answer["email"] == nil && answer["name"]?.string == "B" && answer["timezone"]?.string == "UTC")
    #expect(answer["username"]?.string == "a" && answer["verified"]?.boolean == true)
    #expect(answer["links"]?.text.description == #"[{"issuer":"j","subject":"t"}]"#)
    let none = await world.send(.patch, "/v2/accounts/1", #"{"links":null}"#)
    #expect(none["links"]?.count == 0)
    let last = await world.send(.patch, "/v2/accounts/1", #"{"username":null}"#)
    #expect(last.status == 400)
    #expect(await world.send(.get, "/v2/accounts/1").text == none.text)
  }

  @Test("If-Match lets a change or a deletion happen at that revision only", arguments: StoreKind.allCases)
  func ifMatch(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    try await world.account(#""username":"a""#)
    try await world.account(#""username":"b""#)
    func patch(_ value: String) async -> Answer {
      await world.send(
        .patch, "/v2/accounts/2", #"{"name":"x\#(value.count)"}"#, fields: [HTTPField("If-Match", value)])
    }
    for value in ["\"2\"", "W/\"1\"", "1", ""] {
      let answer = await patch(value)
      #expect(answer.status == 412 && answer.code == "revision_mismatch" && answer.field("etag") == "\"1\"")
      #expect(
        await world.send(.delete, "/v2/accounts/2", fields: [HTTPField("If-Match", value)]).status == 412)
    }
    #expect(await patch("\"1\"").field("etag") == "\"2\"")
    #expect(await patch("*").field("etag") == "\"3\"")
    #expect(await patch("\"1\", \"3\"").field("etag") == "\"4\"")
    #expect(await world.send(.delete, "/v2/accounts/2", fields: [HTTPField("If-Match", "\"4\"")]).status == 204)
    #expect(await patch("*").status == 404)
  }

  @Test(
    "an id that no account has is 404 everywhere",
    arguments: ["2", "0", "-1", "01", "x", "9223372036854775808", "%31%20"])
  func missing(id: String) async throws {
    let world = try await APIWorld()
    try await world.account(#""username":"a""#)
    for (method, body) in [
      (HTTPMethod.get, nil), (.patch, "{}"), (.patch, #"{"password":"long enough"}"#), (.delete, nil),
    ] {
      let answer = await world.send(method, "/v2/accounts/\(id)", body)
      #expect(answer.status == 404 && answer.code == "not_found", "\(method)")
    }
  }

  @Test("the last active administrator stays one, whatever is asked", arguments: StoreKind.allCases)
  func lastAdministrator(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    try await world.account(#""username":"a""#)
    for (method, body) in [
      (HTTPMethod.patch, #"{"level":"T"}"#), (.patch, #"{"active":false}"#), (.delete, nil),
    ] {
      let answer = await world.send(method, "/v2/accounts/1", body)
      #expect(answer.status == 409 && answer.code == "last_administrator")
    }
    try await world.account(#""username":"b","level":"A""#)
    #expect(await world.send(.patch, "/v2/accounts/1", #"{"level":"T"}"#).status == 200)
    #expect(await world.send(.delete, "/v2/accounts/2").code == "last_administrator")
  }

  @Test("two parallel demotions of the last two administrators: one succeeds", arguments: StoreKind.allCases)
  func parallelDemotions(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    try await world.account(#""username":"a""#)
    try await world.account(#""username":"b","level":"A""#)
    async let one = world.send(.patch, "/v2/accounts/1", #"{"level":"U"}"#)
    async let two = world.send(.delete, "/v2/accounts/2")
    let codes = await [one.code, two.code]
    #expect(codes.count { $0 == "last_administrator" } == 1)
    #expect(await world.send(.get, "/v2/accounts?level=A&active=true&count=true")["count"]?.integer == 1)
  }

  @Test(
    "deactivation, deletion and a reset of the password end every session before they are answered",
    arguments: StoreKind.allCases)
  func endsSessions(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    try await world.account(#""username":"root""#)
    let changes: [(HTTPMethod, String?)] = [
      (.patch, #"{"active":false}"#), (.delete, nil), (.patch, #"{"password":"another one"}"#),
    ]
    for (index, change) in changes.enumerated() {
      let id = try #require(try await world.account(#""username":"u\#(index)""#)["id"]?.integer)
      let opened = [try await world.open("\(id)"), try await world.open("\(id)")]
      let other = try await world.open("1")
      #expect(await world.send(change.0, "/v2/accounts/\(id)", change.1).status < 300)
      for session in opened {
        #expect(await world.send(.get, "/v2/session", bearer: session.token).status == 401)
        let verified = await world.send(.post, "/v2/verify", #"{"token":"\#(session.token)"}"#)
        #expect(verified["active"]?.boolean == false && verified["close_reason"]?.string == "account")
        #expect(await world.send(.get, "/v2/sessions/\(session.id)")["close_reason"]?.string == "account")
      }
      #expect(await world.send(.get, "/v2/session", bearer: other.token).status == 200)
    }
  }

  @Test("a new password is set by a request of its own, or not at all")
  func password() async throws {
    let world = try await APIWorld()
    try await world.account(#""email":"a@example.org","password":"long enough""#)
    let both = await world.send(.patch, "/v2/accounts/1", #"{"password":"another one","name":"x"}"#)
    #expect(both.status == 400 && both["errors"]?["password"] != nil)
    #expect(await world.send(.patch, "/v2/accounts/1", #"{"password":"short"}"#)["errors"]?["password"] != nil)
    #expect(await world.send(.patch, "/v2/accounts/1", #"{"password":null}"#).status == 400)
    let login = #"{"email":"a@example.org","password":"long enough"}"#
    #expect(await world.send(.post, "/v2/login", login).status == 201)
    let set = await world.send(.patch, "/v2/accounts/1", #"{"password":"another one"}"#)
    #expect(set.status == 200 && set["has_password"]?.boolean == true && !set.text.contains("another one"))
    #expect(await world.send(.post, "/v2/login", login).status == 401)
  }

  @Test("when too many passwords are being hashed, the answer says when to come back")
  func busy() async throws {
    let world = try await APIWorld()
    try await world.account(#""username":"a""#)
    world.hasher.setFull(true)
    for answer in [
      await world.send(.post, "/v2/accounts", #"{"username":"b","password":"long enough"}"#),
      await world.send(.patch, "/v2/accounts/1", #"{"password":"long enough"}"#),
    ] {
      #expect(answer.status == 503 && answer.code == "busy" && answer.field("retry-after") == "2")
    }
    #expect(await world.send(.get, "/v2/accounts?count=true")["count"]?.integer == 1)
  }
}
