import Cryptography
import HTTPMessages
import JSON
import SessionCore
import SessionModel
import SessionTesting
import Testing

@Suite struct SessionModelTests {
  @Test(
    "a session's whole life, as a client of the original drives it", arguments: StoreKind.allCases,
    SessionModelWay.allCases)
  func life(kind: StoreKind, way: SessionModelWay) async throws {
    let world = try await SessionModelWorld(kind, way)
    let created = try await world.create(status: "new", type: "signup")
    #expect(created.uid == "u1" && created.type == "signup")
    let token = try #require(created.token)
    #expect(
      created.data
        == #"{"maxAge":7200000,"expires":"2027-01-15 10:00:00.123000","secure":true,"httpOnly":true,"#
        + #""sameSite":"lax","token":"\#(token)"}"#)
    var by = created.found
    by.status = "new"
    #expect(try await world.find(by) == "u1")
    world.api.clock.advance(by: .minutes(30))
    let updated = try await world.update(created.sid, status: "verified", type: "signup")
    #expect(updated.sid == created.sid && updated.uid == "u1" && updated.type == "signup")
    #expect(updated.cookie?["expires"]?.string == "2027-01-15 10:30:00.123000")
    #expect(updated.data != created.data && updated.token != token)
    #expect(await world.failure { try await world.find(by) } == 401)
    by = updated.found
    #expect(await world.failure { try await world.find(by) } == 401)
    by.status = "verified"
    #expect(try await world.find(by) == "u1")
  }

