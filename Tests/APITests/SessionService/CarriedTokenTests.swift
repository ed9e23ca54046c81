import Cryptography
import HTTPMessages
import JSON
import SessionCore
import SessionTesting
import Testing

/// What becomes of tokens that callers bring along, in the store and in the other interfaces.
@Suite struct CarriedTokenTests {
  private func only(_ world: APIWorld, _ user: ExactText = "u1") async throws -> Session {
    let page = try await world.sessions.sessions(matching: SessionQuery(.of(user), limit: 9, includesContents: true))
    try #require(page.sessions.count == 1)
    return page.sessions[0]
  }

  @Test("a verification is answered at once from the cache, and counts as a request", arguments: StoreKind.allCases)
  func atOnce(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    _ = await world.create("u1", "t")
    let (_, derived) = try await world.open("u2")
    world.clock.advance(by: .seconds(9))
    let reads = world.calls.count(.session)
    #expect(await world.verify("u1", "t").wasAtOnce)
    #expect(await world.verify("u2", derived).wasAtOnce)
    #expect(await world.send(.post, "/verify", #"{ "token":"t", "user_id":"u1" }"#).wasAtOnce)
    #expect(world.calls.count(.session) == reads)
    #expect(try await only(world).requestTime == world.clock.now())
    #expect(await !world.verify("u1", "no").wasAtOnce)
    #expect(await !world.verify("u1", derived).wasAtOnce)
    #expect(await !world.verify("u1", "t", #""ttl":86400"#).wasAtOnce)
  }

  @Test("the store holds nothing that opens a session", arguments: StoreKind.allCases)
  func dump(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    _ = await world.create("u1", "the-very-token")
    let session = try await only(world)
    let carried = try #require(session.carried)
    let text = String(decoding: carried.text, as: UTF8.self)
    let kept = try #require(Base64URL.decode(carried.text))
    #expect(!String(decoding: kept, as: UTF8.self).contains("the-very-token"))
    for stolen in [text, String(decoding: session.id.text, as: UTF8.self)] {
      #expect(await !world.verifies("u1", stolen))
    }
    var printed = "\(session) \(String(reflecting: session)) "
    Swift.dump(session, to: &printed)
    #expect(!printed.contains("the-very-token") && !printed.contains(text))
    // Another service with the same store and other keys can do nothing with it, nor can this one in another row.
    let thief = Sessions(
      store: world.calls, policy: SessionPolicy(),
      keys: KeyRing(signing: RingKey(id: 1, secret: SecretBytes([UInt8](repeating: 8, count: 32)))), clock: world.clock,
      random: SeededRandom(seed: 9))
    #expect(thief.carriedText(of: session) == nil)
    guard case .refused = try await thief.verifyCarried(Array("the-very-token".utf8), of: "u1") else {
      Issue.record("the thief's service lets it in")
      return
    }
    var moved = Session(
      id: SessionID(high: 1, low: 2), userID: "thief", openTime: world.clock.now(), idleTimeout: .hours(1),
      lifetime: .hours(1))
    moved.carried = carried
    moved.generation = session.generation
    #expect(world.sessions.carriedText(of: moved) == nil)
    #expect(world.sessions.carriedText(of: session) != nil)
  }

