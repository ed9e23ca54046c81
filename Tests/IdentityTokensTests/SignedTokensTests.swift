import Cryptography
import IdentityTesting
import IdentityTokens
import JSON
import SessionCore
import Testing

@Suite("Signed tokens of our own") struct SignedTokensTests {
  private static let now = Timestamp(milliseconds: VerifierWorld.now * 1000 + 999)
  private static let first = RingKey(id: 1, secret: SecretBytes([UInt8](repeating: 1, count: 32)))
  private static let second = RingKey(id: 2, secret: SecretBytes([UInt8](repeating: 2, count: 32)))

  private func tokens(
    _ algorithm: SignedTokenAlgorithm, ring: KeyRing = KeyRing(signing: first),
    issuer: String = "https://sesame.example"
  ) -> SignedTokens {
    SignedTokens(keys: ring, algorithm: algorithm, issuer: issuer, lifetime: .minutes(15))
  }

  private func session(lifetime: TimeSpan = .hours(8)) -> Session {
    Session(
      id: SessionID(high: 1, low: 2), userID: "user é", openTime: Self.now, idleTimeout: .minutes(30),
      lifetime: lifetime)
  }

  private func outcome(_ reading: SignedTokenReading) -> String {
    switch reading {
    case .genuine: "genuine"
    case .malformed: "malformed"
    case .forged: "forged"
    case .expired: "expired"
    }
  }

