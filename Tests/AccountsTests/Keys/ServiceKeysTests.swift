import Accounts
import Cryptography
import MemoryStore
import SessionCore
import SessionTesting
import Testing

@Suite struct ServiceKeysTests {
  private let clock = ManualClock(Timestamp(milliseconds: 1_800_000_000_000))
  private let hooks = Hooks()
  private let store: WatchedStore
  private let keys: ServiceKeys
  private static let actor = AccountsWorld.actor

  init() {
    store = WatchedStore(store: MemoryStore(), hooks: hooks)
    keys = ServiceKeys(store: store, clock: clock, random: SeededRandom(seed: 1))
  }

  private func create(
    expires: Timestamp? = nil
  ) async throws -> (key: ServiceKey, secret: ServiceKeySecret) {
    try await keys.create(name: "shop", scopes: [.sessionsRead], expires: expires, by: Self.actor)
  }

  @Test("a key is known by its text, which is 256 bits, shown once and printed by nobody")
  func known() async throws {
    #expect(try await !keys.hasAny())
    let (key, secret) = try await create()
    let text = String(decoding: secret.text, as: UTF8.self)
    #expect(text.hasPrefix("ssk_"))
    #expect(Base64URL.decode(Array(secret.text.dropFirst(4)))?.count == 32)
    #expect(try await keys.key(for: secret.text)?.id == key.id)
    #expect((key.name, key.scopes, key.created, key.lastUsed) == ("shop", [.sessionsRead], clock.now(), nil))
    #expect("\(secret)" == "redacted")
    #expect(String(reflecting: secret) == "redacted")
    var dumped = ""
    dump(secret, to: &dumped)
    #expect(!dumped.contains(text))
    #expect(try await keys.hasAny())
    #expect(try await create().secret.text != secret.text)
    #expect(try await keys.page(after: 0, limit: 10).map(\.id) == [1, 2])
    #expect(try await keys.page(after: 1, limit: 10).map(\.id) == [2])
  }

