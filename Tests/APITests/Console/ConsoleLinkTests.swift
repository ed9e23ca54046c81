import Accounts
import HTTPMessages
import HTTPTesting
import JSON
import SessionCore
import SessionTesting
import Testing

/// Links that log an administrator in once.
@Suite struct ConsoleLinkTests {
  /// Makes a link, and answers its code.
  private func code(_ console: ConsoleWorld, _ body: String = "{}") async throws -> String {
    let made = await console.world.send(.post, "/console/api/links", body, peer: .unixSocket)
    try #require(made.status == 201, "\(made.text)")
    let url = try #require(made["urls"]?.elements.first?.string)
    try #require(url.hasPrefix("http://127.0.0.1:8080/console#link="))
    return String(try #require(url.split(separator: "=").last))
  }

  private func open(_ console: ConsoleWorld, _ code: String) async -> Answer {
    await console.world.send(
      .post, "/console/api/login/link", #"{"code":"\#(code)"}"#, fields: [ConsoleWorld.ownPage])
  }

  @Test("a link logs the first administrator in, once")
  func once() async throws {
    let console = try await ConsoleWorld()
    let code = try await code(console)
    let visitor = try console.visitor(await open(console, code))
    let own = await console.send(visitor, .get, "/session")
    #expect(own["account"]?.integer == 1)
    let again = await open(console, code)
    #expect(again.status == 401 && again.cookie == nil)
  }

  @Test("of a hundred who open one link at once, one is let in")
  func race() async throws {
    let console = try await ConsoleWorld()
    let code = try await code(console)
    let statuses = await withTaskGroup(of: Int.self) { group in
      for _ in 0..<100 { group.addTask { await open(console, code).status } }
      return await group.reduce(into: [Int]()) { $0.append($1) }
    }
    #expect(statuses.count { $0 == 201 } == 1)
    #expect(statuses.count { $0 == 401 } == 99)
  }

  @Test("a link is over after five minutes, and when its account is lowered")
  func over() async throws {
    let console = try await ConsoleWorld()
    let late = try await code(console)
    let lowered = try await code(console)
    #expect(await console.world.send(.patch, "/v2/accounts/1", #"{"level":"T"}"#).status == 200)
    #expect(await open(console, lowered).status == 401)
    #expect(await console.world.send(.patch, "/v2/accounts/1", #"{"level":"A"}"#).status == 200)
    console.world.clock.advance(by: .minutes(5))
    #expect(await open(console, late).status == 401)
  }

  @Test("a link may be another administrator's, and nobody else's")
  func whose() async throws {
    let console = try await ConsoleWorld()
    let code = try await code(console, #"{"email":"second@example.org"}"#)
    let visitor = try console.visitor(await open(console, code))
    #expect(await console.send(visitor, .get, "/session")["account"]?.integer == 3)
    for email in ["ann@example.org", "nobody@example.org"] {
      let refused = await console.world.send(
        .post, "/console/api/links", #"{"email":"\#(email)"}"#, peer: .unixSocket)
      #expect(refused.status == 404)
    }
    let malformed = await console.world.send(.post, "/console/api/links", #"{"email":"x"}"#, peer: .unixSocket)
    #expect(malformed.status == 400)
  }

  @Test("links are made through the administration socket itself alone")
  func socket() async throws {
    let console = try await ConsoleWorld()
    let key = try await console.world.key(.admin)
    let forwarded = [HTTPField("X-Forwarded-For", "192.0.2.1")]
    #expect(await console.world.send(.post, "/console/api/links", "{}").status == 403)
    #expect(await console.world.send(.post, "/console/api/links", "{}", bearer: key).status == 403)
    let passed = await console.world.send(.post, "/console/api/links", "{}", fields: forwarded, peer: .unixSocket)
    #expect(passed.status == 403)
  }

  @Test("a code that is none is refused, whatever it is", arguments: ["", "x", String(repeating: "A", count: 43)])
  func malformed(code: String) async throws {
    let console = try await ConsoleWorld()
    _ = try await self.code(console)
    #expect([400, 401].contains(await open(console, code).status))
  }

  @Test("a page of another origin can't even use a link up")
  func foreign() async throws {
    let console = try await ConsoleWorld()
    let code = try await code(console)
    let refused = await console.world.send(
      .post, "/console/api/login/link", #"{"code":"\#(code)"}"#,
      fields: [HTTPField("Origin", "https://elsewhere.example")])
    #expect(refused.status == 403)
    #expect(await open(console, code).status == 201)
  }
}
