import Accounts
import HTTPMessages
import JSON
import SessionCore
import SessionTesting
import Testing

@Suite struct KeyTests {
  @Test("a key is shown once, with 256 bits, and listed without what opens", arguments: StoreKind.allCases)
  func create(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    let answer = await world.send(
      .post, "/v2/keys", #"{"name":"shop","scopes":["events:read","sessions:read","events:read"]}"#)
    #expect(answer.status == 201)
    let secret = try #require(answer["secret"]?.string)
    #expect(secret.hasPrefix("ssk_") && secret.utf8.count == 47)
    let shown = #"{"id":1,"name":"shop","scopes":["sessions:read","events:read"],"created":"2027-01-15T08:00:00.123Z"}"#
    #expect(answer["key"]?.text.description == shown)
    #expect(await world.send(.get, "/v2/keys").text == #"{"keys":[\#(shown)],"next":null}"#)
    let other = await world.send(.post, "/v2/keys", #"{"name":"shop","scopes":["admin"]}"#)
    #expect(other["secret"]?.string != secret && other["key"]?["id"]?.integer == 2)
  }

  @Test("an expiry is a time or a number of seconds", arguments: StoreKind.allCases)
  func expiry(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    for (members, expires) in [
      (#""expires":"2027-01-15T09:00:00+00:30""#, "2027-01-15T08:30:00.000Z"),
      (#""expires_in":60"#, "2027-01-15T08:01:00.123Z"),
    ] {
      let answer = await world.send(.post, "/v2/keys", #"{"name":"n","scopes":["admin"],\#(members)}"#)
      #expect(answer.status == 201 && answer["key"]?["expires"]?.string == expires, "\(answer.text)")
    }
  }

  @Test(
    "what can't be is refused",
    arguments: [
      (#""name":"n""#, "scopes"), (#""scopes":["admin"]"#, "name"), (#""name":"","scopes":["admin"]"#, "name"),
      (#""name":"n","scopes":[]"#, "scopes"), (#""name":"n","scopes":["root"]"#, "scopes[0]"),
      (#""name":"n","scopes":"admin""#, "scopes"), (#""name":"n","scopes":["admin"],"expires":"soon""#, "expires"),
      (#""name":"n","scopes":["admin"],"expires":"2027-01-15T08:00:00.123Z""#, "expires"),
      (#""name":"n","scopes":["admin"],"expires_in":0"#, "expires_in"),
      (#""name":"n","scopes":["admin"],"expires_in":9223372036854775807"#, "expires_in"),
      (#""name":"n","scopes":["admin"],"expires_in":1,"expires":"2030-01-15T08:00:00Z""#, "expires_in"),
      (#""name":"n","scopes":["admin"],"secret":"x""#, "secret"),
      (#""name":"\#(String(repeating: "é", count: 128))","scopes":["admin"]"#, "name"),
    ])
  func invalid(members: String, member: String) async throws {
    let world = try await APIWorld()
    let answer = await world.send(.post, "/v2/keys", "{\(members)}")
    #expect(answer.status == 400 && answer["errors"]?.member(member) != nil, "\(answer.text)")
    #expect(await world.send(.get, "/v2/keys")["keys"]?.count == 0)
  }

  @Test("keys are listed by pages", arguments: StoreKind.allCases)
  func pages(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    for _ in 0..<5 { _ = try await world.key(.admin) }
    var seen: [Int64] = []
    var cursor = ""
    repeat {
      let answer = await world.send(.get, "/v2/keys?limit=2\(cursor)")
      seen += (answer["keys"]?.elements ?? []).compactMap { $0["id"]?.integer }
      cursor = answer["next"]?.string.map { "&cursor=\($0)" } ?? ""
    } while !cursor.isEmpty
    #expect(seen == [1, 2, 3, 4, 5])
    for query in ["limit=0", "cursor=x", "after=1"] {
      #expect(await world.send(.get, "/v2/keys?\(query)").status == 400)
    }
  }

  @Test("a revoked key opens nothing from then on, and can't be revoked again", arguments: StoreKind.allCases)
  func revoke(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    let key = try await world.key(.sessionsRead)
    #expect(await world.send(.get, "/v2/sessions", bearer: key).status == 200)
    let answer = await world.send(.delete, "/v2/keys/1")
    #expect(answer.status == 204 && answer.response.body.isEmpty)
    #expect(await world.send(.get, "/v2/sessions", bearer: key).status == 401)
    for id in ["1", "2", "0", "x", "01", "9223372036854775808"] {
      #expect(await world.send(.delete, "/v2/keys/\(id)").status == 404)
    }
  }

  @Test(
    "a key verifies tokens at once when it is cached, and not when it lacks the scope", arguments: StoreKind.allCases)
  func atOnce(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    let (_, token) = try await world.open()
    let far = HTTPPeer.network(address: "198.51.100.7", port: 7)
    func verify(_ key: String) async -> Answer {
      await world.send(.post, "/v2/verify", #"{"token":"\#(token)"}"#, bearer: key, peer: far)
    }
    for scope in [ServiceScope.sessionsRead, .admin] {
      let key = try await world.key(scope)
      let first = await verify(key)
      #expect(first.status == 200 && !first.wasAtOnce)
      let second = await verify(key)
      #expect(second.wasAtOnce && second.text == first.text)
      world.clock.advance(by: .seconds(2))
      #expect(await !verify(key).wasAtOnce)
    }
    let other = try await world.key(.accountsRead)
    for _ in 0..<2 { #expect(await verify(other).status == 403) }
    let brief = try await world.key(.sessionsRead, more: #","expires_in":1"#)
    for _ in 0..<2 { #expect(await verify(brief).status == 200) }
    world.clock.advance(by: .seconds(1))
    for _ in 0..<2 { #expect(await verify(brief).status == 401) }
  }

  @Test("the time of last use is kept to the minute", arguments: StoreKind.allCases)
  func lastUse(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    let key = try await world.key(.sessionsRead)
    func lastUsed() async -> String? {
      await world.send(.get, "/v2/keys")["keys"]?.elements.first?["last_used"]?.string
    }
    #expect(await lastUsed() == nil)
    for _ in 0..<3 {
      _ = await world.send(.get, "/v2/sessions", bearer: key)
      world.clock.advance(by: .seconds(20))
    }
    #expect(await lastUsed() == "2027-01-15T08:00:00.123Z")
    _ = await world.send(.get, "/v2/sessions", bearer: key)
    #expect(await lastUsed() == "2027-01-15T08:01:00.123Z")
  }
}
