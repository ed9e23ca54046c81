import Accounts
import Cerberus
import HTTPMessages
import IdentityTokens
import JSON
import SessionCore
import SessionTesting
import Testing

@Suite("Cerberus: tokens and users") struct CerberusTests {
  private static let gone = "Session not found."

  @Test("a session's whole life over HTTP, as the original's replies have it", arguments: StoreKind.allCases)
  func life(kind: StoreKind) async throws {
    let world = try await CerberusWorld(kind)
    let created = await world.call("create", "{\(CerberusWorld.credentials)}")
    let token = try #require(created["token"]?.string)
    #expect(token.hasPrefix("sst_"))
    #expect(
      created.text == #"{"success":true,"status":201,"message":"Enjoy your token!","token":"\#(token)"}"#
        && created.status == 201)
    let user = try await world.session(token)
    let shown = #"""
      {"id":\#(world.ana),"created":1800000000123,"username":"ana","email":"ana@example.org","firstName":"Ana",
      "lastName":"Ruiz","timezone":"Europe/Madrid","admin":true,"verified":false,"active":true,"session":"\#(user)"}
      """#.replacing("\n", with: "")
    for isSlow in [false, true] {
      let got = await world.get(token, isSlow: isSlow)
      #expect(got.wasAtOnce != isSlow)
      #expect(got.text == #"{"success":true,"status":200,"message":"Enjoy your user!","user":\#(shown)}"#)
    }
    let updated = await world.get(token, "getUpdated")
    #expect(updated.text == #"{"success":true,"status":200,"message":"User updated!","user":\#(shown)}"#)
    let renewed = await world.call("renew", #"{"user":\#(shown)}"#)
    let next = try #require(renewed["token"]?.string)
    #expect(renewed.status == 201 && next != token && renewed["message"]?.string == "Enjoy your token!")
    #expect(await world.get(next).status == 200)
    world.api.clock.advance(by: .seconds(11))
    #expect(isRefusal(await world.get(token), 403, Self.gone), "the former token's grace time is over")
    let rows = await world.list()
    #expect(
      rows.text
        == #"""
        [{"id":"\#(user)","created":1800000000123,"ip":"127.0.0.1","user":\#(world.ana),"users__username":"ana",
        "users__email":"ana@example.org","users__firstName":"Ana","users__lastName":"Ruiz"}]
        """#.replacing("\n", with: ""))
    let revoked = await world.call("revoke", #"{"userID":\#(world.ana)}"#)
    #expect(revoked.text == #"{"success":true,"status":200,"message":"Session revoked!"}"#)
    #expect(isRefusal(await world.get(next), 403, Self.gone))
    #expect(await world.list().text == "[]")
  }

  @Test("the same life in Swift, under the documented names", arguments: StoreKind.allCases)
  func swift(kind: StoreKind) async throws {
    let world = try await CerberusWorld(kind)
    let sessions = world.api.cerberus.sessions
    let created = try await sessions.create(email: "ana@example.org", password: "correct horse", ip: "192.0.2.7")
    let token = try #require(created.token)
    #expect(created.success && created.status == 201 && created.message == "Enjoy your token!")
    #expect(!"\(created) \(String(reflecting: created))".contains(token))
    let user = try #require(try await sessions.get(token).user)
    #expect(user.email == "ana@example.org" && user.admin && user.session != nil)
    #expect(try await sessions.getUpdated(token).message == "User updated!")
    let next = try #require(try await sessions.renew(user).token)
    #expect(next != token)
    let rows = try await sessions.listAll()
    #expect(rows.map(\.ip) == ["192.0.2.7"] && rows.map(\.username) == ["ana"])
    #expect(
      try await sessions.listSome(where: ["user": .number(world.ana), "created": .compared("<=", "now()")]) == rows)
    #expect(try await sessions.listSome(where: [["ip": "x"], ["users__username": "ana"]], limit: 1) == rows)
    #expect(try await sessions.listSome(where: ["ip": .compared("!=", "192.0.2.7")]).isEmpty)
    #expect(try await sessions.revoke(world.ana).message == "Session revoked!")
    #expect(try await sessions.revoke(world.ana).status == 200, "nothing is left to revoke")
    #expect(await refusal { () async throws(CerberusReply) in try await sessions.get(next) }?.status == 403)
  }

  @Test("every refusal in Swift is a reply with the documented status and message", arguments: StoreKind.allCases)
  func swiftRefusals(kind: StoreKind) async throws {
    let world = try await CerberusWorld(kind)
    let sessions = world.api.cerberus.sessions
    let refusals: [(CerberusReply?, Int, String)] = [
      (
        await refusal { () async throws(CerberusReply) in
          try await sessions.create(email: "ana@example.org", password: "wrong")
        }, 401, "Authentication failed. User and password don't match."
      ),
      (
        await refusal { () async throws(CerberusReply) in
          try await sessions.create(email: "bob@example.org", password: "correct horse")
        }, 401, "Authentication failed. User and password don't match."
      ),
      (
        await refusal { () async throws(CerberusReply) in try await sessions.create(email: "ana", password: "x") }, 403,
        "Invalid email address."
      ),
      (await refusal { () async throws(CerberusReply) in try await sessions.get("") }, 404, "No token provided."),
      (await refusal { () async throws(CerberusReply) in try await sessions.get("x") }, 401, "Invalid token."),
      (await refusal { () async throws(CerberusReply) in try await sessions.getUpdated("x") }, 401, "Invalid token."),
      (
        await refusal { () async throws(CerberusReply) in try await sessions.renew(CerberusUser(id: "7")) }, 403,
        Self.gone
      ),
      (
        await refusal { () async throws(CerberusReply) in try await sessions.listSome(where: ["nope": 1]) }, 400,
        "Some members are not as they must be."
      ),
      (
        await refusal { () async throws(CerberusReply) in try await sessions.listSome(where: []) }, 400,
        "Some members are not as they must be."
      ),
    ]
    for (reply, status, message) in refusals {
      #expect(reply?.success == false && reply?.status == status && reply?.message == message)
      #expect(reply?.err?.isEmpty == false && reply?.token == nil && reply?.user == nil)
    }
  }

  @Test(
    "unknown, wrong, inactive and without a password are refused in one and the same answer",
    arguments: StoreKind.allCases)
  func noMatch(kind: StoreKind) async throws {
    let world = try await CerberusWorld(kind)
    try await world.api.account(#""email":"off@example.org","password":"correct horse","active":false"#)
    try await world.api.account(#""email":"none@example.org""#)
    var texts: Set<String> = []
    for (email, password) in [
      ("ana@example.org", "wrong"), ("bob@example.org", "correct horse"), ("off@example.org", "correct horse"),
      ("none@example.org", "correct horse"), ("ana@example.org", ""),
      ("ana@example.org", String(repeating: "x", count: 2000)),
    ] {
      let answer = await world.call("create", #"{"email":"\#(email)","password":"\#(password)","ip":"\#(email)"}"#)
      #expect(isRefusal(answer, 401, "Authentication failed. User and password don't match."))
      texts.insert(answer.text)
    }
    #expect(texts.count == 1)
    for email in ["", "ana", "ana@", "@x.org", "a b@example.org", "a\\u0000@example.org", "a\\r\\n@example.org"] {
      let answer = await world.call("create", #"{"email":"\#(email)","password":"x"}"#)
      #expect(answer.status == (email.contains("u0000") ? 400 : 403), "\(email) \(answer.text)")
    }
  }

  @Test("who guesses must wait: 429 with Retry-After, for the address that is given", arguments: StoreKind.allCases)
  func throttling(kind: StoreKind) async throws {
    let world = try await CerberusWorld(kind)
    var last = 0
    for _ in 0..<12 {
      let answer = await world.call(
        "create", #"{"email":"ana@example.org","password":"wrong","ip":"192.0.2.66"}"#)
      last = answer.status
      guard last == 429 else { continue }
      #expect(isRefusal(answer, 429) && answer.field("retry-after") != nil)
    }
    #expect(last == 429)
    _ = try await world.token(#","ip":"192.0.2.67""#)
  }

  @Test("unknown, expired and ended sessions look the same", arguments: StoreKind.allCases)
  func alike(kind: StoreKind) async throws {
    let world = try await CerberusWorld(kind)
    let (closed, removed, expired) = (try await world.token(), try await world.token(), try await world.token())
    let (closedID, removedID) = (try await world.session(closed), try await world.session(removed))
    _ = await world.api.send(.post, "/v1/sessions/close_session", #"{"session_id":"\#(closedID)"}"#)
    _ = await world.api.send(.post, "/v1/sessions/delete_session_by_id", #"{"session_id":"\#(removedID)"}"#)
    world.api.clock.advance(by: .hours(24))
    for function in ["get", "getUpdated"] {
      let texts = [
        await world.get(closed, function).text, await world.get(removed, function).text,
        await world.get(expired, function).text,
      ]
      #expect(Set(texts).count == 1)
      #expect(isRefusal(await world.get(closed, function), 403, Self.gone))
    }
    for id in [closedID, removedID] {
      let answer = await world.call("renew", #"{"user":{"id":\#(world.ana),"session":"\#(id)"}}"#)
      #expect(isRefusal(answer, 403, Self.gone))
    }
  }

  @Test("a token that is none is 401, no token 404, whatever its shape", arguments: StoreKind.allCases)
  func badTokens(kind: StoreKind) async throws {
    let world = try await CerberusWorld(kind)
    let token = try await world.token()
    for function in ["get", "getUpdated"] {
      for bad in [
        "x", "sst_", token + "A", String(token.dropLast()), token.uppercased(), " " + token, "a.b.c", "' OR 1=1 --",
        "\\u0000".replacing("\\u0000", with: "{}"), "\\r\\n", String(repeating: "x", count: 60_000),
      ] {
        #expect(isRefusal(await world.get(bad, function), 401, "Invalid token."), "\(bad.prefix(30))")
      }
      for body in ["{}", #"{"token":null}"#, #"{"token":""}"#, nil, #"{"nope":1}"#] {
        #expect(isRefusal(await world.call(function, body), 404, "No token provided."), "\(body ?? "no body")")
      }
      for value in ["7", "true", "[]", "{}", #"{"operator":"!=","value":""}"#, #""a\u0000b""#] {
        #expect(isRefusal(await world.call(function, #"{"token":\#(value)}"#), 400), "\(value)")
      }
    }
    #expect(await world.get(token).status == 200)
  }

  @Test("renew takes the session that is named, or the newest, and only the user's own", arguments: StoreKind.allCases)
  func renewing(kind: StoreKind) async throws {
    let world = try await CerberusWorld(kind)
    let first = try await world.token()
    world.api.clock.advance(by: .seconds(1))
    let second = try await world.token()
    let (firstID, secondID) = (try await world.session(first), try await world.session(second))
    let newest = await world.call("renew", #"{"user":{"id":\#(world.ana)}}"#)
    #expect(try await world.session(try #require(newest["token"]?.string)) == secondID)
    let named = await world.call("renew", #"{"user":{"id":"\#(world.ana)","session":"\#(firstID)","iat":1,"exp":2}}"#)
    #expect(try await world.session(try #require(named["token"]?.string)) == firstID)
    let (foreign, _) = try await world.api.open("bob")
    for body in [
      #"{"user":{"id":\#(world.ana),"session":"\#(foreign)"}}"#, #"{"user":{"id":"nobody"}}"#,
      #"{"user":{"id":\#(world.ana),"session":"x"}}"#, #"{"user":{"id":-1}}"#,
    ] {
      #expect(isRefusal(await world.call("renew", body), 403, Self.gone), "\(body)")
    }
    for body in ["{}", #"{"user":7}"#, #"{"user":{}}"#, #"{"user":{"id":null}}"#, #"{"user":{"id":1.5}}"#] {
      #expect(isRefusal(await world.call("renew", body), 400), "\(body)")
    }
  }

  @Test("parallel renewals make one step and get equal tokens", arguments: StoreKind.allCases)
  func parallelRenewal(kind: StoreKind) async throws {
    let world = try await CerberusWorld(kind)
    let token = try await world.token()
    let user = CerberusUser(id: ExactText(String(world.ana)), session: try await world.session(token))
    let sessions = world.api.cerberus.sessions
    let tokens = try await withThrowingTaskGroup(of: String?.self) { group in
      for _ in 0..<20 { group.addTask { try await sessions.renew(user).token } }
      var tokens: [String?] = []
      for try await token in group { tokens.append(token) }
      return tokens
    }
    // Who begins after another's step makes the next one; nobody's token was found reused.
    #expect(tokens.count == 20 && !tokens.contains(nil))
    #expect(try await sessions.listAll().count == 1)
  }

  @Test(
    "revoke ends every session of that user and no other's; who has none is no error", arguments: StoreKind.allCases)
  func revoking(kind: StoreKind) async throws {
    let world = try await CerberusWorld(kind)
    let tokens = [try await world.token(), try await world.token()]
    let (_, bob) = try await world.api.open("bob")
    #expect(await world.call("revoke", #"{"userID":"\#(world.ana)"}"#).status == 200)
    for token in tokens { #expect(await world.get(token).status == 403) }
    #expect(await world.get(bob).status == 200)
    #expect(await world.call("revoke", #"{"userID":"bob"}"#).status == 200)
    #expect(await world.get(bob).status == 403)
    for id in ["999", #""nobody""#, #""' OR '1'='1""#] {
      #expect(await world.call("revoke", #"{"userID":\#(id)}"#).text.contains("Session revoked!"))
    }
    let long = String(repeating: "x", count: 256)
    for body in [
      "{}", #"{"userID":null}"#, #"{"userID":{}}"#, #"{"userID":""}"#, #"{"userID":"\#(long)"}"#,
      #"{"userID":"\u0000"}"#,
    ] {
      #expect(isRefusal(await world.call("revoke", body), 400), "\(body.prefix(40))")
    }
  }

  @Test(
    "getUpdated reads session and account from the store and leaves both in the cache", arguments: StoreKind.allCases)
  func updating(kind: StoreKind) async throws {
    let world = try await CerberusWorld(kind)
    let token = try await world.token()
    _ = await world.get(token)
    let reads = world.api.calls.count(.session)
    #expect(await world.get(token).wasAtOnce)
    #expect(world.api.calls.count(.session) == reads)
    _ = await world.api.send(.patch, "/v2/accounts/\(world.ana)", #"{"first_name":"Anna"}"#)
    #expect(await world.get(token, "getUpdated")["user"]?["firstName"]?.string == "Anna")
    #expect(world.api.calls.count(.session) == reads + 1)
    #expect(await world.get(token)["user"]?["firstName"]?.string == "Anna")
  }

  @Test("a session of any interface has a user here, with or without an account", arguments: StoreKind.allCases)
  func strangers(kind: StoreKind) async throws {
    let world = try await CerberusWorld(kind)
    let (id, token) = try await world.api.open("bob's id", #""user_name":"Bob""#)
    let expected = #"""
      {"id":"bob's id","created":null,"username":null,"email":null,"firstName":null,"lastName":null,"timezone":null,
      "admin":false,"verified":false,"active":true,"session":"\#(id)"}
      """#.replacing("\n", with: "")
    for isSlow in [false, true] {
      #expect(await world.get(token, isSlow: isSlow)["user"]?.text.description == expected)
    }
    #expect(await world.get(token, "getUpdated")["user"]?.text.description == expected)
    #expect(await world.call("renew", #"{"user":\#(expected)}"#).status == 201)
    let row = await world.list(#"{"users__username":null}"#)
    #expect(row.root?.elements.first?["user"]?.string == "bob's id")
    let own = try await world.token()
    let verified = await world.api.send(.post, "/v2/verify", #"{"token":"\#(own)"}"#)
    #expect(verified["active"]?.boolean == true)
    #expect(await world.api.send(.delete, "/v2/sessions/\(try await world.session(own))").status < 300)
    #expect(await world.get(own).status == 403)
  }

  @Test("an account that is switched off is gone at once", arguments: StoreKind.allCases)
  func deactivated(kind: StoreKind) async throws {
    let world = try await CerberusWorld(kind)
    let bob = try await world.api.account(#""email":"bob@example.org","password":"correct horse""#)
    let answer = await world.call("create", #"{"email":"bob@example.org","password":"correct horse"}"#)
    let token = try #require(answer["token"]?.string)
    #expect(await world.get(token).status == 200)
    let id = try #require(bob["id"]?.string ?? bob["id"]?.text.description)
    _ = await world.api.send(.patch, "/v2/accounts/\(id)", #"{"active":false}"#)
    for function in ["get", "getUpdated"] { #expect(isRefusal(await world.get(token, function), 403, Self.gone)) }
  }

  @Test("the store away is 503 in the protocol's own shape, with nothing from inside", arguments: StoreKind.allCases)
  func storeAway(kind: StoreKind) async throws {
    let world = try await CerberusWorld(kind)
    let token = try await world.token()
    world.api.failure.set(.unavailable)
    for (function, body) in [
      ("create", "{\(CerberusWorld.credentials)}"), ("renew", #"{"user":{"id":\#(world.ana)}}"#),
      ("revoke", #"{"userID":1}"#), ("getUpdated", #"{"token":"\#(token)"}"#), ("listAll", "{}"),
      ("listSome", #"{"where":{}}"#),
    ] {
      let answer = await world.call(function, body)
      #expect(isRefusal(answer, 503) && !answer.text.contains("secret"), "\(function) \(answer.text)")
    }
    world.api.failure.set(nil)
    #expect(await world.get(token).status == 200)
  }

  @Test("whatever is wrong below the prefix is told in the protocol's own shape", arguments: StoreKind.allCases)
  func shape(kind: StoreKind) async throws {
    let world = try await CerberusWorld(kind)
    for path in [
      "/cerberus", "/cerberus/", "/cerberus/sessions", "/cerberus/sessions/nope", "/cerberus/sessions/create/x",
    ] {
      #expect(isRefusal(await world.api.send(.post, path, "{}"), 404), "\(path)")
    }
    #expect(isRefusal(await world.api.send(.get, "/cerberus/sessions/get"), 405))
    #expect(isRefusal(await world.call("create", "["), 400))
    #expect(isRefusal(await world.call("create", "[]"), 400))
    #expect(isRefusal(await world.call("create", nil), 400))
    let far = HTTPPeer.network(address: "198.51.100.7", port: 7)
    #expect(isRefusal(await world.api.send(.post, "/cerberus/sessions/listAll", "{}", peer: far), 401))
    let answer = await world.api.send(
      .post, "/cerberus/sessions/listAll", "{}", fields: [HTTPField("Content-Type", "text/plain")])
    #expect(isRefusal(answer, 415))
  }
}
