import Cryptography
import IdentityTesting
import IdentityTokens
import SessionCore
import Testing

/// Every token here is one that a stranger could make, or an issuer should not have.
@Suite("Forged id tokens") struct ForgedTokenTests {
  private func outcome(_ token: [UInt8]) async -> String {
    await VerifierWorld(Array(TestKeys.all.values)).outcome(of: token)
  }

  private func es256(_ header: String, claims: String = VerifierWorld.claims()) throws -> [UInt8] {
    try TestKeys.pair(.es256).token(claims, header: header)
  }

  private func text(_ token: [UInt8]) -> String { String(decoding: token, as: UTF8.self) }

  @Test("no unsigned token is believed", arguments: ["none", "None", "NONE", "nOnE", ""])
  func unsigned(name: String) async {
    let signed = IssuerKeyPair.signedBytes(
      header: #"{"alg":"\#(name)","kid":"key-RS256"}"#, claims: VerifierWorld.claims())
    #expect(await outcome(signed + Array(".".utf8)) == "malformed")
    #expect(await outcome(signed + Array(".AAAA".utf8)) == "algorithm")
  }

  @Test("a public key is no secret of a keyed digest", arguments: ["RS256", "ES256", "EdDSA"])
  func confusion(name: String) async throws {
    let algorithm = try #require(TokenAlgorithm(rawValue: name))
    let pair = try TestKeys.pair(algorithm)
    let signed = IssuerKeyPair.signedBytes(
      header: #"{"alg":"HS256","typ":"JWT","kid":"key-\#(name)"}"#, claims: VerifierWorld.claims())
    var secrets = [Array(pair.jwk().utf8)]
    switch pair.key.publicNumbers {
    case .rsa(let modulus, _): secrets.append(modulus)
    case .elliptic(let x, let y): secrets.append([4] + x + y)
    case .ed25519(let bytes): secrets.append(bytes)
    }
    for secret in secrets {
      let code = MessageAuthenticationKey(SecretBytes(secret)).code(for: signed)
      #expect(await outcome(signed + Array(".".utf8) + Base64URL.encode(code)) == "algorithm")
    }
  }

  @Test(
    "a header that demands, brings or points to something is refused",
    arguments: [
      (#""crit":["exp"]"#, "critical"), (#""crit":[]"#, "critical"), (#""crit":null"#, "critical"),
      (#""b64":false,"crit":["b64"]"#, "critical"), (#""jku":"https://evil.example/keys""#, "embedded_key"),
      (#""jwk":{}"#, "embedded_key"), (#""x5u":"https://evil.example/c""#, "embedded_key"),
      (#""x5c":["MII"]"#, "embedded_key"), (#""typ":"at+jwt""#, "type"), (#""typ":"JWS""#, "type"),
      (#""typ":"logout+jwt""#, "type"), (#""typ":1"#, "header"), (#""typ":"JWT ""#, "type"),
    ])
  func headers(member: String, cause: String) async throws {
    #expect(try await outcome(es256(#"{"alg":"ES256","kid":"key-ES256",\#(member)}"#)) == cause)
  }

  @Test(
    "a header of the wrong kind is refused",
    arguments: [
      (#"{"kid":"key-ES256"}"#, "header"), (#"{"alg":1,"kid":"key-ES256"}"#, "header"),
      (#"{"alg":["ES256"],"kid":"key-ES256"}"#, "header"), (#"{"alg":null,"kid":"key-ES256"}"#, "header"),
      (#"{"alg":"ES256","kid":1}"#, "header"), (#"{"alg":"ES256","kid":null}"#, "header"),
      (#"{"alg":"es256","kid":"key-ES256"}"#, "algorithm"), (#"{"alg":"ES256K","kid":"key-ES256"}"#, "algorithm"),
      (#"{"alg":"ES512","kid":"key-ES256"}"#, "algorithm"), (#"{"alg":"HS512","kid":"key-ES256"}"#, "algorithm"),
      (#"{"alg":"ES256","alg":"ES256","kid":"key-ES256"}"#, "malformed"),
      (#"{"alg":"none","alg":"ES256","kid":"key-ES256"}"#, "malformed"),
      (#"{"alg":"ES256","kid":"a","\u006bid":"key-ES256"}"#, "malformed"),
      (#"["ES256"]"#, "malformed"), (#"{"alg":"ES256""#, "malformed"), (#"{"alg":"ES256",}"#, "malformed"),
      ("", "malformed"),
      ("\u{FEFF}" + #"{"alg":"ES256","kid":"key-ES256"}"#, "malformed"),
    ])
  func wrongHeaders(header: String, cause: String) async throws {
    #expect(try await outcome(es256(header)) == cause)
  }

  @Test("a kid that is too long, and one that is nobody's, are refused")
  func keyNames() async throws {
    #expect(try await outcome(es256(#"{"alg":"ES256","kid":"nobody"}"#)) == "unknown_key")
    #expect(try await outcome(es256(#"{"alg":"ES256","kid":"\#(String(repeating: "k", count: 2000))"}"#)) == "header")
    #expect(
      try await outcome(es256(#"{"alg":"ES256","kid":"\#(String(repeating: "k", count: 1_000_000))"}"#)) == "malformed")
  }

  @Test("claims with a name twice, or that are no object, are refused")
  func claimTexts() async throws {
    let pair = try TestKeys.pair(.es256)
    let good = VerifierWorld.claims()
    let open = String(good.dropLast())
    for claims in [
      open + #","sub":"admin"}"#, open + #","\u0073ub":"admin"}"#, "[]", "1", "null", "{", "", good + "{}", open + ",}",
      #"{"a":"# + String(repeating: "[", count: 40),
    ] {
      #expect(await outcome(pair.token(claims)) == "malformed", "\(claims)")
    }
  }

  @Test("there is one text for each token: no padding, white space, other alphabet, or spare bits")
  func encodings() async throws {
    let token = try text(TestKeys.pair(.es256).token(VerifierWorld.claims()))
    let parts = token.split(separator: ".").map(String.init)
    var variants = [
      token + "=", token + "\n", " " + token, token + " ", token + ".", "." + token, parts[0] + "." + parts[1],
      parts[0] + ".." + parts[2], parts[0] + "." + parts[1] + ".", "." + parts[1] + "." + parts[2],
      parts[0] + "=." + parts[1] + "." + parts[2], parts[0] + " ." + parts[1] + "." + parts[2],
      token + "." + parts[2], token + ".a.b", "", ".", "..", "...", "Bearer " + token, token + "\0",
    ]
    // The signature's 64 bytes leave four spare bits in the last character.
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    let last = try #require(token.last.flatMap { alphabet.firstIndex(of: $0) })
    for bits in 1...15 { variants.append(String(token.dropLast()) + String(alphabet[last ^ bits])) }
    for variant in variants { #expect(await outcome(Array(variant.utf8)) == "malformed", "\(variant)") }
    let standard = token.replacingCharacters("-", "+").replacingCharacters("_", "/")
    if standard != token { #expect(await outcome(Array(standard.utf8)) == "malformed") }
  }

  @Test("no token that is cut short, or has a character changed, is believed")
  func damage() async throws {
    let world = VerifierWorld(Array(TestKeys.all.values))
    let token = try TestKeys.pair(.es256).token(VerifierWorld.claims())
    for count in 0..<token.count { #expect(await world.outcome(of: Array(token[..<count])) != "genuine") }
    for index in token.indices {
      for byte in [UInt8(ascii: "A"), UInt8(ascii: "z"), UInt8(ascii: "."), 0, 0xFF] where token[index] != byte {
        var changed = token
        changed[index] = byte
        #expect(await world.outcome(of: changed) != "genuine")
      }
    }
  }

  @Test(
    "an ECDSA signature that is DER, too long, too short, or with r or s out of range is refused",
    arguments: ["ES256", "ES384"])
  func ellipticSignatures(name: String) async throws {
    let pair = try TestKeys.pair(#require(TokenAlgorithm(rawValue: name)))
    let length = name == "ES256" ? 32 : 48
    let order: [UInt8] =
      name == "ES256"
      ? [
        0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        0xBC, 0xE6, 0xFA, 0xAD, 0xA7, 0x17, 0x9E, 0x84, 0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25, 0x51,
      ]
      : [UInt8](repeating: 0xFF, count: 24) + [
        0xC7, 0x63, 0x4D, 0x81, 0xF4, 0x37, 0x2D, 0xDF,
        0x58, 0x1A, 0x0D, 0xB2, 0x48, 0xB0, 0xA7, 0x7A, 0xEC, 0xEC, 0x19, 0x6A, 0xCC, 0xC5, 0x29, 0x73,
      ]
    let signed = IssuerKeyPair.signedBytes(header: pair.header, claims: VerifierWorld.claims())
    let signature = try #require(pair.key.signature(of: signed, by: pair.algorithm.scheme))
    let r = Array(signature.prefix(length))
    let s = Array(signature.suffix(length))
    let zero = [UInt8](repeating: 0, count: length)
    let one = Array(zero.dropLast()) + [1]
    let most = [UInt8](repeating: 0xFF, count: length)
    let der: [UInt8] =
      [0x30, UInt8(2 * length + 6), 2, UInt8(length + 1), 0] + r + [2, UInt8(length + 1), 0] + s
    let bad: [[UInt8]] = [
      zero + zero, zero + s, r + zero, order + s, r + order, most + most, r + most, one + one, der, [0] + r + s,
      r + s + [0],
      r + [0] + s, Array(r.dropFirst()) + s, r, s + r, [],
    ]
    #expect(await outcome(signed + Array(".".utf8) + Base64URL.encode(signature)) == "genuine")
    for signature in bad {
      let token = signed + Array(".".utf8) + Base64URL.encode(signature)
      #expect(await outcome(token) == (signature.isEmpty ? "malformed" : "signature"))
    }
  }

  @Test("a signature of Ed25519 or RSA of another length is refused", arguments: ["EdDSA", "RS256", "PS256"])
  func lengths(name: String) async throws {
    let pair = try TestKeys.pair(#require(TokenAlgorithm(rawValue: name)))
    let signed = IssuerKeyPair.signedBytes(header: pair.header, claims: VerifierWorld.claims())
    let good = try #require(pair.key.signature(of: signed, by: pair.algorithm.scheme))
    for bad in [
      Array(good.dropLast()), good + [0], [0] + good, Array(good.dropFirst()), Array(good.prefix(1)),
      [UInt8](repeating: 0, count: good.count), [UInt8](repeating: 0xFF, count: good.count), good + good,
    ] { #expect(await outcome(signed + Array(".".utf8) + Base64URL.encode(bad)) == "signature") }
  }

  @Test("padding, digest and key must be those of the header's alg")
  func schemes() async throws {
    let rsa = try TestKeys.pair(.rs256)
    let world = VerifierWorld([IssuerKeyPair(.rs256, id: "any", key: rsa.key)])
    for claimed in [TokenAlgorithm.rs256, .rs384, .rs512, .ps256, .ps384, .ps512] {
      for real in [TokenAlgorithm.rs256, .rs384, .rs512, .ps256, .ps384, .ps512] {
        let token = rsa.token(
          VerifierWorld.claims(), header: #"{"alg":"\#(claimed.rawValue)","kid":"any"}"#, as: real)
        #expect(await world.outcome(of: token) == (claimed == real ? "genuine" : "signature"))
      }
    }
    for claimed in TokenAlgorithm.allCases {
      for pair in TestKeys.all.values where pair.algorithm.scheme.keyKind != claimed.scheme.keyKind {
        let header = #"{"alg":"\#(claimed.rawValue)","kid":"key-\#(pair.algorithm.rawValue)"}"#
        #expect(await outcome(pair.token(VerifierWorld.claims(), header: header)) == "key_mismatch")
      }
    }
  }

  @Test("a key is for the alg that it names, and for verifying")
  func keyUse() async throws {
    let pair = try TestKeys.pair(.rs256)
    let cases = [
      (#""alg":"RS256","use":"sig","key_ops":["verify"]"#, "genuine"), (#""alg":"PS256""#, "key_mismatch"),
      (#""alg":"HS256""#, "key_mismatch"), (#""alg":"RS512""#, "key_mismatch"), (#""use":"enc""#, "unavailable"),
      (#""key_ops":["sign"]"#, "unavailable"), (#""key_ops":[]"#, "unavailable"), (#""alg":1"#, "unavailable"),
      (#""d":"AQ""#, "unavailable"), (#""use":1"#, "unavailable"), (#""issuer":"https://other.example""#, "genuine"),
    ]
    for (extra, expected) in cases {
      let world = VerifierWorld(keySet: #"{"keys":[\#(pair.jwk(extra: extra))]}"#)
      #expect(await world.outcome(of: pair.token(VerifierWorld.claims())) == expected, "\(extra)")
    }
  }

  @Test("a key that is too weak or malformed is as good as none")
  func badKeys() async throws {
    let weak = IssuerKeyPair(.rs256, id: "weak", bits: 1024)
    #expect(await VerifierWorld([weak]).outcome(of: weak.token(VerifierWorld.claims())) == "unavailable")
    let good = try TestKeys.pair(.es256)
    let among = VerifierWorld([weak, good])
    #expect(await among.outcome(of: good.token(VerifierWorld.claims())) == "genuine")
    #expect(await among.outcome(of: weak.token(VerifierWorld.claims())) == "unknown_key")
    for document in [
      "", "{}", "[]", #"{"keys":{}}"#, #"{"keys":[]}"#, #"{"keys":[1,null,{}]}"#, #"{"keys":[],"keys":[]}"#,
      #"{"keys":[{"kty":"oct","k":"AAAA","kid":"key-ES256"}]}"#,
      #"{"keys":[{"kty":"EC","crv":"P-256","x":"AAAA","y":"AAAA","kid":"key-ES256"}]}"#,
      #"{"keys":[\#(good.jwk().replacingCharacters("P-256", "P-384"))]}"#,
      #"{"keys":[\#([String](repeating: good.jwk(), count: 101).joined(separator: ","))]}"#,
    ] {
      let world = VerifierWorld(keySet: document)
      #expect(await world.outcome(of: good.token(VerifierWorld.claims())) == "unavailable", "\(document)")
    }
  }

  @Test("another's key under the right name does not help")
  func otherKey() async throws {
    for algorithm in [TokenAlgorithm.es256, .es384, .edDSA, .rs256] {
      let forged = IssuerKeyPair(algorithm, id: "key-\(algorithm.rawValue)")
      #expect(await outcome(forged.token(VerifierWorld.claims())) == "signature")
    }
  }
}

extension String {
  /// The text with each `old` replaced.
  func replacingCharacters(_ old: String, _ new: String) -> String {
    split(separator: old, omittingEmptySubsequences: false).joined(separator: new)
  }
}
