import Accounts
import Cryptography
import Foundation
import JSON
import MemoryStore
import Moving
import SessionCore
import SessionTesting
import Testing

@Suite("Importing from other programs") struct ForeignTests {
  let world: MovingWorld
  let ring = KeyRing(signing: RingKey(id: 1, secret: SecretBytes(Array(repeating: 7, count: 32))))
  let store = MemoryStore()

  init() throws { world = try MovingWorld() }

  private func fixture(_ name: String) -> String {
    URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/" + name).path
  }

  private func load(
    _ origin: ForeignOrigin, _ path: String, _ options: ForeignOptions = ForeignOptions(), skipsBad: Bool = false,
    keys: [[ForeignKey]] = []
  ) async throws -> Importer.Report {
    let context = ForeignContext(
      keys: ring, clock: world.clock, random: SeededRandom(seed: 1), idleTimeout: .hours(24), lifetime: .days(30))
    var source = try await ForeignSource(origin, path, options, context, drivers: TestDrivers(keys: keys))
    var how = Importer.Options()
    how.skipsBad = skipsBad
    return try await Importer(store: store, clock: world.clock).run(&source, how)
  }

  /// What a server on the same store, with the same keys, says to a token.
  private func user(of token: String, accepting: Bool = true) async throws -> ExactText? {
    var policy = SessionPolicy()
    policy.acceptsImportedTokens = accepting
    let sessions = Sessions(
      store: store, policy: policy, keys: ring, clock: world.clock, random: SeededRandom(seed: 2))
    guard case .active(let session) = try await sessions.verify(Array(token.utf8)) else { return nil }
    return session.userID
  }

  // MARK: Django

  private var django: ForeignOptions {
    var options = ForeignOptions()
    options.secretFile = fixture("django.secret")
    return options
  }

