import Accounts
import HTTPMessages
import HTTPTesting
import IdentityTokens
import SessionCore
import SessionTesting
import Testing

@Suite struct ForwardAuthTests {
  @Test("a live session passes with its identity, at once or not, by bearer or by cookie")
  func passes() async throws {
    let world = try await ForwardAuthWorld()
    let (session, token) = try await world.open("ann")
    let credentials = [
      HTTPField("Authorization", "bearer  \(token)"), HTTPField("Cookie", "a=b; __Host-sesame=\(token)"),
    ]
    for credential in credentials {
      for isSlow in [false, true] {
        let answer = await world.ask(fields: [credential], isSlow: isSlow)
        #expect(answer.status == 200 && answer.wasAtOnce == !isSlow)
        #expect(answer.field("x-sesame-user") == "ann")
        #expect(answer.field("x-sesame-session") == session.id.description)
        #expect(answer.field("x-sesame-level") == nil)
        #expect(answer.response.body.isEmpty && answer.field("content-type") == nil)
        #expect(answer.field("x-request-id") != nil)
      }
    }
  }

  @Test("every method is answered alike, whatever its body", arguments: HTTPMethod.allCases)
  func methods(method: HTTPMethod) async throws {
    let world = try await ForwardAuthWorld()
    let (_, token) = try await world.open("ann")
    let answer = await world.ask(bearer: token, method: method)
    #expect(answer.status == (method == .other ? 405 : 200))
    #expect(answer.field("x-sesame-user") == (method == .other ? nil : "ann"))
    let refused = await world.ask(method: method)
    #expect(refused.status == (method == .other ? 405 : 401))
  }

  @Test("no credential, a bad one, and one of an ended session get the same 401, and no cookie is taken away")
  func refuses() async throws {
    let world = try await ForwardAuthWorld()
    let (closed, closedToken) = try await world.open("ann")
    _ = try await world.sessions.close(closed.id, reason: .logout, by: Actor(.user))
    let (_, expired) = try await world.open("ann", lifetime: .seconds(1))
    world.clock.advance(by: .seconds(1))
    let (_, live) = try await world.open("ann")
    let fields: [[HTTPField]] = [
      [], [HTTPField("Authorization", "Bearer \(closedToken)")], [HTTPField("Authorization", "Bearer \(expired)")],
      [HTTPField("Authorization", "Bearer \(live.dropLast())")], [HTTPField("Authorization", "Bearer \(live), x")],
      [HTTPField("Authorization", "Basic \(live)"), HTTPField("Cookie", "__Host-sesame=\(live)")],
      [HTTPField("Authorization", "Bearer \(live)"), HTTPField("Authorization", "Bearer \(live)")],
      [HTTPField("Cookie", "__Host-sesame=\(closedToken)")], [HTTPField("Cookie", "__Host-sesame=\(expired)")],
      [HTTPField("Cookie", "__Host-sesame=\(live); __Host-sesame=\(live)")],
      [HTTPField("Cookie", "__host-sesame=\(live)")], [HTTPField("Cookie", "__Host-sesame=\(live)\u{2000}")],
    ]
    for fields in fields {
      for isSlow in [false, true] {
        let answer = await world.ask(fields: fields, isSlow: isSlow)
        #expect(answer.status == 401 && answer.code == "unauthorized", "\(fields)")
        #expect(answer.field("www-authenticate") == "Bearer")
        #expect(answer.field("set-cookie") == nil && answer.field("x-sesame-user") == nil)
      }
    }
  }

  @Test("an account's session carries its level, and passes where that suffices")
  func levels() async throws {
    let world = try await ForwardAuthWorld()
    for level in AccountLevel.allCases {
      let id = try await world.account(level)
      let (_, token) = try await world.open(id.userID)
      // The first question finds the account in the store, if it was not in the cache.
      #expect(await world.ask(bearer: token).field("x-sesame-level") == level.rawValue)
      for required in AccountLevel.allCases {
        for isSlow in [false, true] {
          let answer = await world.ask("?level=\(required.rawValue)", bearer: token, isSlow: isSlow)
          #expect(answer.status == (level >= required ? 200 : 403), "\(level) for \(required)")
          #expect(answer.code == (level >= required ? nil : "level_required"))
          #expect(answer.field("x-sesame-level") == (level >= required ? level.rawValue : nil))
          #expect(answer.wasAtOnce == (level >= required && !isSlow))
        }
      }
    }
  }

  @Test("a change of level holds for the next request, and an account that is off opens nothing")
  func changes() async throws {
    let world = try await ForwardAuthWorld()
    let id = try await world.account(.collaborator)
    let (_, token) = try await world.open(id.userID)
    #expect(await world.ask("?level=C", bearer: token).status == 200)
    _ = try await world.accounts.change(id, by: Actor(.service)) { $0.level = .user }
    #expect(await world.ask("?level=C", bearer: token).status == 403)
    #expect(await world.ask(bearer: token).field("x-sesame-level") == "U")
    _ = try await world.accounts.change(id, by: Actor(.service)) { $0.isActive = false }
    #expect(await world.ask(bearer: token).status == 401)
    // Opened past the account, it still opens nothing.
    let (_, late) = try await world.open(id.userID)
    for isSlow in [false, true] {
      #expect(await world.ask(bearer: late, isSlow: isSlow).status == 401)
      #expect(await world.ask("?level=I", bearer: late, isSlow: isSlow).status == 401)
    }
  }

