import Accounts
import HTTPMessages
import JSON
import SessionCore
import SessionModel
import SessionTesting
import Testing

@Suite struct SessionModelRouteTests {
  private func isShaped(_ answer: Answer, _ name: String) -> Bool {
    answer.field("content-type") == "application/json" && answer["error"]?.string == name
      && answer["status"]?.integer == Int64(answer.status) && answer["message"]?.string?.isEmpty == false
      && answer.code != nil && answer["request_id"]?.string == answer.field("x-request-id")
  }

  @Test("a body that is missing, mistyped or has members of no meaning is BadRequest")
  func malformed() async throws {
    let world = try await SessionModelWorld()
    let whole = [
      "create": #""unique_identifier":"u","user_agent":"a""#,
      "find": #""sid":"s","unique_identifier":"u","user_agent":"a","cookie":"c""#,
      "update": #""sid":"s","unique_identifier":"u""#,
    ]
    for (operation, members) in whole {
      var bodies = [
        "{}", "[]", "null", "7", "{", #""x""#, "{\(members),\"other\":1}", "{\(members),\"status\":7}",
        "{\(members),\"type\":{\"$ne\":null}}", "{\(members),\"status\":[]}",
      ]
      let parts = members.split(separator: ",")
      for index in parts.indices {
        var rest = parts
        let part = rest.remove(at: index)
        bodies.append("{\(rest.joined(separator: ","))}")
        let name = part.split(separator: ":")[0]
        for value in ["null", "7", "{\"$ne\":\"\"}", "[\"u\"]", "true", "\"\\u0000\""] {
          bodies.append("{\((rest + ["\(name):\(value)"]).joined(separator: ","))}")
        }
      }
      for body in bodies {
        let answer = await world.api.send(.post, "/session_model/\(operation)", body)
        #expect(answer.status == 400 && isShaped(answer, "BadRequest"), "\(operation) \(body)")
      }
      let empty = await world.api.send(.post, "/session_model/\(operation)", nil)
      #expect(empty.status == 400 && isShaped(empty, "BadRequest"))
    }
  }

