import IdentityTesting
import IdentityTokens
import SessionCore
import SessionTesting
import Synchronization
import Testing

@Suite("Keeping issuers' keys") struct IssuerKeysTests {
  private let pair = IssuerKeyPair(.es256, id: "first")
  private let next = IssuerKeyPair(.es256, id: "second")

  private func good(_ pair: IssuerKeyPair) -> [UInt8] {
    pair.token(VerifierWorld.claims(["exp": "\(VerifierWorld.now + 400_000)"]))
  }

  /// A world whose tokens stay good for days.
  private func world(
    _ pairs: [IssuerKeyPair], keys: KeyLocation = .address(VerifierWorld.keysAddress),
    policy: KeyPolicy = KeyPolicy()
  ) -> VerifierWorld {
    VerifierWorld(pairs, keys: keys, policy: policy) { $0.maximumAge = .days(30) }
  }

  @Test("keys are fetched once for all who wait for them")
  func singleFlight() async {
    let world = world([pair])
    world.source.hold()
    let token = good(pair)
    await withTaskGroup(of: String.self) { group in
      for _ in 0..<200 { group.addTask { await world.outcome(of: token) } }
      await world.source.waitUntilAsked(1)
      world.source.release()
      for await outcome in group { #expect(outcome == "genuine") }
    }
    #expect(world.source.asked.count == 1)
  }

  @Test("however many tokens come with a kid that nobody knows, the issuer is asked once in 30 seconds")
  func flood() async {
    let world = world([pair])
    #expect(await world.outcome(of: good(pair)) == "genuine")
    for round in 1...5 {
      world.clock.advance(by: .seconds(30))
      await withTaskGroup(of: String.self) { group in
        for number in 0..<100 {
          let token = IssuerKeyPair(.es256, id: "unknown-\(number)", key: next.key)
          group.addTask { await world.outcome(of: good(token)) }
        }
        for await outcome in group { #expect(outcome == "unknown_key") }
      }
      #expect(world.source.asked.count == 1 + round)
      world.clock.advance(by: TimeSpan(milliseconds: 29_999))
      #expect(await world.outcome(of: good(next)) == "unknown_key")
      #expect(world.source.asked.count == 1 + round)
      world.clock.set(world.clock.now() - TimeSpan(milliseconds: 29_999))
    }
  }

  @Test("a new key is known as soon as its first token comes")
  func rotation() async {
    let world = world([pair])
    #expect(await world.outcome(of: good(pair)) == "genuine")
    world.source.serve(IssuerKeyPair.keySet([next, pair]), at: VerifierWorld.keysAddress)
    #expect(await world.outcome(of: good(next)) == "unknown_key")
    world.clock.advance(by: .seconds(30))
    #expect(await world.outcome(of: good(next)) == "genuine")
    #expect(await world.outcome(of: good(pair)) == "genuine")
    #expect(world.source.asked.count == 2)
  }

  @Test("known keys go on while the issuer is down, for a day, and it is asked once in 30 seconds")
  func outage() async {
    let world = world([pair])
    #expect(await world.outcome(of: good(pair)) == "genuine")
    world.source.serve(nil, at: VerifierWorld.keysAddress)
    world.clock.advance(by: .minutes(10))
    for _ in 0..<10 {
      await world.directory.refreshDue()
      #expect(await world.outcome(of: good(pair)) == "genuine")
    }
    #expect(world.source.asked.count == 2)
    // Nobody can know whether that key is genuine.
    #expect(await world.outcome(of: good(next)) == "unavailable")
    #expect(world.source.asked.count == 2)
    world.clock.set(Timestamp(milliseconds: (VerifierWorld.now + 86_400) * 1000 - 1))
    #expect(await world.outcome(of: good(pair)) == "genuine")
    world.clock.advance(by: TimeSpan(milliseconds: 1))
    #expect(await world.outcome(of: good(pair)) == "unavailable")
    #expect(world.source.asked.count == 3)
    world.source.serve(IssuerKeyPair.keySet([pair]), at: VerifierWorld.keysAddress)
    world.clock.advance(by: .seconds(30))
    #expect(await world.outcome(of: good(pair)) == "genuine")
    #expect(
      world.reports.all.withLock { $0.map(\.outcome) } == [
        .keys(1), .failure("Nobody is there."), .failure("Nobody is there."), .keys(1),
      ])
  }

  @Test("tokens of known keys do not wait for an issuer that hangs")
  func hang() async {
    let world = world([pair])
    #expect(await world.outcome(of: good(pair)) == "genuine")
    world.clock.advance(by: .minutes(10))
    world.source.hold()
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await world.directory.refreshDue() }
      await world.source.waitUntilAsked(2)
      for _ in 0..<10 { #expect(await world.outcome(of: good(pair)) == "genuine") }
      #expect(world.source.asked.count == 2)
      world.source.release()
    }
  }

