import Accounts
import HTTPMessages
import JSON
import SessionCore
import SessionTesting
import Testing

@Suite struct LoginTests {
  private static let good = #""email":"ann@example.org","password":"long enough""#

  /// A world with an account of a password, and one of an OpenID provider.
  private func world(_ kind: StoreKind = .memory, _ policy: LoginPolicy = LoginPolicy()) async throws -> APIWorld {
    let world = try await APIWorld(kind, logins: policy)
    try await world.account(#""email":"ann@example.org","name":"Ann","password":"long enough""#)
    try await world.account(#""username":"bob","links":[{"issuer":"https://issuer.example","subject":"bob"}]"#)
    return world
  }

  private func logIn(
    _ world: APIWorld, _ members: String, bearer: String? = nil, fields: [(String, String)] = [],
    from address: String = "198.51.100.7"
  ) async -> Answer {
    await world.send(
      .post, "/v2/login", "{\(members)}", bearer: bearer, fields: fields.map { HTTPField($0.0, $0.1) },
      host: HTTPField("Host", "id.example.org"), peer: .network(address: address, port: 7), isSecure: true)
  }

  @Test("a password opens a session of the account, for anyone who can connect", arguments: StoreKind.allCases)
  func password(kind: StoreKind) async throws {
    let world = try await world(kind)
    let answer = await logIn(world, Self.good + #","client":"shop""#, fields: [("User-Agent", "probe/1")])
    #expect(answer.status == 201 && answer.cookie == nil && answer["csrf_token"] == nil)
    let session = try #require(answer["session"])
    #expect(session["user_id"]?.string == "1" && session["user_name"]?.string == "Ann")
    #expect(session["login_method"]?.string == "password" && session["client"]?.string == "shop")
    #expect(session["address"]?.string == "198.51.100.7" && session["user_agent"]?.string == "probe/1")
    #expect(session["auth_time"]?.string == "2027-01-15T08:00:00.123Z" && session["remembered"]?.boolean == false)
    #expect(answer["account"]?.text.description == (await world.send(.get, "/v2/accounts/1")).text)
    let token = try #require(answer["token"]?.string)
    #expect(await world.send(.get, "/v2/session", bearer: token)["id"]?.string == session["id"]?.string)
  }

  @Test("an id token opens a session once, with its nonce", arguments: StoreKind.allCases)
  func idToken(kind: StoreKind) async throws {
    let world = try await world(kind)
    let answer = await logIn(world, #""id_token":"good:bob","nonce":"n1""#)
    #expect(answer.status == 201 && answer["account"]?["id"]?.integer == 2)
    #expect(answer["session"]?["login_method"]?.string == "oidc")
    for members in [
      #""id_token":"good:bob","nonce":"n1""#, #""id_token":"good:nobody""#, #""id_token":"bad""#,
      #""id_token":"good:bob:2","nonce":"n2""#,
    ] {
      let again = await logIn(world, members)
      #expect(again.status == 401 && again.code == "login_refused", "\(members)")
    }
    let later = await logIn(world, #""id_token":"later""#)
    #expect(later.status == 503 && later.field("retry-after") == "3")
  }

  @Test("with a cookie, the body holds its CSRF token and not the token itself", arguments: StoreKind.allCases)
  func cookie(kind: StoreKind) async throws {
    let world = try await world(kind)
    let answer = await logIn(
      world, Self.good + #","cookie":true,"remember":true"#, fields: [("Origin", "https://id.example.org")])
    #expect(answer.status == 201 && answer["token"] == nil && !answer.text.contains("sst_"))
    let set = try #require(answer.field("set-cookie"))
    #expect(
      set.hasPrefix("__Host-sesame=sst_") && set.hasSuffix("; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=31536000")
    )
    #expect(answer["session"]?["remembered"]?.boolean == true)
    let csrf = try #require(answer["csrf_token"]?.string)
    let cookie = HTTPField("Cookie", try #require(answer.cookie))
    #expect(await world.send(.get, "/v2/session", fields: [cookie])["csrf_token"]?.string == csrf)
    let out = await world.send(
      .delete, "/v2/session",
      fields: [cookie, HTTPField("X-CSRF-Token", csrf), HTTPField("Sec-Fetch-Site", "same-origin")])
    #expect(out.status == 204)
  }

  @Test("every refusal is the same answer but for the request's id", arguments: StoreKind.allCases)
  func refusals(kind: StoreKind) async throws {
    let world = try await world(kind)
    try await world.account(#""email":"off@example.org","password":"long enough","active":false"#)
    try await world.account(#""email":"none@example.org""#)
    var texts: Set<String> = []
    for (index, members) in [
      #""email":"ann@example.org","password":"long enougH""#, #""email":"ann@example.org","password":"long enough ""#,
      #""email":"ann@example.org","password":"""#, #""email":"ann@example.org","password":"long enough\u0000""#,
      #""email":"nobody@example.org","password":"long enough""#,
      #""email":"off@example.org","password":"long enough""#, #""email":"none@example.org","password":"long enough""#,
      #""id_token":"x.y.z""#,
    ].enumerated() {
      let answer = await logIn(
        world, members, fields: [("X-Request-Id", "r")], from: "198.51.100.\(index)")
      #expect(answer.status == 401 && answer.field("www-authenticate") == "Bearer", "\(members)")
      #expect(answer.code == "login_refused" && answer.cookie == nil)
      texts.insert(answer.text)
    }
    #expect(texts.count == 1)
    #expect(await world.send(.get, "/v2/sessions?count=true")["count"]?.integer == 0)
  }

  @Test(
    "neither, both and half of the two kinds of credentials are 400",
    arguments: [
      ("", "email"), (#""email":"a@b.c""#, "password"), (#""password":"x""#, "email"), (#""nonce":"n1""#, "email"),
      (good + #","id_token":"x""#, "id_token"), (#""email":"a@b.c","id_token":"x""#, "id_token"),
      (good + #","nonce":"n1""#, "nonce"), (good + #","cookie":1"#, "cookie"), (good + #","user_id":"1""#, "user_id"),
      (#""email":7,"password":"x""#, "email"), (#""id_token":"""#, "id_token"),
      (#""email":"nonsense","password":"long enough""#, "email"),
      (good + #","client":"\#(String(repeating: "é", count: 1000))""#, "client"),
    ])
  func malformed(members: String, member: String) async throws {
    let world = try await world()
    let answer = await logIn(world, members)
    #expect(answer.status == 400 && answer.code == "invalid_request", "\(answer.text)")
    #expect(answer["errors"]?.member(member)?.string != nil, "\(answer.text)")
  }

  @Test("what was presented with a log-in is dead afterwards, and never adopted", arguments: StoreKind.allCases)
  func presented(kind: StoreKind) async throws {
    let world = try await world(kind)
    let old = try await world.open("1")
    let byBearer = await logIn(world, Self.good, bearer: old.token)
    let next = try #require(byBearer["token"]?.string)
    #expect(next != old.token && byBearer["session"]?["id"]?.string != old.id)
    #expect(await world.send(.get, "/v2/session", bearer: old.token).status == 401)
    let cookie = ("Cookie", "__Host-sesame=\(next)")
    #expect(await logIn(world, #""email":"ann@example.org","password":"wrong one""#, fields: [cookie]).status == 401)
    #expect(await world.send(.get, "/v2/session", bearer: next).status == 200)
    let byCookie = await logIn(world, Self.good, fields: [cookie])
    #expect(byCookie.status == 201)
    #expect(await world.send(.get, "/v2/session", bearer: next).status == 401)
    let invented = await logIn(world, Self.good, bearer: "sst_invented")
    #expect(invented.status == 201 && invented["token"]?.string != "sst_invented")
  }

  @Test(
    "no page of another origin ends the session in its visitor's cookie by a log-in", arguments: [true, false])
  func presentedByForeignPage(withOrigin: Bool) async throws {
    let world = try await world()
    let old = try await world.open("1")
    let cookie = ("Cookie", "__Host-sesame=\(old.token)")
    let sign = withOrigin ? ("Origin", "https://evil.example") : ("Sec-Fetch-Site", "cross-site")
    let answer = await logIn(world, Self.good, fields: [cookie, sign])
    #expect(answer.status == 403 && answer.code == "csrf_refused")
    #expect(await world.send(.get, "/v2/session", bearer: old.token).status == 200)
    #expect(await logIn(world, Self.good, fields: [cookie, ("Origin", "https://id.example.org")]).status == 201)
  }

  @Test("guessing is told when to come back, and the user elsewhere gets in", arguments: StoreKind.allCases)
  func throttled(kind: StoreKind) async throws {
    var policy = LoginPolicy()
    policy.attempts = 3
    policy.attemptsPerAddress = 3
    let world = try await world(kind, policy)
    let wrong = #""email":"ann@example.org","password":"wrong one""#
    for _ in 0..<3 { #expect(await logIn(world, wrong).status == 401) }
    for members in [wrong, Self.good] {
      let answer = await logIn(world, members)
      #expect(answer.status == 429 && answer.code == "too_many_attempts")
      #expect(answer.field("retry-after") == "900")
    }
    #expect(await logIn(world, Self.good, from: "198.51.100.8").status == 201)
    world.clock.advance(by: .minutes(15))
    #expect(await logIn(world, Self.good).status == 201)
  }

  @Test("when too many passwords are being checked, the answer says when to come back")
  func busy() async throws {
    let world = try await world()
    world.hasher.setFull(true)
    let answer = await logIn(world, Self.good)
    #expect(answer.status == 503 && answer.code == "busy" && answer.field("retry-after") == "2")
  }

  @Test("a user with all the sessions that the policy allows is told so")
  func limit() async throws {
    let world = try await APIWorld { $0.liveLimit = LiveSessionLimit(maximum: 1, overflow: .deny) }
    try await world.account(#""email":"ann@example.org","password":"long enough""#)
    #expect(await logIn(world, Self.good).status == 201)
    let second = await logIn(world, Self.good)
    #expect(second.status == 409 && second.code == "session_limit_reached")
  }
}
