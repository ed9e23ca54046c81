import HTTPMessages
import JSON
import SessionCore
import SessionTesting
import Testing

@Suite struct SessionsV1Tests {
  private func call(
    _ world: APIWorld, _ operation: String, _ body: String?, prefix: String = "/v1/sessions", isSlow: Bool = false
  ) async -> Answer {
    await world.send(.post, "\(prefix)/\(operation)", body, isSlow: isSlow)
  }

  private func open(_ world: APIWorld, _ more: String = "") async throws -> String {
    let answer = await call(world, "open_session", #"{"user_id":"1","user_name":"User 1"\#(more)}"#)
    return try #require(answer["id"]?.string)
  }

  @Test("a session may be named by a UUID of its bits, as those are that were imported")
  func uuids() async throws {
    let world = try await APIWorld(.memory)
    let id = try await open(world)
    let known = try #require(SessionID(id))
    let digits = String(known.high, radix: 16).leftPadded(to: 16) + String(known.low, radix: 16).leftPadded(to: 16)
    let cuts = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32]
    let uuid = cuts.map { String(Array(digits)[$0]) }.joined(separator: "-")
    for name in [digits, uuid, uuid.uppercased()] {
      let answer = await call(world, "get_session_by_id", #"{"session_id":"\#(name)"}"#)
      #expect(answer["id"]?.string == id)
      let page = await call(world, "get_sessions", #"{"filter":{"id":"\#(name)"}}"#)
      #expect(page["data"]?.elements.first?["id"]?.string == id)
    }
    #expect(await call(world, "get_session_by_id", #"{"session_id":"\#(digits.dropLast())"}"#).status == 204)
  }

  @Test("a session's whole life, as a client of the original drives it", arguments: StoreKind.allCases)
  func life(kind: StoreKind) async throws {
    for prefix in ["/sessions", "/v1/sessions"] {
      let world = try await APIWorld(kind)
      func call(_ operation: String, _ body: String) async -> Answer {
        await self.call(world, operation, body, prefix: prefix)
      }
      let opened = await call(
        "open_session",
        #"{"user_id":"1","user_name":"User 1","address":"localhost","client":"test","user":{"n":1},"data":"abc"}"#)
      #expect(opened.status == 200)
      let id = try #require(opened["id"]?.string)
      let expected = #"""
        {"id":"\#(id)","user_id":"1","user_name":"User 1","active":true,"open_time":"2027-01-15T08:00:00.123Z",
        "request_time":"2027-01-15T08:00:00.123Z","close_time":null,"address":"localhost","client":"test",
        "user":{"n":1},"data":"abc"}
        """#
      #expect(opened.text == expected.replacing("\n", with: ""))
      #expect(await call("get_session_by_id", #"{"session_id":"\#(id)"}"#).text == opened.text)
      #expect(await call("get_session_by_id", #"{"session_id":"\#(id)","data":{}}"#).text == opened.text)
      world.clock.advance(by: .seconds(1))
      let stored = await call("store_session_data", #"{"session_id":"\#(id)","data":{"a":[1]}}"#)
      #expect(stored["data"]?.text.description == #"{"a":[1]}"#)
      #expect(stored["user"]?.text.description == #"{"n":1}"#)
      #expect(stored["request_time"]?.string == "2027-01-15T08:00:01.123Z")
      world.clock.advance(by: .seconds(1))
      let updated = await call("update_session_user", #"{"session_id":"\#(id)","user":null}"#)
      #expect(updated["user"]?.isNull == true && updated["data"]?["a"] != nil)
      #expect(updated["request_time"]?.string == "2027-01-15T08:00:02.123Z")
      let page = await call("get_sessions", "{}")
      #expect(page["total"]?.isNull == true)
      let row = try #require(page["data"]?.elements.first)
      #expect(row["id"]?.string == id && row["user"] == nil && row["data"] == nil)
      world.clock.advance(by: .seconds(1))
      let closed = await call("close_session", #"{"session_id":"\#(id)"}"#)
      #expect(closed["active"]?.boolean == false)
      #expect(closed["close_time"]?.string == "2027-01-15T08:00:03.123Z")
      #expect(closed["request_time"]?.string == "2027-01-15T08:00:02.123Z")
      #expect(closed["user"]?.isNull == true && closed["data"]?.isNull == true)
      #expect(await call("close_session", #"{"session_id":"\#(id)"}"#).text == closed.text)
      #expect(await call("get_session_by_id", #"{"session_id":"\#(id)"}"#).text == closed.text)
      #expect(await call("delete_session_by_id", #"{"session_id":"\#(id)"}"#).text == closed.text)
      let gone = await call("get_session_by_id", #"{"session_id":"\#(id)"}"#)
      #expect(gone.status == 204 && gone.response.body.isEmpty)
    }
  }

  @Test("what is asked of a session that is not there has an empty answer", arguments: StoreKind.allCases)
  func missing(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    for id in ["00000000000000000000000000", "x", "", "'; DROP TABLE sessions; --", "\\u0001"] {
      for (operation, more) in [
        ("get_session_by_id", ""), ("store_session_data", #","data":1"#), ("update_session_user", #","user":1"#),
        ("close_session", ""), ("delete_session_by_id", ""),
      ] {
        let answer = await call(world, operation, #"{"session_id":"\#(id)"\#(more)}"#)
        #expect(answer.status == 204 && answer.response.body.isEmpty, "\(operation) \(id)")
      }
      let page = await call(world, "get_sessions", #"{"filter":{"id":"\#(id)"},"paging":{"total":true}}"#)
      #expect(page.text == #"{"data":[],"total":0}"#)
    }
  }

  @Test(
    "a parameter that is missing or mistyped is INVALID_DATA, and details names it",
    arguments: [
      ("get_session_by_id", "{}", "session_id"), ("get_session_by_id", #"{"session_id":7}"#, "session_id"),
      ("get_session_by_id", #"{"session_id":null}"#, "session_id"),
      ("get_session_by_id", #"{"session_id":"\u0000"}"#, "session_id"), ("close_session", "{}", "session_id"),
      ("delete_session_by_id", "{}", "session_id"), ("store_session_data", #"{"session_id":"x"}"#, "data"),
      ("store_session_data", #"{"data":1}"#, "session_id"), ("update_session_user", #"{"session_id":"x"}"#, "user"),
      ("open_session", "{}", "user_id"), ("open_session", #"{"user_id":""}"#, "user_id"),
      ("open_session", #"{"user_id":7}"#, "user_id"), ("open_session", #"{"user_id":"u","address":{}}"#, "address"),
      ("open_session", #"{"user_id":"u","user_name":"\u0000"}"#, "user_name"),
      ("get_sessions", #"{"filter":7}"#, "filter"), ("get_sessions", #"{"paging":[]}"#, "paging"),
      ("get_sessions", #"{"filter":{"active":"maybe"}}"#, "filter.active"),
      ("get_sessions", #"{"filter":{"user_id":{}}}"#, "filter.user_id"),
      ("get_sessions", #"{"filter":{"from_time":"soon"}}"#, "filter.from_time"),
      ("get_sessions", #"{"filter":{"to_time":1.5}}"#, "filter.to_time"),
      ("get_sessions", #"{"paging":{"skip":"x"}}"#, "paging.skip"),
      ("get_sessions", #"{"paging":{"skip":"+1"}}"#, "paging.skip"),
      ("get_sessions", #"{"paging":{"take":1.5}}"#, "paging.take"),
      ("get_sessions", #"{"paging":{"skip":1e300}}"#, "paging.skip"),
      ("get_sessions", #"{"paging":{"total":"perhaps"}}"#, "paging.total"),
    ])
  func invalid(operation: String, body: String, member: String) async throws {
    let world = try await APIWorld()
    let answer = await call(world, operation, body)
    #expect(answer.status == 400)
    #expect(answer.field("content-type") == "application/json")
    #expect(answer["type"]?.string == "BadRequestException")
    #expect(answer["category"]?.string == "BadRequest")
    #expect(answer["status"]?.integer == 400)
    #expect(answer.code == "INVALID_DATA")
    #expect(answer["message"]?.string?.isEmpty == false)
    #expect(answer["details"]?.member(member)?.string != nil)
    #expect(answer["cause"]?.isNull == true && answer["stack_trace"]?.isNull == true)
  }

  @Test("errors come in the protocol's own shape, whatever goes wrong")
  func shapes() async throws {
    let world = try await APIWorld { $0.liveLimit = LiveSessionLimit(maximum: 1, overflow: .deny) }
    let id = try await open(world)
    let far = HTTPPeer.network(address: "198.51.100.1", port: 1)
    let text = HTTPField("Content-Type", "text/plain")
    let answers: [(Answer, Int, String, String)] = [
      (await world.send(.post, "/sessions/nothing", "{}"), 404, "NotFound", "NOT_FOUND"),
      (await world.send(.get, "/v1/sessions"), 404, "NotFound", "NOT_FOUND"),
      (await world.send(.get, "/sessions/get_sessions"), 405, "BadRequest", "METHOD_NOT_ALLOWED"),
      (
        await world.send(.post, "/sessions/get_sessions", "{}", fields: [text]), 415, "BadRequest",
        "UNSUPPORTED_MEDIA_TYPE"
      ),
      (await world.send(.post, "/sessions/get_sessions", "{"), 400, "BadRequest", "MALFORMED_JSON"),
      (await world.send(.post, "/sessions/get_sessions", "{}", peer: far), 401, "Unauthorized", "UNAUTHORIZED"),
      (
        await world.send(.post, "/sessions/get_sessions", "{}", fields: [HTTPField("Origin", "null")]), 403,
        "Unauthorized", "PAGE_REFUSED"
      ),
      (await call(world, "open_session", #"{"user_id":"1"}"#), 409, "Conflict", "SESSION_LIMIT_REACHED"),
    ]
    for (answer, status, category, code) in answers {
      #expect(answer.status == status && answer["status"]?.integer == Int64(status))
      #expect(answer["category"]?.string == category && answer.code == code)
      #expect(answer["correlation_id"]?.string == answer.field("x-request-id"))
    }
    world.failure.set(.unavailable)
    let down = await call(world, "close_session", #"{"session_id":"\#(id)"}"#)
    #expect(down.status == 503 && down["category"]?.string == "NoResponse" && down.field("retry-after") == "1")
  }

  @Test("the correlation id is echoed from the query, else from the header")
  func correlation() async throws {
    let world = try await APIWorld()
    func echoed(_ target: String, _ header: String?) async -> String? {
      await world.send(.post, target, "{}", fields: header.map { [HTTPField("correlation_id", $0)] } ?? [])[
        "correlation_id"]?
        .string
    }
    let path = "/v1/sessions/close_session"
    #expect(await echoed("\(path)?correlation_id=a%20b%22", "h") == "a b\"")
    #expect(await echoed("\(path)?x=1&correlation_id=c+d&correlation_id=e", nil) == "c d")
    #expect(await echoed(path, "h") == "h")
    #expect(await echoed("\(path)?correlation_id=", "h") == "h")
    #expect(await echoed("\(path)?correlation_id=%ff", "h") == "h")
    #expect(await echoed("\(path)?correlation_id=\(String(repeating: "x", count: 257))", nil)?.utf8.count == 32)
  }

  @Test("an expired session reads as ended at once, everywhere", arguments: StoreKind.allCases)
  func expired(kind: StoreKind) async throws {
    let world = try await APIWorld(kind) { $0.idleTimeout = .seconds(60) }
    let id = try await open(world, #","data":1,"user":2"#)
    world.clock.advance(by: .seconds(60))
    let seen = await call(world, "get_session_by_id", #"{"session_id":"\#(id)"}"#)
    #expect(seen["active"]?.boolean == false)
    #expect(seen["close_time"]?.string == "2027-01-15T08:01:00.123Z")
    #expect(seen["data"]?.isNull == true && seen["user"]?.isNull == true)
    for (active, count) in [("true", 0), ("false", 1)] {
      let page = await call(world, "get_sessions", #"{"filter":{"active":"\#(active)"},"paging":{"total":true}}"#)
      #expect(page["total"]?.integer == Int64(count) && page["data"]?.count == count)
    }
    for (operation, member) in [("store_session_data", "data"), ("update_session_user", "user")] {
      let answer = await call(world, operation, #"{"session_id":"\#(id)","\#(member)":1}"#)
      #expect(answer.status == 409 && answer.code == "SESSION_CLOSED")
    }
    #expect(await call(world, "close_session", #"{"session_id":"\#(id)"}"#).text == seen.text)
  }

  @Test("close_expired_sessions closes what has expired, with or without a body", arguments: StoreKind.allCases)
  func reap(kind: StoreKind) async throws {
    let world = try await APIWorld(kind) { $0.idleTimeout = .seconds(60) }
    _ = try await open(world)
    world.clock.advance(by: .seconds(60))
    let live = try await open(world)
    for body in ["{}", nil, #"{"x":1}"#] {
      let answer = await call(world, "close_expired_sessions", body)
      #expect(answer.status == 204 && answer.response.body.isEmpty)
    }
    #expect(world.calls.count(.reap) == 3)
    #expect(await call(world, "get_session_by_id", #"{"session_id":"\#(live)"}"#)["active"]?.boolean == true)
  }

  @Test("reading does not count as a request, and answers at once from the cache", arguments: StoreKind.allCases)
  func reading(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    let (id, token) = try await world.open("u1", #""data":{"a":1}"#)
    world.clock.advance(by: .seconds(5))
    _ = await world.send(.get, "/v2/session", bearer: token)
    world.clock.advance(by: .seconds(5))
    let body = #"{"session_id":"\#(id)"}"#
    let fast = await call(world, "get_session_by_id", body)
    let slow = await call(world, "get_session_by_id", body, isSlow: true)
    #expect(fast.wasAtOnce && !slow.wasAtOnce)
    #expect(fast.text == slow.text)
    #expect(fast["request_time"]?.string == "2027-01-15T08:00:05.123Z")
    #expect(await call(world, "get_session_by_id", body, prefix: "/sessions").wasAtOnce)
    // Where the lifetime cuts the idle time short, the request time can't be told from the deadline.
    let short = try await world.open("u1", #""lifetime":60"#)
    let answer = await call(world, "get_session_by_id", #"{"session_id":"\#(short.id)"}"#)
    #expect(!answer.wasAtOnce && answer["active"]?.boolean == true)
  }

  @Test("pages hold at most 100, skip what they are told, and no number is too large")
  func paging() async throws {
    let world = try await APIWorld()
    for _ in 0..<105 { _ = try await open(world) }
    func page(_ paging: String) async -> (count: Int?, total: Int64?) {
      let answer = await call(world, "get_sessions", #"{"paging":{\#(paging)}}"#)
      return (answer["data"]?.count, answer["total"]?.integer)
    }
    for (paging, count, total) in [
      ("", 100, nil), (#""take":500,"total":true"#, 100, 105), (#""skip":"100""#, 5, nil), (#""skip":100.0"#, 5, nil),
      (#""take":"7","total":"1""#, 7, 105), (#""take":0,"total":"YES""#, 0, 105), (#""take":-5"#, 0, nil),
      (#""skip":-5,"take":3,"total":0"#, 3, nil), (#""skip":105"#, 0, nil), (#""skip":9223372036854775807"#, 0, nil),
      (#""skip":"9223372036854775807","take":9223372036854775807"#, 0, nil), (#""skip":null,"take":null"#, 100, nil),
    ] as [(String, Int, Int64?)] {
      let found = await page(paging)
      #expect(found.count == count && found.total == total, "\(paging)")
    }
    #expect(await call(world, "get_sessions", #"{"filter":null,"paging":null}"#)["data"]?.count == 100)
    #expect(await call(world, "get_sessions", nil)["data"]?.count == 100)
  }

  @Test("from_time is inclusive, to_time is not, and times come in every form that clients send")
  func times() async throws {
    let world = try await APIWorld()
    _ = try await open(world)
    let at = world.clock.now().milliseconds
    func count(_ filter: String) async -> Int? {
      await call(world, "get_sessions", #"{"filter":{\#(filter)}}"#)["data"]?.count
    }
    for (filter, found) in [
      (#""from_time":\#(at)"#, 1), (#""from_time":\#(at + 1)"#, 0), (#""to_time":\#(at)"#, 0),
      (#""to_time":\#(at + 1)"#, 1),
      (#""from_time":"2027-01-15T08:00:00.123Z""#, 1), (#""from_time":"2027-01-15T08:00:00.124""#, 0),
      (#""from_time":"2027-01-15T09:00:00.123+01:00""#, 1), (#""from_time":"2027-01-15""#, 1),
      (#""to_time":"2027-01-15""#, 0), (#""from_time":null,"to_time":null"#, 1), (#""unknown":{}"#, 1),
    ] {
      #expect(await count(filter) == found, "\(filter)")
    }
  }

  @Test("the heartbeat tells the time, the status since when the service runs")
  func health() async throws {
    let world = try await APIWorld()
    world.clock.advance(by: .seconds(90))
    let far = HTTPPeer.network(address: "198.51.100.1", port: 1)
    let beat = await world.send(.get, "/heartbeat", host: HTTPField("Host", "any.example"), peer: far)
    #expect(beat.text == #""2027-01-15T08:01:30.123Z""#)
    let status = await world.send(.get, "/status")
    #expect(status["uptime"]?.integer == 90_000)
    #expect(status["start_time"]?.string == "2027-01-15T08:00:00.123Z")
  }

  @Test("a session of one interface is the same in the other", arguments: StoreKind.allCases)
  func same(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    let id = try await open(world)
    #expect(await world.send(.get, "/v2/sessions/\(id)")["user_id"]?.string == "1")
    let (other, token) = try await world.open("u2")
    #expect(await call(world, "close_session", #"{"session_id":"\#(other)"}"#)["active"]?.boolean == false)
    #expect(await world.send(.get, "/v2/session", bearer: token).status == 401)
  }

  @Test("writers of data and user lose nothing of each other", arguments: StoreKind.allCases)
  func writers(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    let id = try await open(world)
    await withTaskGroup(of: Void.self) { group in
      for (operation, member) in [("store_session_data", "data"), ("update_session_user", "user")] {
        group.addTask {
          for value in 1...200 {
            let answer = await call(world, operation, #"{"session_id":"\#(id)","\#(member)":\#(value)}"#)
            if answer.status != 200 { Issue.record("\(operation) was answered \(answer.status)") }
          }
        }
      }
    }
    let answer = await call(world, "get_session_by_id", #"{"session_id":"\#(id)"}"#)
    #expect(answer["data"]?.integer == 200 && answer["user"]?.integer == 200)
    #expect(await world.send(.get, "/v2/sessions/\(id)")["revision"]?.integer == 401)
  }
}

extension String {
  fileprivate func leftPadded(to count: Int) -> String { String(repeating: "0", count: count - self.count) + self }
}
