import DialectKit
import HTTPMessages
import HTTPRouting
import HTTPTesting
import Testing

@Suite struct TrustPolicyTests {
  private func range(_ text: String) throws -> IPNetwork { try #require(IPNetwork(text)) }

  private func request(
    _ peer: String?, host: String? = "localhost:8080", _ fields: [(String, String)] = [], isSecure: Bool = false
  ) -> HTTPRequest {
    HTTPRequest(
      method: .get, target: "/v2/sessions",
      fields: (host.map { [HTTPField("Host", $0)] } ?? []) + fields.map { HTTPField($0.0, $0.1) },
      peer: peer.map { .network(address: $0, port: 1) } ?? .unixSocket, isSecure: isSecure)
  }

  /// The verdict, which the fast path must not be more generous than.
  private func verdict(_ policy: TrustPolicy, _ request: HTTPRequest) -> TrustPolicy.Verdict {
    let verdict = policy.verdict(on: request)
    if request.withView({ policy.trustsAtOnce($0) }) { #expect(verdict == .trusted) }
    return verdict
  }

  @Test("this machine is trusted, others are not")
  func thisMachine() {
    var policy = TrustPolicy()
    for peer in ["127.0.0.1", "127.255.0.9", "::1", "::ffff:127.0.0.1"] {
      #expect(verdict(policy, request(peer)) == .trusted)
      #expect(request(peer).withView { policy.trustsAtOnce($0) })
    }
    for peer in ["128.0.0.1", "126.255.255.255", "10.0.0.1", "::2", "fe80::1", "::ffff:10.0.0.1", "", "localhost"] {
      #expect(verdict(policy, request(peer)) == .untrusted, "\(peer)")
    }
    policy.trustsThisMachine = false
    #expect(verdict(policy, request("127.0.0.1")) == .untrusted)
    #expect(verdict(policy, request(nil)) == .trusted)
  }

  @Test("configured networks are trusted")
  func networks() throws {
    var policy = TrustPolicy()
    policy.networks = [try range("10.1.0.0/16"), try range("2001:db8::/32"), try range("192.0.2.7")]
    for peer in ["10.1.2.3", "::ffff:10.1.0.0", "2001:db8:1::1", "192.0.2.7"] {
      #expect(verdict(policy, request(peer)) == .trusted, "\(peer)")
    }
    for peer in ["10.2.0.0", "2001:db9::", "192.0.2.8", "10.1.2"] {
      #expect(verdict(policy, request(peer)) == .untrusted, "\(peer)")
    }
  }

  @Test(
    "any sign of a proxy that is not configured makes the client unknown",
    arguments: [
      ("X-Forwarded-For", "127.0.0.1"), ("X-Forwarded-For", ""), ("Forwarded", "for=127.0.0.1"),
      ("X-Real-IP", "127.0.0.1"),
      ("X-Forwarded-Host", "localhost"), ("X-Forwarded-Proto", "https"), ("Via", "1.1 proxy"),
      ("x-forwarded-FOR", "::1"),
    ])
  func unknownProxy(field: (String, String)) throws {
    var policy = TrustPolicy()
    policy.networks = [try range("10.0.0.0/8")]
    for peer in ["127.0.0.1", "10.0.0.1", nil] {
      #expect(verdict(policy, request(peer, [field])) == .untrusted)
    }
  }

  @Test("behind a configured proxy, the client that it names decides")
  func configuredProxy() throws {
    var policy = TrustPolicy()
    policy.proxies = [try range("127.0.0.1"), try range("10.0.0.0/8")]
    policy.networks = [try range("192.0.2.0/24")]
    let cases: [(String?, TrustPolicy.Verdict, String)] = [
      ("192.0.2.9", .trusted, "192.0.2.9"), ("198.51.100.1, 192.0.2.9", .trusted, "192.0.2.9"),
      ("192.0.2.9, 10.0.0.5, 10.0.0.6", .trusted, "192.0.2.9"), ("192.0.2.9:4711", .trusted, "192.0.2.9"),
      ("192.0.2.9, 198.51.100.1", .untrusted, "198.51.100.1"), ("127.0.0.1", .untrusted, "10.0.0.9"),
      ("192.0.2.9, unknown", .untrusted, "10.0.0.9"), ("192.0.2.9,", .untrusted, "10.0.0.9"),
      ("10.0.0.5", .untrusted, "10.0.0.9"), ("", .untrusted, "10.0.0.9"), (nil, .untrusted, "10.0.0.9"),
      ("\u{2003}192.0.2.9", .untrusted, "10.0.0.9"), ("[2001:db8::9]:4711", .untrusted, "2001:db8::9"),
      ("[2001:db8::9]", .untrusted, "2001:db8::9"), ("192.0.2.9:x", .untrusted, "10.0.0.9"),
    ]
    for (forwarded, expected, address) in cases {
      let request = request("10.0.0.9", forwarded.map { [("X-Forwarded-For", $0)] } ?? [])
      #expect(verdict(policy, request) == expected, "\(forwarded ?? "none")")
      #expect(policy.origin(of: request).address == address, "\(forwarded ?? "none")")
    }
    // A proxy's own address is nobody's: it speaks for others.
    #expect(verdict(policy, request("127.0.0.1")) == .untrusted)
    let two = [("X-Forwarded-For", "192.0.2.9"), ("X-Forwarded-For", "198.51.100.1")]
    #expect(verdict(policy, request("10.0.0.9", two)) == .untrusted)
    let mapped = request("10.0.0.9", [("X-Forwarded-For", "::ffff:192.0.2.9")])
    #expect(verdict(policy, mapped) == .trusted)
  }

  @Test(
    "a Host is an address, localhost or a configured name",
    arguments: [
      ("127.0.0.1", true), ("127.0.0.1:8080", true), ("192.0.2.1:80", true), ("[::1]:8080", true), ("[::1]", true),
      ("localhost", true), ("LocalHost:1", true), ("api.localhost", true), ("sesame.example", true),
      ("SESAME.example:8443", true), ("evil.example", false), ("localhost.evil.example", false), ("xlocalhost", false),
      (".localhost", false), ("sesame.example.", false), ("x.sesame.example", false), ("", false), (":80", false),
      ("localhost:x", false), ("[::1", false), ("[::g]:1", false), ("[localhost]", false),
      ("127.0.0.1.evil.example", false),
      ("127.1", false), ("user@localhost", false), ("localhost ", false),
    ])
  func hosts(host: String, isKnown: Bool) {
    var policy = TrustPolicy()
    policy.hosts = ["sesame.example"]
    #expect(verdict(policy, request("127.0.0.1", host: host)) == (isKnown ? .trusted : .refused(.unknownHost)))
    #expect(
      verdict(policy, request("127.0.0.1", host: nil, [("Host", host), ("Host", host)])) == .refused(.unknownHost))
  }

  @Test("a page of another origin is refused in a trusted place, one of this origin is not")
  func pages() {
    let policy = TrustPolicy()
    let cases: [([(String, String)], Bool, Bool)] = [
      ([], false, true), ([("Sec-Fetch-Site", "same-origin")], false, true),
      ([("Sec-Fetch-Site", "none")], false, true),
      ([("Origin", "http://localhost:8080")], false, true), ([("Origin", "https://localhost:8080")], true, true),
      ([("Origin", "HTTP://LOCALHOST:8080")], false, true), ([("Origin", "https://localhost:8080")], false, true),
      ([("Origin", "http://localhost:8080")], true, false),
      ([("Origin", "http://localhost:3000")], false, false), ([("Origin", "null")], false, false),
      ([("Origin", "http://evil.example")], false, false), ([("Sec-Fetch-Site", "same-site")], false, false),
      ([("Sec-Fetch-Site", "cross-site")], false, false), ([("Sec-Fetch-Site", "")], false, false),
      ([("Sec-Fetch-Site", "none"), ("Sec-Fetch-Site", "none")], false, false),
      ([("Origin", "http://localhost:8080"), ("Sec-Fetch-Site", "cross-site")], false, false),
    ]
    for (fields, isSecure, isOwn) in cases {
      let request = request("127.0.0.1", fields, isSecure: isSecure)
      #expect(verdict(policy, request) == (isOwn ? .trusted : .refused(.foreignPage)), "\(fields)")
    }
  }

  @Test("a configured proxy says whether the browser spoke HTTPS")
  func scheme() throws {
    var policy = TrustPolicy()
    policy.proxies = [try range("10.0.0.9")]
    func isSecure(_ peer: String, _ fields: [(String, String)]) -> Bool {
      policy.origin(of: request(peer, fields)).isSecure
    }
    #expect(isSecure("10.0.0.9", [("X-Forwarded-Proto", "https")]))
    #expect(!isSecure("10.0.0.9", [("X-Forwarded-Proto", "http")]))
    #expect(!isSecure("10.0.0.9", []))
    #expect(!isSecure("127.0.0.1", [("X-Forwarded-Proto", "https")]))
    #expect(!isSecure("10.0.0.9", [("X-Forwarded-Proto", "https"), ("X-Forwarded-Proto", "https")]))
  }
}

@Suite struct GatekeeperTests {
  private struct Keys: ServiceAuthorizer {
    func authorize(_ request: HTTPRequest, scope: String) async -> ServiceAuthorization {
      guard let value = request.field("authorization").map({ String(decoding: $0, as: UTF8.self) }) else {
        return .notPresented
      }
      if value == "Bearer ssk_\(scope)" { return .allowed(name: "batch") }
      return .refused(Problem(HTTPStatus(403), Problem.Code(rawValue: "scope"), "Not this key."))
    }
  }

  @Test("a key opens what its scope says to whoever holds it, and a bad one is not made good by trust")
  func keys() async throws {
    let world = try await APIWorld(gate: Gatekeeper(authorizer: Keys()))
    let far = HTTPPeer.network(address: "198.51.100.7", port: 7)
    func status(_ key: String?, _ peer: HTTPPeer, _ method: HTTPMethod = .get, _ body: String? = nil) async -> Int {
      await world.send(method, "/v2/sessions", body, bearer: key, host: HTTPField("Host", "x.example"), peer: peer)
        .status
    }
    #expect(await status("ssk_sessions:read", far) == 200)
    #expect(await status("ssk_sessions:write", far) == 403)
    #expect(await status("ssk_sessions:read", far, .post, #"{"user_id":"u"}"#) == 403)
    #expect(await status("ssk_sessions:write", far, .post, #"{"user_id":"u"}"#) == 201)
    #expect(await status("bad", .unixSocket) == 403)
    #expect(await status(nil, .unixSocket) == 200)
    #expect(await status(nil, far) == 401)
  }
}