  @Test("no more than the bound wait for a fetch; the others are told to come back")
  func waiters() async {
    var policy = KeyPolicy()
    policy.maximumWaiters = 5
    let world = world([pair], policy: policy)
    world.source.hold()
    let token = good(pair)
    await withTaskGroup(of: String.self) { group in
      for _ in 0..<20 { group.addTask { await world.outcome(of: token) } }
      var refused = 0
      while refused < 14, let outcome = await group.next() {
        #expect(outcome == "unavailable")
        refused += 1
      }
      world.source.release()
      for await outcome in group { #expect(outcome == "genuine") }
    }
    #expect(world.source.asked.count == 1)
  }

  @Test("keys that are used are fetched again in the background, and a key that is gone is refused then")
  func background() async {
    let world = world([pair])
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await world.directory.run() }
      await world.source.waitUntilAsked(1)
      #expect(await world.outcome(of: good(pair)) == "genuine")
      world.clock.advance(by: TimeSpan(milliseconds: 599_999))
      #expect(await world.outcome(of: good(pair)) == "genuine")
      #expect(world.source.asked.count == 1)
      world.source.serve(IssuerKeyPair.keySet([next]), at: VerifierWorld.keysAddress)
      world.clock.advance(by: TimeSpan(milliseconds: 1))
      #expect(await world.outcome(of: good(pair)) == "genuine")
      await world.source.waitUntilAsked(2)
      #expect(await world.outcome(of: good(next)) == "genuine")
      #expect(await world.outcome(of: good(pair)) == "unknown_key")
      #expect(world.source.asked.count == 2)
      group.cancelAll()
    }
  }

  private static let configuration = "https://issuer.example/.well-known/openid-configuration"

  @Test("discovery finds the keys, and is asked again only after a failure")
  func discovery() async {
    let world = world([pair], keys: .discovery)
    world.source.serve(
      #"{"issuer":"https://issuer.example","jwks_uri":"\#(VerifierWorld.keysAddress)"}"#, at: Self.configuration)
    #expect(await world.outcome(of: good(pair)) == "genuine")
    world.clock.advance(by: .minutes(10))
    await world.directory.refreshDue()
    #expect(world.source.asked == [Self.configuration, VerifierWorld.keysAddress, VerifierWorld.keysAddress])
    world.source.serve(nil, at: VerifierWorld.keysAddress)
    world.clock.advance(by: .minutes(10))
    await world.directory.refreshDue()
    world.source.serve(IssuerKeyPair.keySet([pair]), at: "https://elsewhere.example/keys")
    world.source.serve(
      #"{"issuer":"https://issuer.example","jwks_uri":"https://elsewhere.example/keys"}"#, at: Self.configuration)
    world.clock.advance(by: .seconds(30))
    await world.directory.refreshDue()
    #expect(world.source.asked.suffix(2) == [Self.configuration, "https://elsewhere.example/keys"])
    #expect(await world.outcome(of: good(pair)) == "genuine")
  }

  @Test(
    "a configuration of another issuer, without an address of keys, or with one in the clear is not taken",
    arguments: [
      #"{"issuer":"https://other.example","jwks_uri":"https://issuer.example/keys"}"#,
      #"{"issuer":"https://issuer.example/","jwks_uri":"https://issuer.example/keys"}"#,
      #"{"jwks_uri":"https://issuer.example/keys"}"#, #"{"issuer":"https://issuer.example"}"#,
      #"{"issuer":"https://issuer.example","jwks_uri":1}"#, #"{"issuer":"https://issuer.example","jwks_uri":""}"#,
      #"{"issuer":"https://issuer.example","jwks_uri":"http://issuer.example/keys"}"#,
      #"{"issuer":"https://issuer.example","jwks_uri":"file:///etc/passwd"}"#, "[]", "",
      #"{"issuer":"https://issuer.example","jwks_uri":"https://issuer.example/keys","jwks_uri":"https://b.example"}"#,
    ])
  func badConfiguration(document: String) async {
    let world = world([pair], keys: .discovery)
    world.source.serve(document, at: Self.configuration)
    #expect(await world.outcome(of: good(pair)) == "unavailable")
    #expect(world.source.asked == [Self.configuration])
  }

  @Test("the configuration of an issuer with tenants is the common one, and says the pattern itself")
  func tenantDiscovery() async {
    let pattern = "https://login.example/{tenantid}/v2.0"
    let tenant = "9188040d-6c67-4c5b-b112-36a304b66dad"
    let world = VerifierWorld([pair], keys: .discovery) { $0.issuer = ExactText(pattern) }
    let address = "https://login.example/common/v2.0/.well-known/openid-configuration"
    world.source.serve(#"{"issuer":"\#(pattern)","jwks_uri":"\#(VerifierWorld.keysAddress)"}"#, at: address)
    let claims = VerifierWorld.claims(["iss": "\"https://login.example/\(tenant)/v2.0\"", "tid": "\"\(tenant)\""])
    #expect(await world.outcome(of: pair.token(claims)) == "genuine")
    #expect(world.source.asked == [address, VerifierWorld.keysAddress])
  }
}