  @Test(
    "find matches every parameter by its bytes, and a missing status or type only nothing",
    arguments: StoreKind.allCases, SessionModelWay.allCases)
  func matching(kind: StoreKind, way: SessionModelWay) async throws {
    let world = try await SessionModelWorld(kind, way)
    let plain = try await world.create("caf\u{E9}")
    let typed = try await world.create("caf\u{E9}", status: "s", type: "t")
    var good = plain.found
    good.uid = "caf\u{E9}"
    #expect(try await world.find(good) == "caf\u{E9}")
    var wrong: [FoundBy] = []
    func alter(_ by: FoundBy, _ change: (inout FoundBy) -> Void) {
      var by = by
      change(&by)
      wrong.append(by)
    }
    alter(good) { $0.uid = "cafe\u{301}" }
    alter(good) { $0.uid = "u2" }
    alter(good) { $0.userAgent = "agent/2" }
    alter(good) { $0.userAgent = "" }
    alter(good) { $0.status = "" }
    alter(good) { $0.status = "s" }
    alter(good) { $0.type = "t" }
    alter(good) { $0.type = "" }
    alter(good) { $0.sid = typed.sid }
    alter(good) { $0.sid = $0.sid.uppercased() }
    alter(good) { $0.sid = "00000000000000000000000000" }
    alter(good) { $0.sid = "" }
    alter(good) { $0.cookie = typed.data }
    alter(good) { $0.cookie = $0.cookie + " " }
    alter(good) { $0.cookie = String($0.cookie.dropLast()) }
    alter(good) { $0.cookie = $0.cookie.replacing("7200000", with: "7200001") }
    alter(good) { $0.cookie = $0.cookie.replacing("2027", with: "2028") }
    alter(good) { $0.cookie = $0.cookie.replacing(#""secure":true"#, with: #""secure":false"#) }
    alter(good) { $0.cookie = plain.token ?? "" }
    alter(good) { $0.cookie = "" }
    alter(good) { $0.cookie = "{}" }
    var other = typed.found
    other.uid = "caf\u{E9}"
    alter(other) { $0.status = nil }
    alter(other) {
      $0.status = "s"
      $0.type = nil
    }
    for by in wrong { #expect(await world.failure { try await world.find(by) } == 401, "\(by)") }
    other.status = "s"
    #expect(try await world.find(other) == "caf\u{E9}")
  }

  @Test("every character of the cookie's token counts, and sid, user and user agent without it open nothing")
  func token() async throws {
    let world = try await SessionModelWorld()
    let created = try await world.create()
    let text = Array(created.data.utf8)
    for index in text.indices {
      var changed = text
      changed[index] = changed[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
      var by = created.found
      by.cookie = String(decoding: changed, as: UTF8.self)
      #expect(await world.failure { try await world.find(by) } == 401, "\(index)")
    }
    #expect(try await world.find(created.found) == "u1")
  }

  @Test("the cookie is good up to its expires, and only an update gives another", arguments: StoreKind.allCases)
  func cookieExpiry(kind: StoreKind) async throws {
    let world = try await SessionModelWorld(kind)
    let created = try await world.create()
    world.api.clock.advance(by: TimeSpan(milliseconds: 7_199_999))
    #expect(try await world.find(created.found) == "u1")
    world.api.clock.advance(by: TimeSpan(milliseconds: 1))
    #expect(await world.failure { try await world.find(created.found) } == 401)
    let updated = try await world.update(created.sid)
    #expect(try await world.find(updated.found) == "u1")
  }

  @Test(
    "a session ends with its lifetime, whatever was asked of it meanwhile, and not before",
    arguments: StoreKind.allCases,
    SessionModelWay.allCases)
  func lifetime(kind: StoreKind, way: SessionModelWay) async throws {
    let world = try await SessionModelWorld(kind, way, lifetime: .hours(40), cookieLifetime: .hours(48))
    let created = try await world.create()
    // Beyond the policy's idle time of a day.
    world.api.clock.advance(by: .hours(39))
    #expect(try await world.find(created.found) == "u1")
    let updated = try await world.update(created.sid)
    world.api.clock.advance(by: TimeSpan(milliseconds: 3_599_999))
    #expect(try await world.find(updated.found) == "u1")
    world.api.clock.advance(by: TimeSpan(milliseconds: 1))
    #expect(await world.failure { try await world.find(updated.found) } == 401)
    #expect(await world.failure { try await world.update(created.sid) } == 401)
  }

  @Test(
    "update matches sid, unique identifier and type, and sets the status, to none if none is given",
    arguments: StoreKind.allCases, SessionModelWay.allCases)
  func updating(kind: StoreKind, way: SessionModelWay) async throws {
    let world = try await SessionModelWorld(kind, way)
    let created = try await world.create(status: "a", type: "t")
    for (sid, uid, type) in [
      (created.sid, "u2", "t"), (created.sid, "u1", nil), (created.sid, "u1", "T"), (created.sid, "u1", ""),
      ("00000000000000000000000000", "u1", "t"), ("", "u1", "t"), ("'; DROP TABLE sessions; --", "u1", "t"),
    ] as [(String, String, String?)] {
      #expect(await world.failure { try await world.update(sid, uid, status: "b", type: type) } == 401)
    }
    var by = created.found
    by.status = "a"
    #expect(try await world.find(by) == "u1")
    let updated = try await world.update(created.sid, type: "t")
    by.cookie = updated.data
    #expect(await world.failure { try await world.find(by) } == 401)
    by.status = nil
    #expect(try await world.find(by) == "u1")
  }

  @Test("find counts as a request, and a wrong cookie does not", arguments: StoreKind.allCases)
  func counting(kind: StoreKind) async throws {
    let world = try await SessionModelWorld(kind)
    let created = try await world.create()
    func requestTime() async -> String? {
      await world.api.send(.get, "/v2/sessions/\(created.sid)")["request_time"]?.string
    }
    world.api.clock.advance(by: .seconds(10))
    var wrong = created.found
    wrong.cookie = "{}"
    #expect(await world.failure { try await world.find(wrong) } == 401)
    #expect(await requestTime() == "2027-01-15T08:00:00.123Z")
    #expect(try await world.find(created.found) == "u1")
    #expect(await requestTime() == "2027-01-15T08:00:10.123Z")
  }

  @Test(
    "of parallel updates each issues a cookie, and exactly one is good at the end", arguments: StoreKind.allCases,
    SessionModelWay.allCases)
  func parallel(kind: StoreKind, way: SessionModelWay) async throws {
    let world = try await SessionModelWorld(kind, way)
    let created = try await world.create()
    let issued = try await withThrowingTaskGroup(of: Issued.self) { group in
      for index in 0..<20 { group.addTask { try await world.update(created.sid, status: "s\(index)") } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(Set(issued.map(\.data)).count == 20)
    var good = 0
    for cookie in [created.data] + issued.map(\.data) {
      var by = created.found
      by.cookie = cookie
      for index in 0..<20 {
        by.status = "s\(index)"
        if await world.failure(of: { try await world.find(by) }) == nil { good += 1 }
      }
    }
    #expect(good == 1)
  }

  @Test(
    "an old cookie neither opens nor closes the session, nor does its token anywhere", arguments: StoreKind.allCases)
  func superseded(kind: StoreKind) async throws {
    let world = try await SessionModelWorld(kind)
    let created = try await world.create()
    let updated = try await world.update(created.sid)
    #expect(await world.failure { try await world.find(created.found) } == 401)
    let verified = await world.api.send(.get, "/v2/session", bearer: created.token)
    #expect(verified.status == 401)
    #expect(try await world.find(updated.found) == "u1")
  }

  @Test("a cookie stays good while the key that made it is accepted, and not longer")
  func rotation() async throws {
    let world = try await SessionModelWorld()
    let created = try await world.create()
    let now = world.api.clock.now()
    let key = RingKey(id: 2, secret: .init([UInt8](repeating: 9, count: 32)))
    world.api.sessions.replaceKeys(world.api.sessions.keys.rotated(to: key, now: now, overlapEnd: now + .minutes(10)))
    #expect(try await world.find(created.found) == "u1")
    world.api.clock.advance(by: .minutes(10))
    #expect(await world.failure { try await world.find(created.found) } == 401)
    #expect(try await world.find(try await world.update(created.sid).found) == "u1")
  }

  @Test("parameters out of bounds are refused, and hostile ones come back as they were", arguments: StoreKind.allCases)
  func hostile(kind: StoreKind) async throws {
    for way in SessionModelWay.allCases {
      let world = try await SessionModelWorld(kind, way)
      for text in [
        "'; DROP TABLE sessions; --", "\" OR \"\"=\"", "{\"$ne\":null}", "\r\nSet-Cookie: a=b", "{{7*7}}", "%00%0a",
        "\u{1}\u{1F}", "\u{2028}\u{202E}", "\u{E9}", "e\u{301}", " ", "null", "\u{1F600}",
      ] {
        let created = try await world.create(text, userAgent: text, status: text, type: text)
        #expect(created.uid.utf8.elementsEqual(text.utf8) && created.type?.utf8.elementsEqual(text.utf8) == true)
        var by = created.found
        (by.uid, by.userAgent, by.status) = (text, text, text)
        #expect(try await world.find(by).utf8.elementsEqual(text.utf8))
        let updated = try await world.update(created.sid, text, status: text + "2", type: text)
        (by.cookie, by.status) = (updated.data, text + "2")
        #expect(try await world.find(by) == text)
      }
      for text in ["\0", "a\0b", String(repeating: "x", count: 65_000)] {
        #expect(await world.failure { try await world.create(text) } == 400)
        #expect(await world.failure { try await world.create(userAgent: text) } == 400)
        #expect(await world.failure { try await world.create(status: text) } == 400)
        #expect(await world.failure { try await world.create(type: text) } == 400)
        let created = try await world.create()
        #expect(await world.failure { try await world.update(created.sid, status: text) } == 400)
        var by = created.found
        by.cookie = text
        #expect([400, 401].contains(await world.failure { try await world.find(by) }))
      }
      #expect(await world.failure { try await world.create("") } == 400)
    }
  }

  @Test(
    "the limit of live sessions is a conflict, a broken store an InternalServerError", arguments: StoreKind.allCases)
  func failures(kind: StoreKind) async throws {
    for way in SessionModelWay.allCases {
      let world = try await SessionModelWorld(kind, way) {
        $0.liveLimit = LiveSessionLimit(maximum: 1, overflow: .deny)
      }
      let created = try await world.create()
      #expect(await world.failure { try await world.create() } == 409)
      for code in [StoreError.Code.unavailable, .full, .unknownOutcome, .corrupt] {
        world.api.failure.set(code)
        #expect(await world.failure { try await world.create("u2") } == 500)
        #expect(await world.failure { try await world.update(created.sid) } == 500)
        var unknown = created.found
        unknown.sid = "00000000000000000000000001"
        #expect(await world.failure { try await world.find(unknown) } == 500)
      }
    }
  }
}
