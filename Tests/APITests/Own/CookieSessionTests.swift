import DialectKit
import HTTPMessages
import JSON
import SessionCore
import SessionTesting
import Testing

@Suite struct CookieSessionTests {
  private let attributes = "; Path=/; Secure; HttpOnly; SameSite=Lax"

  private func open(_ world: APIWorld, _ more: String = "") async throws -> (cookie: String, csrf: String, id: String) {
    let answer = await world.send(.post, "/v2/sessions", #"{"user_id":"u1","cookie":true\#(more)}"#)
    try #require(answer.status == 201)
    return (
      try #require(answer.cookie), try #require(answer["csrf_token"]?.string),
      try #require(answer["session"]?["id"]?.string)
    )
  }

  private func fields(_ cookie: String, _ more: [(String, String)] = []) -> [HTTPField] {
    [HTTPField("Cookie", cookie)] + more.map { HTTPField($0.0, $0.1) }
  }

  @Test("opening with a cookie sets it with every attribute, and shows the token too")
  func set() async throws {
    let world = try await APIWorld()
    let answer = await world.send(.post, "/v2/sessions", #"{"user_id":"u1","cookie":true}"#)
    let token = try #require(answer["token"]?.string)
    #expect(answer.field("set-cookie") == "__Host-sesame=\(token)\(attributes)")
    #expect(await world.send(.post, "/v2/sessions", #"{"user_id":"u1","cookie":false}"#).cookie == nil)
  }

  @Test("a remembered session's cookie stays as long as the session can live")
  func remembered() async throws {
    let world = try await APIWorld()
    let answer = await world.send(
      .post, "/v2/sessions", #"{"user_id":"u1","cookie":true,"remember":true,"lifetime":5000}"#)
    #expect(answer.field("set-cookie")?.hasSuffix("\(attributes); Max-Age=5000") == true)
    #expect(answer["session"]?["remembered"]?.boolean == true)
    world.clock.advance(by: .seconds(1000))
    let csrf = try #require(answer["csrf_token"]?.string)
    let renewed = await world.send(
      .post, "/v2/session/renew",
      fields: fields(try #require(answer.cookie), [("X-CSRF-Token", csrf), ("Sec-Fetch-Site", "same-origin")]))
    #expect(renewed.field("set-cookie")?.hasSuffix("\(attributes); Max-Age=4000") == true)
  }

  @Test("a cookie shows its session, with the token that changes need")
  func show() async throws {
    let world = try await APIWorld()
    let (cookie, csrf, id) = try await open(world)
    for value in [cookie, "a=b; \(cookie)", "\(cookie);x=y", "  \(cookie)\t; z"] {
      let answer = await world.send(.get, "/v2/session", fields: fields(value))
      let slow = await world.send(.get, "/v2/session", fields: fields(value), isSlow: true)
      #expect(answer.wasAtOnce && answer.text == slow.text)
      #expect(answer.status == 200)
      #expect(answer["id"]?.string == id)
      #expect(answer["csrf_token"]?.string == csrf)
    }
  }

  @Test("two cookies of the name, nameless and look-alike cookies select nothing")
  func lookalikes() async throws {
    let world = try await APIWorld()
    let (cookie, _, _) = try await open(world)
    let value = String(cookie.dropFirst("__Host-sesame=".count))
    let headers = [
      "\(cookie); \(cookie)", "__Host-sesame=x; \(cookie)", "\(cookie); __Host-sesame=", "=\(cookie)", "=\(value)",
      value,
      "__host-sesame=\(value)", "__Host-sesame =\(value)", "\u{2000}\(cookie)", "__Host-sesame\u{200B}=\(value)",
      "\u{A0}\(cookie)", "X__Host-sesame=\(value)", "__Host-sesame=\"\(value)\"", "__Host-sesame=\(value)\u{2000}",
      "__Host-sesame=\(value) x", "sesame=\(value)",
    ]
    for header in headers {
      for isSlow in [false, true] {
        let answer = await world.send(.get, "/v2/session", fields: fields(header), isSlow: isSlow)
        #expect(answer.status == 401, "\(header)")
      }
    }
    let twice = fields(cookie) + fields(cookie)
    #expect(await world.send(.get, "/v2/session", fields: twice).status == 401)
  }

  /// What evidence a change comes with, and whether it suffices.
  private static let evidence: [(fields: [(String, String)], isSecure: Bool, isProof: Bool)] = [
    ([("Origin", "http://127.0.0.1:8080")], false, true),
    ([("Origin", "http://127.0.0.1:8080"), ("Sec-Fetch-Site", "same-origin")], false, true),
    ([("Sec-Fetch-Site", "same-origin")], false, true),
    ([("Origin", "https://127.0.0.1:8080")], true, true),
    ([], false, false),
    ([("Origin", "https://127.0.0.1:8080")], false, true),
    ([("Origin", "http://127.0.0.1:8080")], true, false),
    ([("Origin", "http://127.0.0.1")], false, false),
    ([("Origin", "http://127.0.0.1:8081")], false, false),
    ([("Origin", "null")], false, false),
    ([("Origin", "")], false, false),
    ([("Origin", "http://evil.example")], false, false),
    ([("Origin", "http://127.0.0.1:8080.evil.example")], false, false),
    ([("Origin", "http://127.0.0.1:8080"), ("Origin", "http://127.0.0.1:8080")], false, false),
    ([("Origin", "http://127.0.0.1:8080"), ("Sec-Fetch-Site", "cross-site")], false, false),
    ([("Origin", "http://evil.example"), ("Sec-Fetch-Site", "same-origin")], false, false),
    ([("Sec-Fetch-Site", "same-site")], false, false),
    ([("Sec-Fetch-Site", "cross-site")], false, false),
    ([("Sec-Fetch-Site", "none")], false, false),
    ([("Referer", "http://127.0.0.1:8080/")], false, false),
  ]

  @Test("a change by cookie needs same-origin evidence and the session's token; a refused one changes nothing")
  func crossSite() async throws {
    let changes: [(HTTPMethod, String)] = [
      (.post, "/v2/session/renew"), (.delete, "/v2/session"), (.delete, "/v2/session/others"),
      (.delete, "/v2/session/mine/ID"),
    ]
    for (method, target) in changes {
      for (evidence, isSecure, isProof) in Self.evidence {
        let world = try await APIWorld()
        let (cookie, csrf, id) = try await open(world)
        let other = try await open(world)
        let path = target.replacing("ID", with: other.id)
        let before = world.calls.count(.replace) + world.calls.count(.close) + world.calls.count(.closeMatching)
        for token in [nil, "", "x", other.csrf, String(csrf.dropLast())] {
          let refused = await world.send(
            method, path, fields: fields(cookie, evidence + (token.map { [("X-CSRF-Token", $0)] } ?? [])),
            isSecure: isSecure)
          #expect(refused.status == 403 && refused.code == "csrf_refused")
        }
        #expect(await world.send(.get, "/v2/sessions/\(id)")["state"]?.string == "open")
        #expect(await world.send(.get, "/v2/sessions/\(other.id)")["state"]?.string == "open")
        #expect(
          before == world.calls.count(.replace) + world.calls.count(.close) + world.calls.count(.closeMatching))
        let answer = await world.send(
          method, path, fields: fields(cookie, evidence + [("X-CSRF-Token", csrf)]), isSecure: isSecure)
        #expect(isProof ? answer.status < 300 : answer.status == 403, "\(method) \(target) \(evidence)")
      }
    }
  }

  @Test("renewing by cookie sets the next cookie and keeps the token from scripts")
  func renew() async throws {
    let world = try await APIWorld()
    let (cookie, csrf, _) = try await open(world)
    let proof = [("X-CSRF-Token", csrf), ("Sec-Fetch-Site", "same-origin")]
    let answer = await world.send(.post, "/v2/session/renew", fields: fields(cookie, proof))
    #expect(answer.status == 200)
    #expect(answer["token"] == nil && !answer.text.contains("sst_"))
    #expect(answer["csrf_token"]?.string == csrf)
    let next = try #require(answer.cookie)
    #expect(next != cookie)
    #expect(await world.send(.get, "/v2/session", fields: fields(next)).status == 200)
    world.clock.advance(by: .seconds(11))
    // Presented by another site, the old cookie must not be able to close the session.
    let foreign = await world.send(
      .post, "/v2/session/renew", fields: fields(cookie, [("Sec-Fetch-Site", "cross-site"), ("X-CSRF-Token", csrf)]))
    #expect(foreign.status == 403)
    #expect(await world.send(.get, "/v2/session", fields: fields(next)).status == 200)
    let reused = await world.send(.post, "/v2/session/renew", fields: fields(cookie, proof))
    #expect(reused.status == 401)
    #expect(await world.send(.get, "/v2/session", fields: fields(next)).status == 401)
  }

  @Test("logging out by cookie clears it with the same attributes, and so does a cookie that is good for nothing")
  func logOut() async throws {
    let world = try await APIWorld()
    let (cookie, csrf, _) = try await open(world)
    let proof = fields(cookie, [("X-CSRF-Token", csrf), ("Origin", "http://127.0.0.1:8080")])
    let cleared = "__Host-sesame=\(attributes); Max-Age=0"
    let answer = await world.send(.delete, "/v2/session", fields: proof)
    #expect(answer.status == 204)
    #expect(answer.field("set-cookie") == cleared)
    let again = await world.send(.delete, "/v2/session", fields: proof)
    #expect(again.status == 401)
    #expect(again.field("set-cookie") == cleared)
  }

  @Test("a cookie's own name is kept, and one that is not a token is a misuse")
  func name() async throws {
    let policy = CookiePolicy(name: "my")
    #expect(policy.clearing.text == "my=\(attributes); Max-Age=0")
    await #expect(processExitsWith: .failure) { _ = CookiePolicy(name: "a;b") }
  }

  @Test("opening while presenting an old or invented token makes a new session")
  func fixation() async throws {
    let world = try await APIWorld()
    let (cookie, _, id) = try await open(world)
    for presented in [cookie, "__Host-sesame=sst_invented"] {
      let answer = await world.send(
        .post, "/v2/sessions", #"{"user_id":"u1","cookie":true}"#, fields: fields(presented))
      #expect(answer.status == 201)
      #expect(answer.cookie != presented)
      #expect(answer["session"]?["id"]?.string != id)
    }
  }
}