  @Test("errors come in the protocol's own shape, whatever goes wrong")
  func shapes() async throws {
    let world = try await SessionModelWorld { $0.liveLimit = LiveSessionLimit(maximum: 1, overflow: .deny) }
    let created = try await world.create()
    let body = #"{"sid":"\#(created.sid)","unique_identifier":"u2"}"#
    let far = HTTPPeer.network(address: "198.51.100.1", port: 1)
    let path = "/session_model/update"
    let text = HTTPField("Content-Type", "text/plain")
    for (answer, status, name) in [
      (await world.api.send(.post, path, body), 401, "Unauthorized"),
      (await world.api.send(.post, path, body, peer: far), 401, "Unauthorized"),
      (await world.api.send(.post, path, body, fields: [HTTPField("Origin", "null")]), 403, "Forbidden"),
      (await world.api.send(.post, "/session_model/nothing", body), 404, "NotFound"),
      (await world.api.send(.post, "/session_model", body), 404, "NotFound"),
      (await world.api.send(.get, path), 405, "MethodNotAllowed"),
      (await world.api.send(.post, path, body, fields: [text]), 415, "UnsupportedMediaType"),
      (
        await world.api.send(.post, "/session_model/create", #"{"unique_identifier":"u1","user_agent":"a"}"#), 409,
        "Conflict"
      ),
    ] {
      #expect(answer.status == status && isShaped(answer, name), "\(answer.text)")
    }
    world.api.failure.set(.unavailable)
    let down = await world.api.send(.post, "/session_model/create", #"{"unique_identifier":"u9","user_agent":"a"}"#)
    #expect(down.status == 500 && isShaped(down, "InternalServerError") && down.field("retry-after") == "1")
    #expect(!down.text.contains("secret inner text"))
  }

  @Test("unknown, foreign, expired and closed sessions and wrong cookies look the same", arguments: StoreKind.allCases)
  func sameOutside(kind: StoreKind) async throws {
    let world = try await SessionModelWorld(kind, lifetime: .hours(1))
    let expired = try await world.create()
    world.api.clock.advance(by: .minutes(30))
    let closed = try await world.create()
    _ = await world.api.send(.post, "/v2/sessions/\(closed.sid)/close", "{}")
    let live = try await world.create()
    world.api.clock.advance(by: .minutes(30))
    var answers: Set<String> = []
    for (sid, cookie) in [
      (expired.sid, expired.data), (closed.sid, closed.data), (live.sid, closed.data), (live.sid, "x"),
      ("00000000000000000000000000", live.data), ("x", ""),
    ] {
      let answer = await world.post(
        "find", [("sid", sid), ("unique_identifier", "u1"), ("user_agent", "agent/1"), ("cookie", cookie)])
      #expect(answer.status == 401 && answer.field("www-authenticate") == "Session-Model")
      let id = try #require(answer["request_id"]?.string)
      answers.insert(answer.text.replacing(id, with: ""))
    }
    for sid in [expired.sid, closed.sid, "00000000000000000000000000", "x"] {
      let answer = await world.post("update", [("sid", sid), ("unique_identifier", "u1")])
      answers.insert(answer.text.replacing(try #require(answer["request_id"]?.string), with: ""))
    }
    #expect(answers.count == 1)
    #expect(try await world.find(live.found) == "u1")
  }

  @Test("create and update need sessions:write, find sessions:read")
  func scopes() async throws {
    let world = try await SessionModelWorld()
    let created = try await world.create()
    let far = HTTPPeer.network(address: "198.51.100.1", port: 1)
    let read = try await world.api.key(.sessionsRead)
    let write = try await world.api.key(.sessionsWrite)
    for (operation, allowed, refused) in [("create", write, read), ("find", read, write), ("update", write, read)] {
      let path = "/session_model/\(operation)"
      #expect(await world.api.send(.post, path, "{}", bearer: allowed, peer: far).status == 400)
      for (key, status) in [(refused, 403), (created.token ?? "", 401), ("ssk_unknown", 401)] {
        let answer = await world.api.send(.post, path, "{}", bearer: key, peer: far)
        #expect(answer.status == status && isShaped(answer, status == 403 ? "Forbidden" : "Unauthorized"))
      }
    }
  }

  @Test("one session in every interface: listed, verified, renewed and closed", arguments: StoreKind.allCases)
  func oneSession(kind: StoreKind) async throws {
    let world = try await SessionModelWorld(kind)
    let created = try await world.create(status: "s", type: "t")
    let shown = await world.api.send(.get, "/v2/sessions/\(created.sid)")
    #expect(shown["user_id"]?.string == "u1" && shown["kind"]?.string == "t" && shown["status"]?.string == "s")
    #expect(shown["user_agent"]?.string == "agent/1" && shown["user"]?.isNull != false)
    let listed = await world.api.send(.post, "/v1/sessions/get_sessions", #"{"filter":{"user_id":"u1"}}"#)
    #expect(listed["data"]?.elements.first?["id"]?.string == created.sid)
    let token = try #require(created.token)
    for list in [listed, shown, await world.api.send(.get, "/v2/sessions")] { #expect(!list.text.contains(token)) }
    #expect(await world.api.send(.get, "/v2/session", bearer: token).status == 200)
    var by = created.found
    by.status = "s"
    let renewed = await world.api.send(.post, "/v2/session/renew", bearer: token)
    #expect(renewed.status == 200)
    #expect(await world.failure { try await world.find(by) } == 401)
    by.cookie = try await world.update(created.sid, status: "s", type: "t").data
    #expect(try await world.find(by) == "u1")
    _ = await world.api.send(.post, "/v1/sessions/close_session", #"{"session_id":"\#(created.sid)"}"#)
    #expect(await world.failure { try await world.find(by) } == 401)
    #expect(await world.failure { try await world.update(created.sid, type: "t") } == 401)
  }

  @Test("a session of another interface gets its cookie by an update", arguments: StoreKind.allCases)
  func foreignSession(kind: StoreKind) async throws {
    let world = try await SessionModelWorld(kind)
    let (id, token) = try await world.api.open("u1", #""user_agent":"agent/1","kind":"t""#)
    let updated = try await world.update(id, type: "t")
    #expect(try await world.find(updated.found) == "u1")
    #expect(await world.api.send(.get, "/v2/session", bearer: token).status == 401)
    #expect(await world.api.send(.get, "/v2/session", bearer: updated.token).status == 200)
  }

  @Test("what is issued prints without its cookie")
  func printing() async throws {
    let world = try await SessionModelWorld()
    let issued = try await world.model.create(uniqueIdentifier: "u1", userAgent: "a")
    var dumped = ""
    dump(issued, to: &dumped)
    for text in [dumped, "\(issued)", String(reflecting: issued)] {
      #expect(text.contains(issued.sid) && !text.contains("sst_"))
    }
  }
}
