import Cryptography
import IdentityTesting
import IdentityTokens
import SessionCore

/// A token that must open nothing, and what the log says of it.
struct ForgedIDToken: Sendable {
  let name: String
  let token: [UInt8]
  let cause: String

  private init(_ name: String, _ token: [UInt8], _ cause: String) {
    self.name = name
    self.token = token
    self.cause = "id_token_" + cause
  }

  /// One of each kind that a stranger, another client of the issuer, or a careless issuer could come by.
  static func all(_ world: IssuerWorld, rsa: IssuerKeyPair) -> [ForgedIDToken] {
    unsigned(world, rsa) + headers(world) + texts(world) + signatures(world, rsa) + claims(world)
  }

  private static func unsigned(_ world: IssuerWorld, _ rsa: IssuerKeyPair) -> [ForgedIDToken] {
    var forged: [ForgedIDToken] = []
    for name in ["none", "None", "nOnE", ""] {
      let signed = IssuerKeyPair.signedBytes(header: #"{"alg":"\#(name)","kid":"key-1"}"#, claims: world.claims())
      forged.append(ForgedIDToken("alg \(name), empty", signed + [0x2E], "malformed"))
      forged.append(ForgedIDToken("alg \(name)", signed + Array(".AAAA".utf8), "algorithm"))
    }
    for pair in [world.key, rsa] {
      let signed = IssuerKeyPair.signedBytes(
        header: #"{"alg":"HS256","kid":"\#(pair.id ?? "")"}"#, claims: world.claims())
      let code = MessageAuthenticationKey(SecretBytes(Array(pair.jwk().utf8))).code(for: signed)
      forged.append(ForgedIDToken("a public key as a secret", signed + [0x2E] + Base64URL.encode(code), "algorithm"))
    }
    return forged
  }

  private static func headers(_ world: IssuerWorld) -> [ForgedIDToken] {
    [
      (#""crit":["exp"]"#, "critical"), (#""crit":[]"#, "critical"), (#""b64":false,"crit":["b64"]"#, "critical"),
      (#""jku":"\#(world.issuer.issuer)/keys""#, "embedded_key"), (#""jwk":\#(world.key.jwk())"#, "embedded_key"),
      (#""x5u":"https://evil.example""#, "embedded_key"), (#""x5c":["MII"]"#, "embedded_key"),
      (#""typ":"at+jwt""#, "type"), (#""typ":1"#, "header"), (#""alg":"ES256""#, "malformed"),
    ].map { member, cause in
      let header = #"{"alg":"ES256","kid":"key-1",\#(member)}"#
      return ForgedIDToken(member, world.key.token(world.claims(), header: header), cause)
    }
  }

  private static func texts(_ world: IssuerWorld) -> [ForgedIDToken] {
    let good = world.token()
    let parts = good.split(separator: 0x2E).map(Array.init)
    return [
      ("padding", good + [0x3D]), ("a fourth part", good + Array(".AAAA".utf8)), ("a space", [0x20] + good),
      ("no signature", parts[0] + [0x2E] + parts[1]), ("an empty signature", parts[0] + [0x2E] + parts[1] + [0x2E]),
      ("a dot", [0x2E]), ("one word", Array("token".utf8)), ("a scheme", Array("Bearer ".utf8) + good),
      ("cut short", Array(good.dropLast(2)) + [0x2E]),
    ].map { ForgedIDToken($0.0, $0.1, "malformed") }
  }

  private static func signatures(_ world: IssuerWorld, _ rsa: IssuerKeyPair) -> [ForgedIDToken] {
    let stranger = IssuerKeyPair(.es256, id: "key-1")
    let signed = IssuerKeyPair.signedBytes(header: world.key.header, claims: world.claims())
    let zero = Base64URL.encode([UInt8](repeating: 0, count: 64))
    let parts = world.token().split(separator: 0x2E).map(Array.init)
    let other = Base64URL.encode(Array(world.claims(["sub": #""root""#]).utf8))
    return [
      ForgedIDToken("another's key", stranger.token(world.claims()), "signature"),
      ForgedIDToken("zeros", signed + [0x2E] + zero, "signature"),
      ForgedIDToken("other claims", parts[0] + [0x2E] + other + [0x2E] + parts[2], "signature"),
      ForgedIDToken("PSS for PKCS#1", rsa.token(world.claims(), as: .ps256), "signature"),
      ForgedIDToken(
        "a key of another kind", rsa.token(world.claims(), header: #"{"alg":"RS256","kid":"key-1"}"#), "key_mismatch"),
      ForgedIDToken("nobody's key", IssuerKeyPair(.es256, id: "nobody").token(world.claims()), "unknown_key"),
    ]
  }

  private static func claims(_ world: IssuerWorld) -> [ForgedIDToken] {
    let now = world.now
    let changes: [(String, String?, String)] = [
      ("iss", #""https://issuer.example""#, "issuer"), ("iss", "\"\(world.issuer.issuer)/\"", "issuer"),
      ("iss", nil, "claims"), ("aud", #""them""#, "audience"), ("aud", #"["us","them"]"#, "authorized_party"),
      ("aud", nil, "claims"), ("azp", #""them""#, "authorized_party"), ("exp", "\(now - 600)", "expired"),
      ("exp", nil, "claims"), ("exp", "1e300", "claims"), ("exp", "1e999", "malformed"),
      (
        "nbf", "\(now + 600)",
        "not_yet_valid"
      ), ("iat", "\(now + 600)", "issued_at"), ("iat", "\(now - 90_000)", "issued_at"),
      ("iat", nil, "claims"), ("sub", nil, "subject"), ("sub", #""""#, "subject"), ("sub", "1", "subject"),
      ("sub", "\"\(String(repeating: "s", count: 256))\"", "subject"),
    ]
    return changes.map { name, value, cause in
      ForgedIDToken("\(name) \(value ?? "left out")", world.key.token(world.claims([name: value])), cause)
    } + [
      ForgedIDToken("no object", world.key.token("[]"), "malformed"),
      ForgedIDToken(
        "a name twice", world.key.token(world.claims().dropLast() + #","sub":"root"}"#), "malformed"),
    ]
  }
}
