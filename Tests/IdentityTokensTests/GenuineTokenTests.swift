import IdentityTesting
import IdentityTokens
import SessionCore
import SessionTesting
import Testing

@Suite("Genuine id tokens") struct GenuineTokenTests {
  @Test("a token of each of the nine algorithms is genuine", arguments: TokenAlgorithm.allCases)
  func algorithms(algorithm: TokenAlgorithm) async throws {
    let world = VerifierWorld(Array(TestKeys.all.values))
    let token = try TestKeys.pair(algorithm).token(VerifierWorld.claims())
    #expect(await world.outcome(of: token) == "genuine")
  }

  @Test("what the token says is handed on")
  func contents() async throws {
    let pair = try TestKeys.pair(.es256)
    let world = VerifierWorld([pair])
    let claims = VerifierWorld.claims([
      "email": #""Ann@example.org""#, "email_verified": "true", "name": #""Ann \u00e9""#, "picture": #""""#,
      "auth_time": "\(VerifierWorld.now - 5).25",
    ])
    guard case .genuine(let token) = await world.directory.verify(pair.token(claims), nonce: nil) else {
      Issue.record("refused")
      return
    }
    #expect(token.issuerName == "example")
    #expect(token.issuer == ExactText(VerifierWorld.issuer))
    #expect(token.subject == "user-1")
    #expect(token.email == "Ann@example.org")
    #expect(token.isEmailVerified == true)
    #expect(token.text("name") == "Ann é")
    #expect(token.text("picture") == nil)
    #expect(token.text("zoneinfo") == nil)
    #expect(token.authTime == Timestamp(milliseconds: VerifierWorld.now * 1000 - 4750))
    #expect(token.end == Timestamp(milliseconds: (VerifierWorld.now + 660) * 1000))
  }

  @Test("an address counts as verified only if the issuer says so, as a truth value or as Apple's text")
  func verifiedAddress() async throws {
    let pair = try TestKeys.pair(.es256)
    let world = VerifierWorld([pair])
    let cases: [(String?, Bool?)] = [
      (nil, nil), ("true", true), ("false", false), (#""true""#, true), (#""false""#, false), (#""yes""#, nil),
      ("1", nil),
    ]
    for (value, expected) in cases {
      let token = pair.token(VerifierWorld.claims(["email_verified": value]))
      guard case .genuine(let read) = await world.directory.verify(token, nonce: nil) else {
        Issue.record("refused with \(value ?? "nothing")")
        continue
      }
      #expect(read.isEmailVerified == expected)
    }
  }

  @Test(
    "a header may leave out typ, or say it in other letters, and carry what is of no matter",
    arguments: [
      #"{"alg":"ES256","kid":"key-ES256"}"#, #"{"alg":"ES256","kid":"key-ES256","typ":"jwt"}"#,
      #"{"typ":"JWT","x5t":"abc","alg":"ES256","kid":"key-ES256","later":[1,{}]}"#,
    ])
  func headers(header: String) async throws {
    let world = VerifierWorld(Array(TestKeys.all.values))
    let token = try TestKeys.pair(.es256).token(VerifierWorld.claims(), header: header)
    #expect(await world.outcome(of: token) == "genuine")
  }

  @Test("without a kid the one key that fits is taken, and two that fit are none")
  func withoutKeyID() async throws {
    let header = #"{"alg":"ES256"}"#
    let one = VerifierWorld(Array(TestKeys.all.values))
    let token = try TestKeys.pair(.es256).token(VerifierWorld.claims(), header: header)
    #expect(await one.outcome(of: token) == "genuine")
    let two = VerifierWorld(Array(TestKeys.all.values) + [IssuerKeyPair(.es256, id: "other")])
    #expect(await two.outcome(of: token) == "unknown_key")
  }

  @Test(
    "claims that are good in other forms are accepted",
    arguments: [
      ["aud": #"["us"]"#], ["aud": #"["them","us"]"#, "azp": #""us-on-phones""#], ["azp": #""us""#],
      ["exp": "1767226200.999"], ["exp": "1.7672262e9"], ["nbf": "\(VerifierWorld.now + 60)"],
      ["iat": "\(VerifierWorld.now + 60)"], ["exp": "\(VerifierWorld.now - 59)"], ["nonce": #""unasked""#],
      ["sub": "\"\(String(repeating: "s", count: 255))\""], ["exp": "253402300799"],
    ])
  func goodClaims(changes: [String: String]) async throws {
    let pair = try TestKeys.pair(.es256)
    #expect(await VerifierWorld([pair]).outcome(of: pair.token(VerifierWorld.claims(changes))) == "genuine")
  }

  @Test("the nonce that was asked for is the one that opens")
  func nonce() async throws {
    let pair = try TestKeys.pair(.es256)
    let world = VerifierWorld([pair])
    let token = pair.token(VerifierWorld.claims(["nonce": #""n-1""#]))
    #expect(await world.outcome(of: token, nonce: "n-1") == "genuine")
    #expect(await world.outcome(of: token, nonce: "n-2") == "nonce")
    #expect(await world.outcome(of: token, nonce: "") == "nonce")
    #expect(await world.outcome(of: pair.token(VerifierWorld.claims()), nonce: "n-1") == "nonce")
  }

  @Test("a token that ends in the year 9999 is refused once it is a day old, and is to be remembered no longer")
  func longLived() async throws {
    let pair = try TestKeys.pair(.es256)
    let world = VerifierWorld([pair])
    let token = pair.token(VerifierWorld.claims(["exp": "253402300799"]))
    guard case .genuine(let read) = await world.directory.verify(token, nonce: nil) else {
      Issue.record("refused")
      return
    }
    world.clock.set(read.end - TimeSpan(milliseconds: 1))
    #expect(await world.outcome(of: token) == "genuine")
    world.clock.set(read.end)
    #expect(await world.outcome(of: token) == "issued_at")
  }
}