  @Test("a row with another digest lets nobody in, though it lies in the right place", arguments: StoreKind.allCases)
  func otherDigest(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    _ = await world.create("u1", "t")
    var session = try await only(world)
    let carried = try #require(session.carried)
    var kept = try #require(Base64URL.decode(carried.text))
    // The last byte of the digest, which the id does not hold.
    kept[37] ^= 1
    session.carried = CarriedToken(text: Base64URL.encode(kept))
    #expect(session.carried != nil)
    session.revision += 1
    #expect(
      try await world.calls.replace(
        session, revision: session.revision - 1, as: .updated, by: Actor(.service), now: world.clock.now()))
    let other = Sessions(
      store: world.calls, policy: SessionPolicy(), keys: world.sessions.keys, clock: world.clock,
      random: SeededRandom(seed: 9))
    guard case .refused = try await other.verifyCarried(Array("t".utf8), of: "u1") else {
      Issue.record("it is let in")
      return
    }
    #expect(other.carriedText(of: session) == nil)
  }

  @Test("a token is shown by no other interface, nor by the log", arguments: StoreKind.allCases)
  func shown(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    _ = await world.create("u1", "the-very-token", #""ttl":"77m""#)
    let session = try await only(world)
    let answers = [
      await world.send(.get, "/v2/sessions/\(session.id)"), await world.send(.get, "/v2/sessions?user_id=u1"),
      await world.send(.post, "/sessions/get_sessions", "{}"),
      await world.send(.post, "/sessions/get_session_by_id", #"{"session_id":"\#(session.id)"}"#),
      await world.send(.get, "/v2/events/log"), await world.create("u1", "the-very-token", #""ttl":0"#),
    ]
    for answer in answers {
      #expect(!answer.text.contains("the-very-token") && !answer.text.contains("77m"), "\(answer.text)")
      #expect(!answer.text.contains("carried"))
    }
  }

  @Test("one session through all: closed elsewhere it is gone here", arguments: StoreKind.allCases)
  func closedElsewhere(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    _ = await world.create("u1", "t")
    let session = try await only(world)
    #expect(await world.send(.get, "/v2/sessions/\(session.id)")["state"]?.string == "open")
    #expect(await world.send(.post, "/sessions/close_session", #"{"session_id":"\#(session.id)"}"#).status == 200)
    #expect(await !world.verifies("u1", "t"))
    #expect(await world.current("u1").text == #"{"success":false,"message":"The user has no active session."}"#)
    #expect(try await only(world).carried == nil)
  }

  @Test("a session of another interface is current here with its own token", arguments: StoreKind.allCases)
  func openedElsewhere(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    let (id, token) = try await world.open("u1", #""idle_timeout":60,"lifetime":3600"#)
    let answer = await world.current("u1")
    let expected = #"""
      {"user_id":"u1","token":"\#(token)","ttl":"3600","created_at":"2027-01-15T08:00:00.123Z",
      "expired_at":"2027-01-15T09:00:00.123Z"}
      """#.replacing("\n", with: "")
    #expect(answer.text == #"{"success":true,"message":\#(expected)}"#)
    #expect(await world.verifies("u1", token, #""ttl":"1h","expired_at":"2027-01-15T09:00:00.123Z""#))
    #expect(await !world.verifies("u1", token, #""ttl":"2h""#))
    #expect(await !world.verifies("u2", token))
    // It is that session's credential, and becomes no other's.
    let stolen = await world.create("u2", token)
    #expect(stolen.status == 400 && stolen["message"]?.string?.hasPrefix("token must not") == true)
    let renewed = try #require(await world.send(.post, "/v2/session/renew", bearer: token)["token"]?.string)
    #expect(await world.currentToken("u1") == renewed && renewed != token)
    world.clock.advance(by: .seconds(59))
    #expect(await world.verifies("u1", renewed))
    world.clock.advance(by: .seconds(59))
    #expect(await world.verifies("u1", renewed))
    #expect(await world.send(.post, "/v2/sessions/\(id)/close", "{}").status == 200)
    #expect(await !world.verifies("u1", renewed))
  }

  @Test("a renewal elsewhere replaces a caller's token like any other", arguments: StoreKind.allCases)
  func renewed(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    _ = await world.create("u1", "t")
    let derived = world.sessions.token(for: try await only(world)).text
    guard case .renewed(_, let next) = try await world.sessions.renew(derived, by: Actor(.service)) else {
      Issue.record("not renewed")
      return
    }
    #expect(await world.verifies("u1", "t"))
    world.clock.advance(by: .seconds(10))
    #expect(await !world.verifies("u1", "t"))
    #expect(await world.currentToken("u1") == String(decoding: next.text, as: UTF8.self))
    _ = await world.create("u1", "t")
    #expect(await world.verifies("u1", "t"))
    #expect(await world.currentToken("u1") == "t")
  }

  @Test("creating again gives a live session new times", arguments: StoreKind.allCases)
  func again(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    _ = await world.create("u1", "t", #""ttl":60"#)
    let first = try await only(world)
    world.clock.advance(by: .seconds(50))
    let again = await world.create("u1", "t", #""ttl":"90s""#)
    #expect(again["message"]?["created_at"]?.string == "2027-01-15T08:00:50.123Z")
    #expect(again.text == (await world.current("u1").text))
    let second = try await only(world)
    #expect(second.id == first.id && second.revision == first.revision + 1)
    world.clock.advance(by: .seconds(89))
    #expect(await world.verifies("u1", "t"))
    // Shorter is shorter.
    _ = await world.create("u1", "t", #""ttl":1"#)
    world.clock.advance(by: .seconds(1))
    #expect(await !world.verifies("u1", "t"))
  }

  @Test("creating again after the end opens a new session and revives nothing", arguments: StoreKind.allCases)
  func afterTheEnd(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    for end in ["closed", "expired"] {
      _ = await world.create("u1", "t", #""ttl":60"#)
      let first = try await only(world)
      #expect(
        await world.send(.post, "/sessions/store_session_data", #"{"session_id":"\#(first.id)","data":1}"#).status
          == 200)
      let old = world.sessions.token(for: first).text
      if end == "closed" {
        _ = try await world.sessions.close(first.id, reason: .logout, by: Actor(.user))
      } else {
        world.clock.advance(by: .seconds(60))
      }
      #expect(await !world.verifies("u1", "t"))
      _ = await world.create("u1", "t", #""ttl":60"#)
      let second = try await only(world)
      #expect(second.id == first.id && second.data == nil && second.closeTime == nil)
      #expect(second.revision > first.revision && second.generation > first.generation)
      #expect(await world.verifies("u1", "t"))
      #expect(await !world.verifies("u1", String(decoding: old, as: UTF8.self)))
    }
  }

  @Test("a hundred who create the same at once leave one session that lives", arguments: StoreKind.allCases)
  func parallel(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    for round in ["new", "alive", "closed"] {
      let id = round == "closed" ? try await only(world).id : nil
      if let id { _ = try await world.sessions.close(id, reason: .logout, by: Actor(.user)) }
      let answers = await withTaskGroup(of: Answer.self) { group in
        for number in 0..<100 { group.addTask { await world.create("u1", "t", #""ttl":\#(1000 + number)"#) } }
        return await group.reduce(into: []) { $0.append($1) }
      }
      #expect(answers.allSatisfy { $0.status == 200 && $0["success"]?.boolean == true }, "\(round)")
      #expect(try await only(world).closeTime == nil)
      #expect(await world.verifies("u1", "t"))
      let current = await world.current("u1").text
      #expect(answers.contains { $0.text == current })
    }
  }

  @Test(
    "an expired record is deleted by the reaper, a closed one is kept without its token", arguments: StoreKind.allCases)
  func deleted(kind: StoreKind) async throws {
    let world = try await APIWorld(kind)
    _ = await world.create("u1", "t", #""ttl":60"#)
    _ = await world.create("u2", "t", #""ttl":60"#)
    let other = try await only(world, "u2").id
    _ = try await world.sessions.close(other, reason: .logout, by: Actor(.user))
    world.clock.advance(by: .seconds(60))
    #expect(try await world.sessions.count(SessionFilter()) == 2)
    #expect(try await world.sessions.reap() == 1)
    #expect(try await world.sessions.count(.of("u1")) == 0)
    #expect(try await only(world, "u2").carried == nil)
    #expect(await !world.verifies("u1", "t"))
    _ = await world.create("u1", "t", #""ttl":60"#)
    #expect(await world.verifies("u1", "t"))
  }

  @Test(
    "after a rotation of the keys a token is good as long as its key, and created again it is new",
    arguments: StoreKind.allCases)
  func rotation(kind: StoreKind) async throws {
    let world = try await APIWorld(kind) { $0.liveLimit = LiveSessionLimit(maximum: 2, overflow: .deny) }
    _ = await world.create("u1", "a", #""ttl":"10d""#)
    _ = await world.create("u1", "b", #""ttl":"10d""#)
    let now = world.clock.now()
    let next = RingKey(id: 2, secret: SecretBytes([UInt8](repeating: 6, count: 32)))
    world.sessions.replaceKeys(world.sessions.keys.rotated(to: next, now: now, overlapEnd: now + .days(1)))
    #expect(await world.verifies("u1", "a"))
    #expect(await world.verifies("u1", "b"))
    #expect(await ["a", "b"].contains(world.currentToken("u1")))
    // At the limit too, the same token is the same session.
    world.clock.advance(by: .seconds(1))
    #expect(await world.create("u1", "b", #""ttl":"10d""#)["success"]?.boolean == true)
    #expect(await world.verifies("u1", "b"))
    var live = SessionFilter.of("u1")
    live.isAlive = true
    #expect(try await world.sessions.count(live) == 2)
    world.clock.advance(by: .days(1))
    #expect(await world.verifies("u1", "b"))
    #expect(await !world.verifies("u1", "a"))
    #expect(await world.currentToken("u1") == "b")
    // The session itself lives on, and is to be had by the token that this service makes for it.
    let page = try await world.sessions.sessions(matching: SessionQuery(live, includesContents: true))
    for session in page.sessions where world.sessions.carriedText(of: session) != nil {
      _ = try await world.sessions.close(session.id, reason: .logout, by: Actor(.service))
    }
    let derived = try #require(await world.currentToken("u1"))
    #expect(derived.hasPrefix("sst_"))
    #expect(await world.verifies("u1", derived))
  }
}