  @Test("one text per key: no change of a character, of length or of spare bits is let in, nor reads the store")
  func strict() async throws {
    let secret = try await create().secret.text
    _ = hooks.takeCalls()
    for index in secret.indices {
      for other in Array("+/= .\u{0}".utf8) + [0x80, 0xFF] {
        var text = secret
        text[index] = other
        #expect(try await keys.key(for: text) == nil)
      }
    }
    // 43 characters are 258 bits: of the last one's four spellings one is canonical.
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
    let last = try #require(alphabet.firstIndex(of: secret[46]))
    for spare in 1...3 { #expect(try await keys.key(for: secret.dropLast() + [alphabet[last + spare]]) == nil) }
    for text in [
      [], Array("ssk_".utf8), secret.dropLast(), secret + [0x41], secret + [0x3D], Array(secret.dropFirst(4)),
    ] {
      #expect(try await keys.key(for: text) == nil)
    }
    #expect(try await keys.key(for: Array("SSK_".utf8) + secret.dropFirst(4)) == nil)
    #expect(hooks.takeCalls().isEmpty)
    // A true text of another key is read, and is none.
    var other = secret
    other[10] = other[10] == 0x41 ? 0x42 : 0x41
    #expect(try await keys.key(for: other) == nil)
    #expect(hooks.takeCalls() == ["serviceKey"])
  }

  @Test("what was read is taken for true for the cache's age, and no longer")
  func cached() async throws {
    let secret = try await create().secret.text
    let unknown = Array("ssk_".utf8) + Base64URL.encode([UInt8](repeating: 7, count: 32))
    _ = hooks.takeCalls()
    for _ in 0..<100 {
      #expect(try await keys.key(for: secret) != nil)
      #expect(try await keys.key(for: unknown) == nil)
    }
    #expect(hooks.count("serviceKey") == 2)
    clock.advance(by: .seconds(1))
    #expect(try await keys.key(for: secret) != nil)
    #expect(hooks.count("serviceKey") == 3)
    // A clock that steps back does not make it older than it is.
    clock.set(Timestamp(milliseconds: 1_700_000_000_000))
    #expect(try await keys.key(for: secret) != nil)
    #expect(hooks.count("serviceKey") == 4)
  }

  @Test("a revoked key is let in no more, here at once and elsewhere within the cache's age")
  func revoked() async throws {
    let (key, secret) = try await create()
    let other = ServiceKeys(store: store, clock: clock, random: SeededRandom(seed: 2))
    #expect(try await keys.key(for: secret.text) != nil)
    #expect(try await other.key(for: secret.text) != nil)
    #expect(try await keys.revoke(key.id, by: Self.actor)?.id == key.id)
    #expect(try await keys.key(for: secret.text) == nil)
    clock.advance(by: .seconds(1))
    #expect(try await other.key(for: secret.text) == nil)
    #expect(try await keys.revoke(key.id, by: Self.actor) == nil)
  }

  @Test("a read that began before a revocation does not fill the cache after it")
  func staleRefill() async throws {
    let (key, secret) = try await create()
    hooks.after("serviceKey") { () async throws(StoreError) in
      _ = try await keys.revoke(key.id, by: Self.actor)
    }
    _ = try await keys.key(for: secret.text)
    #expect(try await keys.key(for: secret.text) == nil)
  }

  @Test("nor does one that ends while a revocation is under way")
  func readDuringRevocation() async throws {
    let (key, secret) = try await create()
    hooks.after("revokeKey") { () async throws(StoreError) in
      // Stored, but not answered yet.
      _ = try await keys.key(for: secret.text)
    }
    hooks.before("revokeKey") { () async throws(StoreError) in _ = try await keys.key(for: secret.text) }
    _ = try await keys.revoke(key.id, by: Self.actor)
    #expect(try await keys.key(for: secret.text) == nil)
  }

  @Test("a key is let in until it ends, and not at that moment")
  func expired() async throws {
    let secret = try await create(expires: clock.now() + .seconds(10)).secret.text
    clock.advance(by: TimeSpan(milliseconds: 9999))
    #expect(try await keys.key(for: secret) != nil)
    clock.advance(by: TimeSpan(milliseconds: 1))
    #expect(try await keys.key(for: secret) == nil)
  }

  @Test("the time of last use is kept, with one write a minute however many use the key at once")
  func lastUse() async throws {
    let secret = try await create().secret.text
    clock.advance(by: .minutes(5))
    _ = hooks.takeCalls()
    _ = try await inParallel(100) { _ in try await keys.key(for: secret) }
    #expect(hooks.count("touchKey") == 1)
    #expect(try await keys.page(after: 0, limit: 1).first?.lastUsed == clock.now())
    clock.advance(by: .seconds(59))
    _ = try await keys.key(for: secret)
    #expect(hooks.count("touchKey") == 1)
    clock.advance(by: .seconds(1))
    _ = try await keys.key(for: secret)
    #expect(hooks.count("touchKey") == 2)
  }

  @Test("a store that can't take a note of the use does not keep a good key out, one that can't be read does")
  func failing() async throws {
    let secret = try await create().secret.text
    hooks.fail("touchKey")
    #expect(try await keys.key(for: secret) != nil)
    clock.advance(by: .seconds(2))
    hooks.fail("serviceKey")
    await #expect(throws: StoreError.self) { try await keys.key(for: secret) }
  }

  @Test("a flood of made-up keys does not push out the true one")
  func flood() async throws {
    let secret = try await create().secret.text
    _ = try await keys.key(for: secret)
    for number in 0..<3000 {
      let made = SHA256Digest.bytes(of: Array("\(number)".utf8))
      #expect(try await keys.key(for: Array("ssk_".utf8) + Base64URL.encode(made)) == nil)
    }
    _ = hooks.takeCalls()
    #expect(try await keys.key(for: secret) != nil)
    #expect(hooks.takeCalls().isEmpty)
  }
}
