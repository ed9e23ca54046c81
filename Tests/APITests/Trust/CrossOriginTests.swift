import DialectKit
import HTTPMessages
import HTTPRouting
import JSON
import Testing

@Suite struct CrossOriginTests {
  private static let app = "https://app.example.com:8443"

  private func world() async throws -> APIWorld {
    let policy = try #require(CrossOriginPolicy(origins: [Self.app, "http://localhost:3000"]))
    return try await APIWorld(gate: Gatekeeper(crossOrigin: policy))
  }

  private func page(_ origin: String, _ more: [(String, String)] = []) -> [HTTPField] {
    [HTTPField("Origin", origin)] + more.map { HTTPField($0.0, $0.1) }
  }

  private func hasLeave(_ answer: Answer) -> Bool {
    answer.response.fields.contains {
      String(decoding: $0.name, as: UTF8.self).lowercased().hasPrefix("access-control")
    }
  }

  @Test("what is no origin can't be listed, letter case aside")
  func origins() {
    for text in [
      "", "*", "null", "https://", "https://a/", "https://a/b", "https://a:", "https://a:x", "https://a:123456",
      "ftp://a", "https://u@a", "https://*.a", "https://a b", "https://[", "https://[]", "https://é", "a.example",
      "https://a:443", "http://127.0.0.1:80",
    ] {
      #expect(CrossOriginPolicy(origins: ["https://good.example", text]) == nil, "\(text)")
      #expect(!CrossOriginPolicy.isOrigin(text), "\(text)")
    }
    for text in ["https://a", "HTTPS://A.Example:8443", "http://127.0.0.1:8080", "http://[::1]:3000", "http://[::1]"] {
      #expect(CrossOriginPolicy(origins: [text])?.origins.count == 1, "\(text)")
    }
    #expect(CrossOriginPolicy(origins: [])?.origins.isEmpty == true)
  }

  @Test("a page of a listed origin may read answers and errors for users, at once or not")
  func listed() async throws {
    let world = try await world()
    let (_, token) = try await world.open()
    #expect(await world.send(.get, "/v2/session", bearer: token).wasAtOnce)
    for (bearer, status) in [(token, 200), ("sst_bad", 401)] {
      let answer = await world.send(.get, "/v2/session", bearer: bearer, fields: page("https://APP.example.com:8443"))
      #expect(answer.status == status)
      #expect(answer.field("access-control-allow-origin") == "https://APP.example.com:8443")
      #expect(answer.field("access-control-allow-credentials") == "true")
      #expect(answer.field("access-control-expose-headers") == "ETag, Retry-After, X-Request-Id")
      #expect(answer.field("vary") == "Origin")
    }
  }

  @Test(
    "any other page is given no leave, nor is any page of a server that lists none",
    arguments: [
      "https://app.example.com", "http://app.example.com:8443", "https://app.example.com:84433", "null", "",
      "https://evil.example", "https://app.example.com:8443.evil.example", "https://app.example.com:8443/",
    ])
  func others(origin: String) async throws {
    let world = try await world()
    let (_, token) = try await world.open()
    let answer = await world.send(.get, "/v2/session", bearer: token, fields: page(origin))
    #expect(answer.status == 200 && !hasLeave(answer))
    let asked = await world.send(
      .options, "/v2/session", fields: page(origin, [("Access-Control-Request-Method", "DELETE")]))
    #expect(asked.status == 204 && !hasLeave(asked))
    let twice = await world.send(.get, "/v2/session", bearer: token, fields: page(Self.app) + page(Self.app))
    #expect(!hasLeave(twice))
    let closed = try await APIWorld()
    #expect(!hasLeave(await closed.send(.get, "/v2/session", bearer: token, fields: page(Self.app))))
  }

  @Test("a preflight is told the methods for users and the headers that they need, and nothing of services' routes")
  func preflight() async throws {
    let world = try await world()
    func ask(_ path: String, _ method: String) async -> Answer {
      await world.send(
        .options, path,
        fields: page(
          Self.app,
          [
            ("Access-Control-Request-Method", method),
            ("Access-Control-Request-Headers", "x-csrf-token, content-type"),
          ]))
    }
    let answer = await ask("/v2/session", "DELETE")
    #expect(answer.status == 204 && answer.field("allow") == "GET, HEAD, DELETE, OPTIONS")
    #expect(answer.field("access-control-allow-origin") == Self.app)
    #expect(answer.field("access-control-allow-credentials") == "true")
    #expect(answer.field("access-control-allow-methods") == "GET, HEAD, DELETE")
    #expect(
      answer.field("access-control-allow-headers")
        == "authorization, content-type, if-match, x-csrf-token, x-request-id")
    #expect(answer.field("access-control-max-age") == "600")
    #expect(!hasLeave(await ask("/v2/session", "PUT")))
    #expect(!hasLeave(await ask("/v2/sessions", "GET")))
    #expect(!hasLeave(await ask("/v2/verify", "POST")))
    #expect(!hasLeave(await ask("/v2/nothing", "GET")))
  }

  @Test("services' routes are refused to listed pages, too")
  func services() async throws {
    let world = try await world()
    let answer = await world.send(.get, "/v2/sessions", fields: page(Self.app))
    #expect(answer.status == 403 && !hasLeave(answer))
  }

  @Test("a listed page's origin is evidence for a change by cookie, and the session's token is still needed")
  func change() async throws {
    let world = try await world()
    let opened = await world.send(.post, "/v2/sessions", #"{"user_id":"u1","cookie":true}"#)
    let cookie = HTTPField("Cookie", try #require(opened.cookie))
    let csrf = try #require(opened["csrf_token"]?.string)
    func renew(_ fields: [HTTPField]) async -> Int {
      await world.send(.post, "/v2/session/renew", fields: [cookie] + fields).status
    }
    let proof = HTTPField("X-CSRF-Token", csrf)
    #expect(await renew(page(Self.app)) == 403)
    #expect(await renew(page("https://evil.example") + [proof]) == 403)
    #expect(await renew([HTTPField("Sec-Fetch-Site", "same-site"), proof]) == 403)
    #expect(await renew(page(Self.app, [("Sec-Fetch-Site", "same-site")]) + [proof]) == 200)
  }

  @Test("a log-in by cookie is for own and listed pages, and for programs that are no browsers")
  func login() throws {
    let policy = try #require(CrossOriginPolicy(origins: [Self.app]))
    func isRefused(_ fields: [HTTPField], _ policy: CrossOriginPolicy = .ownPages) -> Bool {
      let request = HTTPRequest(method: .post, target: "/v2/login", fields: [APIWorld.host] + fields)
      do throws(Problem) {
        try CrossSiteGuard.checkLogin(request, isSecure: false, crossOrigin: policy)
        return false
      } catch {
        return true
      }
    }
    #expect(!isRefused([]))
    #expect(!isRefused(page("http://127.0.0.1:8080", [("Sec-Fetch-Site", "same-origin")])))
    #expect(isRefused(page(Self.app)))
    #expect(isRefused([HTTPField("Sec-Fetch-Site", "cross-site")], policy))
    #expect(isRefused(page("https://evil.example", [("Sec-Fetch-Site", "cross-site")]), policy))
    #expect(!isRefused(page(Self.app, [("Sec-Fetch-Site", "cross-site")]), policy))
  }
}
