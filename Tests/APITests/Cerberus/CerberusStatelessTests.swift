import Cerberus
import Cryptography
import HTTPMessages
import JSON
import SessionCore
import SessionTesting
import Testing

@Suite("Cerberus: stateless tokens and expiration") struct CerberusStatelessTests {
  private static let stateless = Cerberus.Settings(kind: .stateless, expiration: TimeSpan(text: "2 hours"))

  /// The claims of a signed token.
  private func claims(_ token: String) throws -> JSONValue {
    let parts = token.split(separator: ".")
    try #require(parts.count == 3)
    return try JSONDocument(parsing: try #require(Base64URL.decode(Array(parts[1].utf8)[...]))).root
  }

  @Test(
    "a stateless token carries the user, iat and exp, and is good while its session is", arguments: StoreKind.allCases)
  func carrying(kind: StoreKind) async throws {
    let world = try await CerberusWorld(kind, Self.stateless)
    let token = try await world.token()
    let claims = try claims(token)
    #expect(claims["user"]?["email"]?.string == "ana@example.org" && claims["user"]?["id"]?.integer == world.ana)
    #expect(claims["iat"]?.integer == 1_800_000_000 && claims["exp"]?.integer == 1_800_007_200)
    let user = await world.get(token)["user"]
    #expect(user?.text == claims["user"]?.text)
    #expect(await world.get(token, "getUpdated")["message"]?.string == "User updated!")
    let session = try #require(user?["session"]?.string)
    _ = await world.api.send(.post, "/v1/sessions/close_session", #"{"session_id":"\#(session)"}"#)
    #expect(isRefusal(await world.get(token), 403, "Session not found."))
    #expect(isRefusal(await world.get(token, "getUpdated"), 403, "Session not found."))
  }

  @Test("revoking is refused where tokens are stateless, and ends nothing", arguments: StoreKind.allCases)
  func revoking(kind: StoreKind) async throws {
    let world = try await CerberusWorld(kind, Self.stateless)
    let token = try await world.token()
    let answer = await world.call("revoke", #"{"userID":\#(world.ana)}"#)
    #expect(isRefusal(answer, 403, "This kind of sessions can't be revoked."))
    let sessions = world.api.cerberus.sessions
    let reply = await refusal { () async throws(CerberusReply) in try await sessions.revoke(world.ana) }
    #expect(reply?.status == 403 && reply?.message == "This kind of sessions can't be revoked.")
    #expect(await world.get(token).status == 200)
    #expect(await world.list().root?.count == 1)
  }

  @Test(
    "renew makes another signed token of the same session; both are good until their end", arguments: StoreKind.allCases
  )
  func renewing(kind: StoreKind) async throws {
    let world = try await CerberusWorld(kind, Self.stateless)
    let token = try await world.token()
    let user = try #require(await world.get(token)["user"]).text
    world.api.clock.advance(by: .seconds(60))
    let renewed = try #require(await world.call("renew", #"{"user":\#(user)}"#)["token"]?.string)
    #expect(try claims(renewed)["iat"]?.integer == 1_800_000_060)
    #expect(try claims(renewed)["sid"]?.string == claims(token)["sid"]?.string)
    #expect(await world.get(token).status == 200)
    #expect(await world.get(renewed).status == 200)
  }

  @Test("a signed token is refused when forged, changed or over", arguments: StoreKind.allCases)
  func forged(kind: StoreKind) async throws {
    let world = try await CerberusWorld(kind, Self.stateless)
    let token = try await world.token()
    let parts = token.split(separator: ".").map(String.init)
    for bad in [
      "\(parts[0]).\(parts[1]).", "\(parts[0]).\(parts[1])", "\(parts[0]).\(parts[1])A.\(parts[2])", token + "A",
      "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.\(parts[1]).", "\(parts[0]).e30.\(parts[2])",
    ] {
      #expect(isRefusal(await world.get(bad), 401, "Invalid token."), "\(bad)")
    }
    world.api.clock.advance(by: .hours(2))
    #expect(isRefusal(await world.get(token), 403, "Session not found."))
  }

  @Test("each kind of token opens its session whichever kind is made here", arguments: StoreKind.allCases)
  func bothKinds(kind: StoreKind) async throws {
    let world = try await CerberusWorld(kind, Self.stateless)
    let (_, opaque) = try await world.api.open("bob")
    #expect(await world.get(opaque)["user"]?["id"]?.string == "bob")
  }

  @Test("a session lives for the expiration, used or not, and not a millisecond longer", arguments: StoreKind.allCases)
  func expiration(kind: StoreKind) async throws {
    let world = try await CerberusWorld(kind, Cerberus.Settings(expiration: TimeSpan(text: "2d")))
    let (idle, busy) = (try await world.token(), try await world.token())
    world.api.clock.advance(by: .hours(47))
    #expect(await world.get(busy).status == 200)
    world.api.clock.advance(by: TimeSpan(milliseconds: 3_599_999))
    #expect(await world.get(idle).status == 200)
    world.api.clock.advance(by: TimeSpan(milliseconds: 1))
    for token in [idle, busy] { #expect(isRefusal(await world.get(token), 403, "Session not found.")) }
    #expect(await world.list().text == "[]")
  }

  @Test("without an expiration the policy of all sessions holds", arguments: StoreKind.allCases)
  func policy(kind: StoreKind) async throws {
    let world = try await CerberusWorld(kind) { $0.idleTimeout = .minutes(5) }
    let token = try await world.token()
    world.api.clock.advance(by: .minutes(5))
    #expect(await world.get(token).status == 403)
  }

  @Test("as many sessions as the policy allows, and then 409", arguments: StoreKind.allCases)
  func limit(kind: StoreKind) async throws {
    let world = try await CerberusWorld(kind) { $0.liveLimit = LiveSessionLimit(maximum: 1, overflow: .deny) }
    _ = try await world.token()
    #expect(isRefusal(await world.call("create", "{\(CerberusWorld.credentials)}"), 409))
  }
}