  @Test("a token is read back as it was made", arguments: SignedTokenAlgorithm.allCases)
  func roundTrip(algorithm: SignedTokenAlgorithm) throws {
    let tokens = tokens(algorithm)
    let user = try JSONText(parsing: Array(#"{"name":"Ann","sub":"admin"}"#.utf8))
    let text = tokens.token(for: session(), level: "user", user: user, now: Self.now)
    guard case .genuine(let claims) = tokens.read(text, now: Self.now) else {
      Issue.record("refused")
      return
    }
    #expect(claims.sessionID == session().id)
    #expect(claims.userID == "user é")
    #expect(claims.issued == Timestamp(milliseconds: VerifierWorld.now * 1000))
    #expect(claims.expires == Timestamp(milliseconds: (VerifierWorld.now + 900) * 1000))
    #expect(claims.claims["level"]?.string == "user")
    #expect(claims.claims["user"]?.text == user)
    #expect(claims.claims["iss"]?.string == "https://sesame.example")
    #expect(outcome(tokens.read(text, now: claims.expires - TimeSpan(milliseconds: 1))) == "genuine")
    #expect(outcome(tokens.read(text, now: claims.expires)) == "expired")
  }

  @Test("a token ends no later than its session may live")
  func end() {
    let tokens = tokens(.hs256)
    let text = tokens.token(for: session(lifetime: .seconds(10)), now: Self.now)
    #expect(outcome(tokens.read(text, now: Timestamp(milliseconds: VerifierWorld.now * 1000 + 10_000))) == "expired")
  }

  @Test("the published keys, and they alone, verify the tokens of ES256")
  func publishedKeys() async throws {
    let tokens = tokens(.es256, issuer: VerifierWorld.issuer)
    let text = tokens.token(for: session(), now: Self.now)
    let published = String(decoding: tokens.jwks(now: Self.now), as: UTF8.self)
    #expect(!published.contains("\"d\""))
    let parts = text.split(separator: UInt8(ascii: "."))
    let claims = String(decoding: try #require(Base64URL.decode(parts[1])), as: UTF8.self)
    #expect(claims.hasPrefix("{") && !claims.contains("aud"))
    // An id token's verifier wants an audience: it reads the signature, and refuses the token for that alone.
    let world = VerifierWorld(keySet: published)
    #expect(await world.outcome(of: text) == "claims")
    #expect(String(decoding: self.tokens(.hs256).jwks(now: Self.now), as: UTF8.self) == #"{"keys":[]}"#)
  }

  @Test("rotation keeps reading what the former key has signed until its time is over")
  func rotation() {
    let end = Self.now + .minutes(5)
    let ring = KeyRing(signing: Self.first).rotated(to: Self.second, now: Self.now, overlapEnd: end)
    for algorithm in SignedTokenAlgorithm.allCases {
      let tokens = tokens(algorithm)
      let old = tokens.token(for: session(), now: Self.now)
      tokens.replaceKeys(ring)
      let new = tokens.token(for: session(), now: Self.now)
      #expect(outcome(tokens.read(old, now: end - TimeSpan(milliseconds: 1))) == "genuine")
      #expect(outcome(tokens.read(old, now: end)) == "forged")
      #expect(outcome(tokens.read(new, now: end)) == "genuine")
      let count = algorithm == .es256 ? 2 : 0
      #expect(String(decoding: tokens.jwks(now: Self.now), as: UTF8.self).split(separator: "kid").count == count + 1)
      #expect(String(decoding: tokens.jwks(now: end), as: UTF8.self).split(separator: "kid").count == max(1, count))
      tokens.replaceKeys(KeyRing(signing: Self.second))
      #expect(outcome(tokens.read(old, now: Self.now)) == "forged")
    }
  }

  @Test("the same ring makes the same keys, on every node and after a restart")
  func determinism() {
    for algorithm in SignedTokenAlgorithm.allCases {
      let text = tokens(algorithm).token(for: session(), now: Self.now)
      #expect(outcome(tokens(algorithm).read(text, now: Self.now)) == "genuine")
      #expect(tokens(algorithm).jwks(now: Self.now) == tokens(algorithm).jwks(now: Self.now))
    }
  }

  @Test("tokens of another algorithm, ring or issuer are not ours")
  func strangers() {
    for algorithm in SignedTokenAlgorithm.allCases {
      let tokens = tokens(algorithm)
      let other: SignedTokenAlgorithm = algorithm == .es256 ? .hs256 : .es256
      #expect(outcome(tokens.read(self.tokens(other).token(for: session(), now: Self.now), now: Self.now)) == "forged")
      let foreign = self.tokens(algorithm, ring: KeyRing(signing: Self.second))
      #expect(outcome(tokens.read(foreign.token(for: session(), now: Self.now), now: Self.now)) == "forged")
      let named = self.tokens(algorithm, issuer: "https://other.example")
      #expect(outcome(tokens.read(named.token(for: session(), now: Self.now), now: Self.now)) == "malformed")
    }
  }

  @Test("no token that a stranger makes of the published key is believed")
  func forgeries() throws {
    let tokens = tokens(.es256)
    let text = tokens.token(for: session(), now: Self.now)
    let parts = text.split(separator: UInt8(ascii: "."))
    let document = try JSONDocument(parsing: tokens.jwks(now: Self.now)).root
    let key = try #require(document["keys"]?.elements.first)
    let id = try #require(key["kid"]?.string)
    let claims = String(decoding: try #require(Base64URL.decode(parts[1])), as: UTF8.self)
    for algorithm in ["none", "HS256", "ES256", "ES384", "RS256"] {
      for extra in ["", #","crit":["exp"]"#, #","jwk":\#(key.text)"#, #","x5c":[]"#, #","alg":"ES256""#] {
        let signed = IssuerKeyPair.signedBytes(
          header: #"{"alg":"\#(algorithm)","typ":"JWT","kid":"\#(id)"\#(extra)}"#, claims: claims)
        for secret in [key.text.bytes, key["x"]?.utf8String ?? [], [UInt8](repeating: 0, count: 32)] {
          let code = MessageAuthenticationKey(SecretBytes(secret)).code(for: signed)
          let token = signed + Array(".".utf8) + Base64URL.encode(code)
          #expect(["malformed", "forged"].contains(outcome(tokens.read(token, now: Self.now))))
        }
        let stranger = SigningKey.generate(.p256)
        let signature = try #require(stranger.signature(of: signed, by: .ecdsaP256SHA256))
        let token = signed + Array(".".utf8) + Base64URL.encode(signature)
        #expect(["malformed", "forged"].contains(outcome(tokens.read(token, now: Self.now))))
      }
    }
  }

  @Test("no token that is cut short, or has a character changed, is believed", arguments: SignedTokenAlgorithm.allCases)
  func damage(algorithm: SignedTokenAlgorithm) {
    let tokens = tokens(algorithm)
    let text = tokens.token(for: session(), now: Self.now)
    for count in 0..<text.count { #expect(outcome(tokens.read(Array(text[..<count]), now: Self.now)) != "genuine") }
    for index in text.indices {
      for byte in [UInt8(ascii: "A"), UInt8(ascii: "q"), UInt8(ascii: "="), 0] where text[index] != byte {
        var changed = text
        changed[index] = byte
        #expect(outcome(tokens.read(changed, now: Self.now)) != "genuine")
      }
    }
  }
}
