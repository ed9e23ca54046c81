import IdentityTesting
import IdentityTokens
import SessionCore
import Testing

@Suite("Claims of id tokens") struct ClaimTests {
  private static let now = VerifierWorld.now

  @Test(
    "a token that is not for us, not from whom it should be, or not of this time is refused",
    arguments: [
      ("iss", nil, "claims"), ("iss", "1", "claims"), ("iss", #""https://issuer.example/""#, "issuer"),
      ("iss", #""https://ISSUER.example""#, "issuer"), ("iss", #""""#, "issuer"),
      ("iss", #""https://issuer.example.evil.example""#, "issuer"), ("iss", #"["https://issuer.example"]"#, "claims"),
      ("aud", nil, "claims"), ("aud", #""them""#, "audience"), ("aud", #"["them"]"#, "audience"),
      ("aud", "[]", "claims"),
      ("aud", #""US""#, "audience"), ("aud", #""us ""#, "audience"), ("aud", #"["us",1]"#, "claims"),
      ("aud", #"{"us":true}"#, "claims"), ("aud", "null", "claims"), ("aud", #"["us","them"]"#, "authorized_party"),
      ("azp", #""them""#, "authorized_party"), ("azp", "1", "claims"), ("azp", "null", "claims"),
      ("exp", nil, "claims"), ("exp", "\(now - 60)", "expired"), ("exp", "0", "expired"), ("exp", "-1", "expired"),
      ("exp", "-0.5", "expired"), ("exp", "\"\(now + 600)\"", "claims"), ("exp", "null", "claims"),
      ("exp", "true", "claims"), ("exp", "1e300", "claims"), ("exp", "-1e300", "claims"),
      ("exp", "9223372036854775807", "claims"), ("exp", "18446744073709551615", "claims"),
      ("exp", "-9223372036854775808", "claims"), ("exp", "253402300801", "claims"), ("exp", "[1]", "claims"),
      ("exp", "1e999", "malformed"), ("exp", "99999999999999999999", "malformed"), ("exp", "NaN", "malformed"),
      ("nbf", "\(now + 61)", "not_yet_valid"), ("nbf", #""0""#, "claims"), ("nbf", "1e18", "claims"),
      ("iat", nil, "claims"), ("iat", "\(now + 61)", "issued_at"), ("iat", "\(now - 86_460)", "issued_at"),
      ("iat", #""\#(now)""#, "claims"), ("iat", "1e17", "claims"),
      ("sub", nil, "subject"), ("sub", #""""#, "subject"), ("sub", "1", "subject"), ("sub", "null", "subject"),
      ("sub", "\"\(String(repeating: "s", count: 256))\"", "subject"),
      ("sub", "\"\(String(repeating: "é", count: 128))\"", "subject"), ("nonce", "1", "claims"),
    ] as [(String, String?, String)])
  func badClaims(name: String, value: String?, cause: String) async throws {
    let pair = try TestKeys.pair(.es256)
    #expect(await VerifierWorld([pair]).outcome(of: pair.token(VerifierWorld.claims([name: value]))) == cause)
  }

  @Test("texts that Unicode calls equal are not the same audience, issuer or nonce")
  func exactness() async throws {
    let pair = try TestKeys.pair(.es256)
    let world = VerifierWorld([pair]) { $0.audiences = ["caf\u{E9}"] }
    let same = pair.token(VerifierWorld.claims(["aud": "\"caf\u{E9}\""]))
    #expect(await world.outcome(of: same) == "genuine")
    #expect(await world.outcome(of: pair.token(VerifierWorld.claims(["aud": "\"cafe\u{301}\""]))) == "audience")
    let asked = pair.token(VerifierWorld.claims(["aud": "\"caf\u{E9}\"", "nonce": "\"caf\u{E9}\""]))
    #expect(await world.outcome(of: asked, nonce: "cafe\u{301}") == "nonce")
  }

  @Test("what is refused for its claims makes nobody ask the issuer")
  func noFetch() async throws {
    let pair = try TestKeys.pair(.es256)
    let world = VerifierWorld([pair])
    _ = await world.outcome(of: pair.token(VerifierWorld.claims(["aud": #""them""#])))
    _ = await world.outcome(of: pair.token(VerifierWorld.claims(["exp": "1"])))
    #expect(world.source.asked.isEmpty)
  }

  private static let pattern = "https://login.example/{tenantid}/v2.0"
  private static let tenant = "9188040d-6c67-4c5b-b112-36a304b66dad"
  private static let other = "11111111-2222-3333-4444-555555555555"

  private func tenantClaims(issuer: String, tenant: String?) -> String {
    VerifierWorld.claims(["iss": "\"https://login.example/\(issuer)/v2.0\"", "tid": tenant.map { "\"\($0)\"" }])
  }

  @Test("with tenants, the issuer is the one of the token's tenant, which is an accepted one")
  func tenants() async throws {
    let pair = try TestKeys.pair(.es256)
    let some = VerifierWorld([pair]) {
      $0.issuer = ExactText(Self.pattern)
      $0.tenants = [Self.tenant.uppercased()]
    }
    let all = VerifierWorld([pair]) { $0.issuer = ExactText(Self.pattern) }
    let cases: [(String, String?, String, String)] = [
      (Self.tenant, Self.tenant, "genuine", "genuine"), (Self.other, Self.other, "tenant", "genuine"),
      (Self.other, Self.tenant, "issuer", "issuer"), (Self.tenant, nil, "tenant", "tenant"),
      (Self.tenant, "", "tenant", "tenant"), ("common", "common", "issuer", "issuer"),
      ("{tenantid}", "{tenantid}", "issuer", "issuer"), (Self.tenant + "/x", Self.tenant, "issuer", "issuer"),
      (String(repeating: "g", count: 36), String(repeating: "g", count: 36), "tenant", "tenant"),
      (String(Self.tenant.dropLast()) + "/", String(Self.tenant.dropLast()) + "/", "tenant", "tenant"),
    ]
    for (issuer, tenant, expectedOfSome, expectedOfAll) in cases {
      let token = pair.token(tenantClaims(issuer: issuer, tenant: tenant))
      #expect(await some.outcome(of: token) == expectedOfSome, "\(issuer)")
      #expect(await all.outcome(of: token) == expectedOfAll, "\(issuer)")
    }
  }

  @Test("with tenants, a key that is for one of them verifies no other's tokens")
  func tenantKeys() async throws {
    let pair = try TestKeys.pair(.es256)
    let token = pair.token(tenantClaims(issuer: Self.tenant, tenant: Self.tenant))
    for (owner, expected) in [
      (Self.tenant, "genuine"), ("{tenantid}", "genuine"), (Self.other, "key_mismatch"),
    ] {
      let key = pair.jwk(extra: "\"issuer\":\"https://login.example/\(owner)/v2.0\"")
      let world = VerifierWorld(keySet: #"{"keys":[\#(key)]}"#) { $0.issuer = ExactText(Self.pattern) }
      #expect(await world.outcome(of: token) == expected)
    }
  }
}
