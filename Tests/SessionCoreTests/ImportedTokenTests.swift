import Cryptography
import MemoryStore
import SessionCore
import SessionTesting
import Testing

@Suite("Sessions imported with a token of another program") struct ImportedTokenTests {
  private static let start = Timestamp(milliseconds: 1_760_000_000_000)
  private let clock = ManualClock(Self.start)
  private let store = MemoryStore()
  private let key = RingKey(id: 1, secret: SecretBytes(Array(repeating: 7, count: 32)))
  private let token = Array("s%3Aabc.def".utf8)

  private func sessions(accepting: Bool = true, _ ring: KeyRing? = nil) -> Sessions {
    var policy = SessionPolicy()
    policy.acceptsImportedTokens = accepting
    return Sessions(
      store: store, policy: policy, keys: ring ?? KeyRing(signing: key), clock: clock, random: SeededRandom(seed: 2))
  }

  private func imported(_ token: [UInt8]) -> Session? {
    SessionImport(keys: KeyRing(signing: key), random: SeededRandom(seed: 1)).session(
      token: token, of: "anna", opened: Self.start - .hours(1), until: Self.start + .hours(1), now: Self.start)
  }

  private func add() async throws -> Session {
    let session = try #require(imported(token))
    #expect(try await store.insertAll([session]) == 1)
    return session
  }

  private func isActive(_ token: [UInt8], _ sessions: Sessions) async throws -> Bool {
    if case .active(let session) = try await sessions.verify(token) { return session.userID == "anna" }
    return false
  }

  @Test("the token opens its session where the policy says so, and nowhere else")
  func verifying() async throws {
    let session = try await add()
    #expect(try await isActive(token, sessions()))
    #expect(try await !isActive(token, sessions(accepting: false)))
    #expect(try await !isActive(Array("s%3Aabc.deg".utf8), sessions()))
    #expect(try await !isActive([], sessions()))
    #expect(try await !isActive(session.id.text, sessions()))
    let other = KeyRing(signing: RingKey(id: 1, secret: SecretBytes(Array(repeating: 8, count: 32))))
    #expect(try await !isActive(token, sessions(other)))
    let rotated = KeyRing(
      signing: RingKey(id: 2, secret: SecretBytes(Array(repeating: 8, count: 32))),
      former: [RingKey(id: 1, secret: SecretBytes(Array(repeating: 7, count: 32)), acceptedUntil: .latest)])
    #expect(try await isActive(token, sessions(rotated)))
  }

  @Test("the fast path leaves such a token to the slow one where they are accepted, and refuses it elsewhere")
  func fastPath() async throws {
    _ = try await add()
    unsafe token.withUnsafeBytes { bytes in
      if case .miss = unsafe sessions().verifyAtOnce(bytes, now: Self.start) {} else { Issue.record("no miss") }
      if case .refused(.malformed, nil) = unsafe sessions(accepting: false).verifyAtOnce(bytes, now: Self.start) {
      } else {
        Issue.record("not refused")
      }
    }
  }

  @Test("it opens nothing after the session's end, by time or by closing")
  func ended() async throws {
    let session = try await add()
    let server = sessions()
    clock.advance(by: .minutes(59))
    #expect(try await isActive(token, server))
    clock.advance(by: .minutes(1))
    #expect(try await !isActive(token, server))
    clock.set(Self.start)
    _ = try await store.close(session.id, reason: .logout, by: Actor(.service), now: Self.start)
    #expect(try await !isActive(token, sessions()))
  }

  @Test("renewing it gives a token of this service, which replaces it after the grace time")
  func renewing() async throws {
    let session = try await add()
    let server = sessions()
    guard case .renewed(let renewed, let own) = try await server.renew(token, by: Actor(.user)) else {
      Issue.record("not renewed")
      return
    }
    #expect(renewed.id == session.id)
    #expect(try await isActive(own.text, server))
    #expect(try await isActive(token, server))
    clock.advance(by: .seconds(11))
    #expect(try await isActive(own.text, server))
    #expect(try await !isActive(token, server))
    if case .refused(.malformed, nil) = try await sessions(accepting: false).renew(token, by: Actor(.user)) {
    } else {
      Issue.record("renewed though the policy is against it")
    }
  }

  @Test("the same token is the same session, and what is kept of it opens nothing")
  func kept() async throws {
    let session = try await add()
    #expect(imported(token)?.id == session.id)
    #expect(imported(token + [0x30])?.id != session.id)
    let carried = try #require(session.carried?.text)
    #expect(!carried.contains(token))
    #expect(try await !isActive(carried, sessions()))
    #expect(imported([]) == nil)
    #expect(imported([UInt8](repeating: 0x61, count: 4097)) == nil)
  }

  @Test("UUIDs with and without hyphens are other texts of an id; nothing else is")
  func uuids() {
    let id = SessionID(high: 0xf81d_4fae_7dec_11d0, low: 0xa765_00a0_c91e_6bf6)
    for text in ["f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "F81D4FAE7DEC11D0A76500A0C91E6BF6"] {
      #expect(SessionID(uuid: text.utf8) == id)
    }
    for text in [
      "", "f81d4fae-7dec-11d0-a765-00a0c91e6bf", "f81d4fae-7dec-11d0-a765-00a0c91e6bfg",
      "f81d4fae7-dec-11d0-a765-00a0c91e6bf6", "f81d4fae7dec11d0a76500a0c91e6bf60", "{81d4fae7dec11d0a76500a0c91e6bf6",
    ] {
      #expect(SessionID(uuid: text.utf8) == nil)
    }
  }
}
