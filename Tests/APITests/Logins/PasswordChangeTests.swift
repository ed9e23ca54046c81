import Accounts
import HTTPMessages
import JSON
import SessionCore
import SessionTesting
import Testing

@Suite struct PasswordChangeTests {
  private func world(_ kind: StoreKind = .memory) async throws -> (APIWorld, token: String) {
    let world = try await APIWorld(kind)
    try await world.account(#""email":"ann@example.org","password":"long enough""#)
    return (world, try await logIn(world, "long enough"))
  }

  private func logIn(_ world: APIWorld, _ password: String) async throws -> String {
    let answer = await world.send(.post, "/v2/login", #"{"email":"ann@example.org","password":"\#(password)"}"#)
    return try #require(answer["token"]?.string, "\(answer.text)")
  }

  private let body = #"{"current":"long enough","new":"another one"}"#

  @Test("a change gives a new token, kills the old one and every other session", arguments: StoreKind.allCases)
  func change(kind: StoreKind) async throws {
    let (world, token) = try await world(kind)
    let other = try await logIn(world, "long enough")
    let answer = await world.send(.post, "/v2/password", body, bearer: token)
    #expect(answer.status == 200 && answer.cookie == nil)
    let next = try #require(answer["token"]?.string)
    #expect(answer["session"]?["user_id"]?.string == "1")
    #expect(await world.send(.get, "/v2/session", bearer: next).status == 200)
    for dead in [token, other] { #expect(await world.send(.get, "/v2/session", bearer: dead).status == 401) }
    #expect(
      await world.send(.post, "/v2/login", #"{"email":"ann@example.org","password":"long enough"}"#).status == 401)
    _ = try await logIn(world, "another one")
  }

  @Test("by cookie it needs both proofs, and the new token comes by cookie alone", arguments: StoreKind.allCases)
  func byCookie(kind: StoreKind) async throws {
    let (world, token) = try await world(kind)
    let cookie = HTTPField("Cookie", "__Host-sesame=\(token)")
    let csrf = await world.send(.get, "/v2/session", fields: [cookie])["csrf_token"]?.string ?? ""
    let proofs = [HTTPField("X-CSRF-Token", csrf), HTTPField("Sec-Fetch-Site", "same-origin")]
    for fields in [[], [proofs[0]], [proofs[1]], [proofs[0], HTTPField("Sec-Fetch-Site", "cross-site")]] {
      let answer = await world.send(.post, "/v2/password", body, fields: [cookie] + fields)
      #expect(answer.status == 403 && answer.code == "csrf_refused")
    }
    let answer = await world.send(.post, "/v2/password", body, fields: [cookie] + proofs)
    #expect(answer.status == 200 && answer["token"] == nil && !answer.text.contains("sst_"))
    #expect(answer["csrf_token"]?.string == csrf)
    let next = try #require(answer.cookie)
    #expect(await world.send(.get, "/v2/session", fields: [HTTPField("Cookie", next)]).status == 200)
    #expect(await world.send(.get, "/v2/session", fields: [cookie]).status == 401)
  }

  @Test("a wrong current password is 403, counts as an attempt, and changes nothing", arguments: StoreKind.allCases)
  func wrong(kind: StoreKind) async throws {
    let (world, token) = try await world(kind)
    var statuses: [Int] = []
    for _ in 0..<12 {
      let answer = await world.send(
        .post, "/v2/password", #"{"current":"wrong one","new":"another one"}"#, bearer: token)
      statuses.append(answer.status)
      if answer.status == 403 { #expect(answer.code == "wrong_password") }
      if answer.status == 429 { #expect(answer.code == "too_many_attempts" && answer.field("retry-after") != nil) }
    }
    #expect(statuses.first == 403 && statuses.last == 429)
    #expect(await world.send(.get, "/v2/session", bearer: token).status == 200)
  }

  @Test("a new password that is too weak is refused with its reason, before anything else is looked at")
  func weak() async throws {
    let (world, token) = try await world()
    for new in ["", "short", "password1", String(repeating: "x", count: 1025)] {
      let answer = await world.send(
        .post, "/v2/password", #"{"current":"long enough","new":"\#(new)"}"#, bearer: token)
      #expect(answer.status == 400 && answer["errors"]?["new"]?.string != nil, "\(new.count)")
    }
    for body in [#"{"current":"long enough"}"#, #"{"new":"another one"}"#, #"{"current":1,"new":"another one"}"#] {
      #expect(await world.send(.post, "/v2/password", body, bearer: token).status == 400)
    }
    _ = try await logIn(world, "long enough")
  }

  @Test("who has no password here is told so, and who has no token nothing")
  func noPassword() async throws {
    let (world, token) = try await world()
    let foreign = try await world.open("someone")
    let answer = await world.send(.post, "/v2/password", body, bearer: foreign.token)
    #expect(answer.status == 409 && answer.code == "no_password")
    #expect(await world.send(.post, "/v2/password", body).status == 401)
    world.hasher.setFull(true)
    let busy = await world.send(.post, "/v2/password", body, bearer: token)
    #expect(busy.status == 503 && busy.field("retry-after") == "2")
  }
}