  @Test(
    "Django's own sessions open with their cookies, whether their data are compressed or not")
  func djangoSessions() async throws {
    let file = "django.csv"
    let report = try await load(.django, fixture(file), django)
    #expect(report.added.sessions == 2)
    #expect(report.ended == 1)
    #expect(report.passedOver == ["sessions in which nobody is logged in": 1])
    #expect(try await user(of: "short00000000000000000000000000x") == "7")
    #expect(try await user(of: "long000000000000000000000000000x") == "42")
    #expect(try await user(of: "nobody0000000000000000000000000x") == nil)
    #expect(try await user(of: "past000000000000000000000000000x") == nil)
    #expect(try await user(of: "short00000000000000000000000000x", accepting: false) == nil)
    var filter = SessionFilter()
    filter.userID = "42"
    let page = try await store.page(SessionQuery(filter, includesContents: true), now: world.now)
    let session = try #require(page.sessions.first)
    let data = try #require(try session.data?.document().root)
    #expect(data["name"]?.string == "Änne")
    #expect(data["cart"]?.count == 200)
    #expect(data["_auth_user_hash"] == nil)
    #expect(
      String(decoding: (session.openTime + session.lifetime).rfc3339, as: UTF8.self) == "2099-01-02T03:04:05.678Z")
    // Again it is all there.
    #expect(try await load(.django, fixture(file), django).kept.sessions == 2)
  }

  @Test("Django's sessions with another secret, without one, or damaged in one byte are refused")
  func djangoForged() async throws {
    await #expect(throws: MovingError.self) { try await load(.django, fixture("django.csv")) }
    var options = django
    try world.write("another\n", to: "secret")
    options.secretFile = world.path("secret")
    let error = await #expect(throws: MovingError.self) { try await load(.django, fixture("django.csv"), options) }
    #expect(error?.description.contains("SECRET_KEY") == true)
    let text = try String(contentsOfFile: fixture("django.csv"), encoding: .utf8)
    try world.write(text.replacing(".eJ", with: ".eK"), to: "damaged.csv")
    let report = try await load(.django, world.path("damaged.csv"), django, skipsBad: true)
    #expect(report.bad == 2)
    #expect(report.added.sessions == 1)
  }

  // MARK: Session_Model

  @Test(
    "Session_Model's sessions open with their sid and keep status, type and end")
  func sessionModel() async throws {
    let report = try await load(.sessionModel, fixture("session-model.csv"))
    #expect(report.added.sessions == 2)
    #expect(report.ended == 1)
    #expect(report.passedOver == ["sessions of nobody": 1])
    #expect(try await user(of: "11111111-2222-4333-8444-000000000000") == ExactText(String(repeating: "c", count: 64)))
    #expect(try await user(of: "11111111-2222-4333-8444-000000000001") == ExactText(String(repeating: "d", count: 64)))
    #expect(try await user(of: "11111111-2222-4333-8444-000000000002") == nil)
    var filter = SessionFilter()
    filter.status = "verified"
    let session = try #require(try await store.page(SessionQuery(filter), now: world.now).sessions.first)
    #expect(session.kind == "signup")
    #expect(session.userAgent == "Mozilla/5.0 (\"X11\"; Linux)")
    #expect(String(decoding: session.openTime.rfc3339, as: UTF8.self) == "2025-01-02T03:04:05.678Z")
    #expect(String(decoding: session.deadline.rfc3339, as: UTF8.self) == "2099-01-02T03:04:05.678Z")
  }

  // MARK: Cerberus

  @Test("Cerberus' users keep their number, names, rights and password")
  func cerberus() async throws {
    let report = try await load(.cerberus, fixture("cerberus.csv"))
    #expect(report.added.accounts == 3)
    let root = try #require(try await store.account(AccountID(1)))
    #expect(root.profile.level == .administrator)
    let anna = try #require(try await store.account(AccountID(5)))
    #expect(anna.profile.email == EmailAddress("anna@example.org"))
    #expect(anna.profile.lastName == "O'Neil, \"Jr.\"")
    #expect(anna.profile.level == .user)
    #expect(anna.profile.isActive)
    #expect(String(decoding: anna.created.rfc3339, as: UTF8.self) == "2018-05-06T07:08:09.000Z")
    #expect(try await store.passwordHash(of: anna.id)?.text.hasPrefix("$2b$04$") == true)
    #expect(try await store.account(AccountID(6))?.profile.isActive == false)
    #expect(try await load(.cerberus, fixture("cerberus.csv")).kept.accounts == 3)
  }

  @Test("a user of Cerberus without a hash that can be checked ends the import")
  func cerberusBad() async throws {
    try world.write(
      "id,created,username,email,password,admin,verified,active\n1,2018-05-06 07:08:09,a,a@b.org,plain,0,1,1\n",
      to: "bad.csv")
    let error = await #expect(throws: MovingError.self) {
      try await load(.cerberus, world.path("bad.csv"), skipsBad: true)
    }
    #expect(error?.description.contains("line 2: password must be a bcrypt hash") == true)
  }

  // MARK: Express

  @Test("sessions of Express open with the whole cookie, as the browser sends it, and with nothing less")
  func express() async throws {
    let far = #""cookie":{"originalMaxAge":1,"expires":"2030-01-02T03:04:05.000Z","httpOnly":true,"path":"/"}"#
    func key(_ name: String, _ value: String, _ left: Int64? = 60_000) -> ForeignKey {
      ForeignKey(name: Array(name.utf8), value: Array(value.utf8), millisecondsLeft: left)
    }
    let keys = [
      [key("V4ZpIQ8TYpJO3VsLhXEV", #"{\#(far),"passport":{"user":7},"n":[1]}"#), key("2", #"{\#(far)}"#)], [],
      [key("3", #"{"cookie":{},"passport":{"user":"u3"}}"#), key("4", "no JSON"), key("5", "[]", nil)],
    ]
    try world.write("keyboard cat\n", to: "secret")
    var options = ForeignOptions()
    options.secretFile = world.path("secret")
    options.userMember = "passport.user"
    let report = try await load(.connectRedis, "redis://", options, skipsBad: true, keys: keys)
    #expect(report.added.sessions == 2)
    #expect(report.bad == 2)
    #expect(report.passedOver == ["sessions without a user in passport.user": 1])
    // Signed by Python's hmac, as cookie-signature does it: base64 without "=", percent-encoded.
    let cookie = "s%3AV4ZpIQ8TYpJO3VsLhXEV.blLCgsBuRrUta3hq6JEbbijKAY5RVgC99CU0tEnwO4A"
    #expect(try await user(of: cookie) == "7")
    #expect(try await user(of: "V4ZpIQ8TYpJO3VsLhXEV") == nil)
    #expect(try await user(of: String(cookie.dropLast())) == nil)
    var filter = SessionFilter()
    filter.userID = "u3"
    let session = try #require(try await store.page(SessionQuery(filter), now: world.now).sessions.first)
    #expect(session.deadline == world.now + .minutes(1))
    filter.userID = "7"
    let other = try await store.page(SessionQuery(filter, includesContents: true), now: world.now).sessions.first
    #expect(other?.data?.description.contains(#""n":[1]"#) == true)
  }

  @Test("Express' sessions are not read without a secret or without the user's member")
  func expressUntold() async throws {
    var options = ForeignOptions()
    let first = await #expect(throws: MovingError.self) { try await load(.connectRedis, "redis://", options) }
    #expect(first?.description.contains("--user-member") == true)
    options.userMember = "user"
    let second = await #expect(throws: MovingError.self) { try await load(.connectRedis, "redis://", options) }
    #expect(second?.description.contains("--secret-file") == true)
  }

  // MARK: Pip.Services

  static let pip = #"""
    {"_id":"0f0e0d0c0b0a49088706050403020100","user_id":"u1","user_name":"Anna","active":true,
    "open_time":{"$date":"2025-10-01T00:00:00Z"},"request_time":{"$date":{"$numberLong":"1759990000000"}},
    "close_time":null,"address":"192.0.2.1","client":"app","user":{"id":"u1"},"data":{"a":[1]}}
    """#.replacing("\n", with: "")

  @Test("sessions of Pip.Services keep their ids, from a JSON file as from mongoexport's lines")
  func pipServices() async throws {
    let closed = Self.pip.replacing("\"active\":true", with: "\"active\":false")
    let other = Self.pip.replacing("0f0e0d0c0b0a49088706050403020100", with: "f81d4fae-7dec-11d0-a765-00a0c91e6bf6")
    let named = Self.pip.replacing("0f0e0d0c0b0a49088706050403020100", with: "abc")
    let all = [Self.pip, closed, other, named]
    try world.write(all.joined(separator: "\n") + "\n\n", to: "lines")
    try world.write("[\n  " + all.joined(separator: ",\n  ") + "\n]\n", to: "array")
    let report = try await load(.pipServices, world.path("lines"))
    #expect(report.added.sessions == 2)
    #expect(report.passedOver.values.sorted() == [1, 1])
    #expect(try await load(.pipServices, world.path("array")).kept.sessions == 2)
    let id = try #require(SessionID(uuid: "0f0e0d0c0b0a49088706050403020100".utf8))
    let session = try #require(try await store.session(id))
    #expect(session.userName == "Anna")
    #expect(session.data?.description == #"{"a":[1]}"#)
    #expect(session.requestTime == Timestamp(milliseconds: 1_759_990_000_000))
    #expect(session.isAlive(at: world.now))
    #expect(try await store.session(try #require(SessionID(uuid: "F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6".utf8))) != nil)
  }

  @Test("an import that ended in the middle finds what it has stored when it is run again, and goes on")
  func again() async throws {
    let rows = (1...4).map { Self.pip.replacing("03020100", with: "0302010\($0)") }
    try world.write([rows[0], rows[1], "{", rows[3]].joined(separator: "\n"), to: "broken")
    let error = await #expect(throws: MovingError.self) { try await load(.pipServices, world.path("broken")) }
    #expect(error?.description.hasPrefix("line 3: ") == true)
    try world.write(rows.joined(separator: "\n"), to: "whole")
    let report = try await load(.pipServices, world.path("whole"))
    #expect(report.kept.sessions == 2 && report.added.sessions == 2)
    // So it is with sessions that open by tokens of elsewhere, whose ids are made of these.
    _ = try await load(.sessionModel, fixture("session-model.csv"))
    #expect(try await load(.sessionModel, fixture("session-model.csv")).kept.sessions == 2)
  }

  @Test(
    "what is no such file is refused with a sentence",
    arguments: ["", "[1]", "[{}", "{\n", "[{\"_id\":\"x\"", "a,b\n1\n", "\"", "SQLite format 3\0"])
  func noFile(text: String) async throws {
    try world.write(text, to: "strange")
    for origin in [ForeignOrigin.pipServices, .sessionModel, .cerberus] {
      await #expect(throws: MovingError.self) { try await load(origin, world.path("strange")) }
    }
  }
}

/// Drivers that know no database, and a Redis of some keys.
private struct TestDrivers: ForeignDrivers {
  let keys: [[ForeignKey]]

  func rows(ofTable name: String, in path: String) throws(MovingError) -> any ForeignTable {
    throw MovingError(.format, "There is no SQLite here.")
  }

  func keys(at address: String, prefix: String) throws(MovingError) -> any ForeignKeys { Keys(rest: keys) }

  func documents(at address: String) throws(MovingError) -> any ForeignDocuments {
    throw MovingError(.format, "There is no MongoDB here.")
  }

  struct Keys: ForeignKeys {
    var rest: [[ForeignKey]]

    mutating func next() throws(MovingError) -> [ForeignKey]? { rest.isEmpty ? nil : rest.removeFirst() }
  }
}
