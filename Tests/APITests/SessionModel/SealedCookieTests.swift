import Cryptography
import HTTPMessages
import SessionCore
import SessionModel
import SessionTesting
import Testing

@Suite struct SealedCookieTests {
  private func request(_ cookies: String...) -> HTTPRequest {
    HTTPRequest(
      method: .get, target: "/", fields: [APIWorld.host] + cookies.map { HTTPField("Cookie", $0) }, body: [],
      peer: .network(address: "127.0.0.1", port: 9), isSecure: true)
  }

  /// "name=value" of a Set-Cookie field.
  private func pair(_ field: HTTPField) throws -> String {
    String(try #require(field.text.split(separator: ";").first))
  }

  @Test("what create and update issue comes back from the cookie, and find takes it", arguments: StoreKind.allCases)
  func roundTrip(kind: StoreKind) async throws {
    let world = try await SessionModelWorld(kind)
    let cookie = SealedCookie(world.model)
    let created = try await world.model.create(uniqueIdentifier: "u1", userAgent: "a")
    let first = cookie.setting(created)
    #expect(first.isNamed("set-cookie"))
    #expect(first.text.hasPrefix("__Host-session_model="))
    #expect(first.text.hasSuffix("; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=7200"))
    #expect(first.text.utf8.count < 1000)
    #expect(!first.text.contains(created.sid) && !first.text.contains("sst_"))
    let updated = try await world.model.update(sid: created.sid, uniqueIdentifier: "u1")
    let contents = try #require(cookie.contents(of: request("a=b; " + (try pair(cookie.setting(updated))) + "; c=d")))
    #expect(contents.sid == created.sid && contents.cookie == updated.data)
    let uid = try await world.model.find(
      sid: contents.sid, uniqueIdentifier: "u1", userAgent: "a", cookie: contents.cookie)
    #expect(uid == "u1")
    let old = try #require(cookie.contents(of: request(try pair(first))))
    await #expect(throws: SessionModelError.self) {
      try await world.model.find(sid: old.sid, uniqueIdentifier: "u1", userAgent: "a", cookie: old.cookie)
    }
    #expect(cookie.clearing.text == "__Host-session_model=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0")
    #expect(!"\(contents)".contains("sst_") && !String(reflecting: contents).contains("sst_"))
  }

  @Test("a change of any character, a cut, and an addition are refused")
  func tampering() async throws {
    let world = try await SessionModelWorld()
    let cookie = SealedCookie(world.model)
    let good = try pair(cookie.setting(try await world.model.create(uniqueIdentifier: "u1", userAgent: "a")))
    #expect(cookie.contents(of: request(good)) != nil)
    let bytes = Array(good.utf8)
    let start = try #require(bytes.firstIndex(of: 0x3D)) + 1
    for index in start..<bytes.count {
      var changed = bytes
      changed[index] = changed[index] == 0x41 ? 0x42 : 0x41
      #expect(cookie.contents(of: request(String(decoding: changed, as: UTF8.self))) == nil, "\(index)")
      #expect(cookie.contents(of: request(String(decoding: bytes[..<index], as: UTF8.self))) == nil, "\(index)")
    }
    for bad in [good + "A", good + "AAAA", good + "=", good + String(repeating: "A", count: 70_000)] {
      #expect(cookie.contents(of: request(bad)) == nil)
    }
    #expect(cookie.contents(of: request()) == nil)
  }

  @Test("two cookies of the name, and look-alikes, never select a session")
  func lookAlikes() async throws {
    let world = try await SessionModelWorld()
    let cookie = SealedCookie(world.model)
    let first = try pair(cookie.setting(try await world.model.create(uniqueIdentifier: "u1", userAgent: "a")))
    let second = try pair(cookie.setting(try await world.model.create(uniqueIdentifier: "u2", userAgent: "a")))
    let value = String(first.drop { $0 != "=" }.dropFirst())
    #expect(cookie.contents(of: request("\(first); \(second)")) == nil)
    #expect(cookie.contents(of: request(first, second)) == nil)
    #expect(cookie.contents(of: request("\(first); \(first)")) == nil)
    #expect(cookie.contents(of: request("\(first); __Host-session_model=")) == nil)
    for name in [
      "__host-session_model", "session_model", "__Host-session_model2", "\u{2000}__Host-session_model", "",
      "__Host-session_model ",
    ] {
      #expect(cookie.contents(of: request("\(name)=\(value)")) == nil, "\(name)")
    }
    #expect(cookie.contents(of: request("\u{2000}\(second); \(first)"))?.cookie != nil)
  }

  @Test("a cookie of other keys or of another name is none, and a rotated key's is one while the key is accepted")
  func keys() async throws {
    let world = try await SessionModelWorld()
    let cookie = SealedCookie(world.model)
    let issued = try await world.model.create(uniqueIdentifier: "u1", userAgent: "a")
    let sealed = try pair(cookie.setting(issued))
    let value = String(sealed.drop { $0 != "=" }.dropFirst())
    #expect(SealedCookie(world.model, name: "other").contents(of: request("other=\(value)")) == nil)
    let sessions = world.api.sessions
    let own = sessions.keys
    let now = world.api.clock.now()
    func key(_ id: UInt8, _ byte: UInt8) -> RingKey {
      RingKey(id: id, secret: SecretBytes([UInt8](repeating: byte, count: 32)))
    }
    sessions.replaceKeys(KeyRing(signing: key(1, 8)))
    #expect(cookie.contents(of: request(sealed)) == nil)
    sessions.replaceKeys(own.rotated(to: key(2, 9), now: now, overlapEnd: now + .minutes(10)))
    #expect(cookie.contents(of: request(sealed))?.cookie == issued.data)
    world.api.clock.advance(by: .minutes(10))
    #expect(cookie.contents(of: request(sealed)) == nil)
  }
}
