import Accounts
import Cryptography
import HTTPMessages
import JSON
import SessionCore
import SessionTesting
import Testing

@Suite struct SignedTokenTests {
  /// An account's session, with a signed token of it.
  private func world(_ kind: StoreKind) async throws -> (APIWorld, id: String, token: String, jwt: String) {
    let world = try await APIWorld(kind)
    try await world.account(#""username":"ann""#)
    let (id, token) = try await world.open("1")
    let minted = await world.send(.post, "/v2/session/jwt", bearer: token)
    try #require(minted.status == 200, "\(minted.text)")
    #expect(minted["expires"]?.string == "2027-01-15T08:05:00.000Z")
    return (world, id, token, try #require(minted["jwt"]?.string))
  }

  private func verify(_ world: APIWorld, _ jwt: String) async -> Answer {
    await world.send(.post, "/v2/verify", #"{"token":"\#(jwt)"}"#)
  }

  @Test("a signed token says whose session it is of, and verifies as the session does", arguments: StoreKind.allCases)
  func mint(kind: StoreKind) async throws {
    let (world, id, _, jwt) = try await world(kind)
    let claims = try JSONDocument(
      parsing: try #require(Base64URL.decode(Array(jwt.utf8.split(separator: 0x2E)[1])))
    ).root
    #expect(claims["sid"]?.string == id && claims["sub"]?.string == "1" && claims["level"]?.string == "A")
    #expect(claims["iss"]?.string == "https://id.example.org")
    world.clock.advance(by: .seconds(9))
    let answer = await verify(world, jwt)
    #expect(answer["active"]?.boolean == true && answer["account"]?["username"]?.string == "ann")
    #expect(answer["session"]?["request_time"]?.string == "2027-01-15T08:00:09.123Z")
    world.clock.advance(by: .minutes(5))
    let late = await verify(world, jwt)
    #expect(late["active"]?.boolean == false && late["reason"]?.string == "expired")
  }

  @Test("a signed token dies with its session, however that ends", arguments: StoreKind.allCases)
  func dies(kind: StoreKind) async throws {
    let ends: [(String, @Sendable (APIWorld, String, String) async -> Answer, String, String?)] = [
      ("closed", { world, id, _ in await world.send(.post, "/v2/sessions/\(id)/close") }, "closed", "revoked"),
      (
        "logged out", { world, _, token in await world.send(.delete, "/v2/session", bearer: token) }, "closed", "logout"
      ),
      ("erased", { world, id, _ in await world.send(.delete, "/v2/sessions/\(id)") }, "unknown", nil),
      (
        "deactivated", { world, _, _ in await world.send(.patch, "/v2/accounts/1", #"{"active":false}"#) }, "closed",
        "account"
      ),
      ("deleted", { world, _, _ in await world.send(.delete, "/v2/accounts/1") }, "closed", "account"),
      (
        "reset", { world, _, _ in await world.send(.patch, "/v2/accounts/1", #"{"password":"long enough"}"#) },
        "closed", "account"
      ),
    ]
    for (name, end, reason, closeReason) in ends {
      let (world, id, token, jwt) = try await world(kind)
      try await world.account(#""username":"other","level":"A""#)
      #expect(await end(world, id, token).status < 300, "\(name)")
      let answer = await verify(world, jwt)
      #expect(answer["active"]?.boolean == false && answer["reason"]?.string == reason, "\(name) \(answer.text)")
      #expect(answer["close_reason"]?.string == closeReason, "\(name)")
    }
  }

  @Test("a signed token that was made before the user changed the password is void", arguments: StoreKind.allCases)
  func passwordChange(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    try await world.account(#""email":"ann@example.org","password":"long enough""#)
    let login = await world.send(.post, "/v2/login", #"{"email":"ann@example.org","password":"long enough"}"#)
    let token = try #require(login["token"]?.string)
    let old = try #require(await world.send(.post, "/v2/session/jwt", bearer: token)["jwt"]?.string)
    #expect(await verify(world, old)["active"]?.boolean == true)
    world.clock.advance(by: .seconds(2))
    let change = await world.send(
      .post, "/v2/password", #"{"current":"long enough","new":"another long one"}"#, bearer: token)
    let next = try #require(change["token"]?.string)
    let answer = await verify(world, old)
    #expect(answer["active"]?.boolean == false && answer["reason"]?.string == "superseded")
    let new = try #require(await world.send(.post, "/v2/session/jwt", bearer: next)["jwt"]?.string)
    #expect(await verify(world, new)["active"]?.boolean == true)
  }

  @Test("what is not signed by us is refused", arguments: StoreKind.allCases)
  func forged(kind: StoreKind) async throws {
    let (world, _, _, jwt) = try await world(kind)
    let parts = jwt.split(separator: ".").map(String.init)
    for (text, reason) in [
      ("a.b.c", "malformed"), ("..", "malformed"), (".", "malformed"), (parts[0] + "." + parts[1], "malformed"),
      (jwt + ".", "malformed"), (parts[0] + "." + parts[1] + ".", "malformed"),
      (parts[0] + "." + parts[1] + "." + String(parts[2].dropLast(4)) + "AAAA", "forged"),
    ] {
      let answer = await verify(world, text)
      #expect(answer.status == 200 && answer["reason"]?.string == reason, "\(text) \(answer.text)")
    }
    #expect(await world.send(.get, "/v2/session", bearer: jwt).status == 401)
  }

  @Test("making one needs a live token, and by cookie both proofs")
  func access() async throws {
    let (world, _, token, _) = try await world(.memory)
    #expect(await world.send(.post, "/v2/session/jwt").status == 401)
    let cookie = HTTPField("Cookie", "__Host-sesame=\(token)")
    #expect(await world.send(.post, "/v2/session/jwt", fields: [cookie]).code == "csrf_refused")
  }

  @Test("the public keys are open to anyone, and hold nothing secret")
  func keySet() async throws {
    let (world, _, _, jwt) = try await world(.memory)
    let answer = await world.send(
      .get, "/.well-known/jwks.json", peer: .network(address: "198.51.100.7", port: 1))
    #expect(answer.status == 200 && answer.field("content-type") == "application/json")
    let key = try #require(answer["keys"]?.elements.first)
    #expect(key["kty"]?.string == "EC" && key["alg"]?.string == "ES256" && key["d"] == nil)
    let header = try JSONDocument(
      parsing: try #require(Base64URL.decode(Array(jwt.utf8.split(separator: 0x2E)[0])))
    ).root
    #expect(header["kid"]?.string == key["kid"]?.string)
  }
}