  @Test("a user without an account has no level and reaches none", arguments: ["ann", "0", "01", "+1", "99", "1 "])
  func strangers(userID: String) async throws {
    let world = try await ForwardAuthWorld()
    let (_, token) = try await world.open(ExactText(userID))
    #expect(await world.ask(bearer: token).status == 200)
    for isSlow in [false, true] {
      let answer = await world.ask("?level=I", bearer: token, isSlow: isSlow)
      #expect(answer.status == 403 && answer.code == "level_required")
    }
  }

  @Test(
    "a query that is not plainly one level lets nobody pass",
    arguments: [
      "?level=", "?level=X", "?level=a", "?level=AA", "?levle=A", "?level=A&level=I", "?level=I&level=A", "?x=1",
      "?level=A&x=1", "?LEVEL=I", "?level=%ff",
    ])
  func queries(query: String) async throws {
    let world = try await ForwardAuthWorld()
    let (_, token) = try await world.open("1")
    #expect(await world.ask(query, bearer: token).status == 400)
  }

  @Test(
    "a user id stands in the header so that no two look the same",
    arguments: [
      ("ann", "ann"), ("a b", "a%20b"), ("a%20b", "a%2520b"), (" a", "%20a"), ("é", "%C3%A9"), ("%C3%A9", "%25C3%25A9"),
      ("e\u{301}", "e%CC%81"), ("a\r\nX-Sesame-Level: A", "a%0D%0AX-Sesame-Level:%20A"), ("\u{7F}", "%7F"),
      ("a,b;\"c\"", "a,b;\"c\""),
    ])
  func encoding(userID: String, value: String) async throws {
    let world = try await ForwardAuthWorld()
    let (_, token) = try await world.open(ExactText(userID))
    for isSlow in [false, true] {
      let answer = await world.ask(bearer: token, isSlow: isSlow)
      #expect(answer.status == 200 && answer.field("x-sesame-user") == value)
      #expect(answer.field("x-sesame-level") == nil)
    }
  }

  @Test("a question counts as a request of its session")
  func touches() async throws {
    let world = try await ForwardAuthWorld()
    let (session, token) = try await world.open("ann")
    for isSlow in [false, true] {
      world.clock.advance(by: .seconds(60))
      _ = await world.ask(bearer: token, isSlow: isSlow)
      let now = world.clock.now()
      #expect(try await world.sessions.session(session.id)?.requestTime == now)
    }
  }

  @Test("while the store can't be asked, nobody unknown passes, and a forged token is still refused")
  func storeDown() async throws {
    let world = try await ForwardAuthWorld()
    let (_, token) = try await world.open("ann")
    let other = try await ForwardAuthWorld()
    other.failure.set(.unavailable)
    let answer = await other.ask(bearer: token)
    #expect(answer.status == 503 && answer.field("retry-after") == "1")
    #expect(await other.ask(bearer: "sst_x").status == 401)
  }

  @Test("a signed token passes where it is taken, as a bearer alone, and ends with its session")
  func signed() async throws {
    let world = try await ForwardAuthWorld(takesSigned: true)
    let id = try await world.account(.collaborator)
    let (session, opaque) = try await world.open(id.userID)
    let token = String(decoding: world.signedTokens.token(for: session, now: world.clock.now()), as: UTF8.self)
    let answer = await world.ask("?level=C", bearer: token)
    #expect(answer.status == 200 && answer.field("x-sesame-user") == id.userID.string)
    #expect(answer.field("x-sesame-session") == session.id.description && answer.field("x-sesame-level") == "C")
    #expect(await world.ask(bearer: opaque).status == 200)
    #expect(await world.ask("?level=T", bearer: token).status == 403)
    for bad in [String(token.dropLast(2)), "x.y.z", "\(token)x", "sst_\(token)", "sst_x"] {
      #expect(await world.ask(bearer: bad).status == 401)
    }
    #expect(await world.ask(fields: [HTTPField("Cookie", "__Host-sesame=\(token)")]).status == 401)
    world.clock.advance(by: .minutes(10))
    #expect(await world.ask(bearer: token).status == 401, "its own time is over")
    let late = String(decoding: world.signedTokens.token(for: session, now: world.clock.now()), as: UTF8.self)
    #expect(await world.ask(bearer: late).status == 200)
    _ = try await world.sessions.close(session.id, reason: .logout, by: Actor(.user))
    #expect(await world.ask(bearer: late).status == 401, "the session has ended")
    let other = try await ForwardAuthWorld()
    let (plain, _) = try await other.open("ann")
    let unwanted = String(decoding: other.signedTokens.token(for: plain, now: other.clock.now()), as: UTF8.self)
    #expect(await other.ask(bearer: unwanted).status == 401, "a gateway that takes none")
  }
}
