import Accounts
import Console
import HTTPMessages
import HTTPTesting
import JSON
import SessionCore
import SessionTesting
import Testing

/// The pages themselves, and what they are told.
@Suite struct ConsolePageTests {
  @Test(
    "the pages come with a policy that lets nothing in but this server's own files",
    arguments: ["/console", "/account"])
  func policy(path: String) async throws {
    let console = try await ConsoleWorld()
    let answer = await console.world.send(.get, path)
    #expect(answer.status == 200)
    #expect(answer.field("content-type") == "text/html; charset=utf-8")
    let policy = try #require(answer.field("content-security-policy"))
    for rule in [
      "default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "frame-ancestors 'none'",
      "base-uri 'none'", "form-action 'self'", "require-trusted-types-for 'script'",
    ] {
      #expect(policy.split(separator: "; ").contains { $0 == rule }, "\(rule)")
    }
    #expect(!policy.contains("unsafe"))
  }

  @Test("every file that a page or a module names is there, and none makes markup of text")
  func files() async throws {
    let console = try await ConsoleWorld()
    var waiting = ["/console", "/account"]
    var seen: Set<String> = []
    while let path = waiting.popLast() {
      guard seen.insert(path).inserted else { continue }
      let answer = await console.world.send(.get, path)
      #expect(answer.status == 200, "\(path)")
      for word in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "style=\"", "onclick="] {
        #expect(!answer.text.contains(word), "\(path) has \(word)")
      }
      for piece in answer.text.split(separator: "\"") {
        if piece.hasPrefix("/console/"), piece.contains("."), !piece.contains("api") { waiting.append(String(piece)) }
        if piece.hasPrefix("./"), piece.hasSuffix(".js") { waiting.append("/console/\(piece.dropFirst(2))") }
      }
    }
    #expect(seen.count >= 16, "\(seen.sorted())")
    #expect(await console.world.send(.get, "/console/nothing.js").status == 404)
    #expect(await console.world.send(.get, "/console/%2e%2e").status == 404)
  }

  @Test("a browser that has a file is told so")
  func cached() async throws {
    let console = try await ConsoleWorld()
    let answer = await console.world.send(.get, "/console/dom.js")
    #expect(answer.field("content-type") == "text/javascript; charset=utf-8")
    #expect(answer.field("cache-control") == "no-cache")
    let tag = try #require(answer.field("etag"))
    let again = await console.world.send(.get, "/console/dom.js", fields: [HTTPField("If-None-Match", tag)])
    #expect(again.status == 304 && again.response.body.isEmpty)
  }

  @Test("sessions are filtered, counted and closed as /v2 does it")
  func closing() async throws {
    let console = try await ConsoleWorld()
    let visitor = try await console.logIn()
    for client in ["one", "one", "two"] { _ = try await console.world.open("u1", #""client":"\#(client)""#) }
    let path = "/sessions/close"
    let counted = await console.send(visitor, .post, path, #"{"filter":{"client":"one"},"dry_run":true}"#)
    #expect(counted["count"]?.integer == 2)
    #expect(await console.send(visitor, .get, "/sessions?state=open&user_id=u1")["sessions"]?.elements.count == 3)
    #expect(await console.send(visitor, .post, path, #"{"filter":{"client":"one"}}"#)["count"]?.integer == 2)
    #expect(await console.send(visitor, .get, "/sessions?state=open&user_id=u1")["sessions"]?.elements.count == 1)
    #expect(await console.send(visitor, .post, path, #"{"filter":{}}"#).status == 400)
  }

  @Test("no route of the console hands out a session's token")
  func tokens() async throws {
    let console = try await ConsoleWorld()
    let visitor = try await console.logIn()
    #expect(await console.send(visitor, .post, "/sessions", #"{"user_id":"u1"}"#).status == 405)
    #expect(await console.send(visitor, .post, "/verify", #"{"token":"x"}"#).status == 404)
  }

  @Test("a session's timeline has its own entries, oldest first")
  func timeline() async throws {
    let console = try await ConsoleWorld()
    let visitor = try await console.logIn()
    let (id, _) = try await console.world.open("u1")
    _ = try await console.world.open("u1")
    #expect(await console.world.send(.patch, "/v2/sessions/\(id)", #"{"status":"x"}"#).status == 200)
    #expect(await console.world.send(.post, "/v2/sessions/\(id)/close", "{}").status == 200)
    let answer = await console.send(visitor, .get, "/sessions/\(id)/events")
    let types = answer["events"]?.elements.map { $0["type"]?.string }
    #expect(types == ["session.opened", "session.changed", "session.closed"])
    #expect(answer["complete"]?.boolean == true)
    for missing in ["x", String(repeating: "0", count: 26)] {
      #expect(await console.send(visitor, .get, "/sessions/\(missing)/events").status == 404)
    }
  }

  @Test("the overview says how the node stands, and the history what came since the one that is known")
  func overview() async throws {
    let console = try await ConsoleWorld()
    let visitor = try await console.logIn()
    let empty = await console.send(visitor, .get, "/overview")
    #expect(empty.status == 200 && empty["live"] == nil)
    for number in 0...3 {
      var sample = Sample(at: console.world.clock.now())
      sample.live = 10 + number
      sample.opened = UInt64(2 * number)
      console.history.take(sample)
      console.world.clock.advance(by: .seconds(5))
    }
    #expect(await console.send(visitor, .get, "/overview")["live"]?.integer == 13)
    let history = await console.send(visitor, .get, "/history?span=hour&after=1")
    #expect(history["newest"]?.integer == 3)
    #expect(history["intervals"]?.elements.map { $0.elements[3].integer } == [2, 2])
    for query in ["span=week", "after=-1", "after=x"] {
      #expect(await console.send(visitor, .get, "/history?\(query)").status == 400)
    }
  }
}
