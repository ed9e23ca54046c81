import Accounts
import SessionCore
import SessionTesting
import Testing

@Suite struct GuessingTests {
  private static let email = "ana@example.com"

  @Test("of 200 parallel wrong passwords no more are looked at than may be, and the true user elsewhere gets in")
  func parallel() async throws {
    let world = try await AccountsWorld(policy: { $0.delayAfter = 1000 })
    try await world.create(Self.email)
    let verdicts = try await inParallel(200) { try await world.logIn(Self.email, "wrong \($0)") }
    #expect(world.hasher.verifications == 10)
    #expect(verdicts.count { $0.isRefused } == 10)
    #expect(verdicts.count { $0.wait == .minutes(15) } == 190)
    #expect(try await world.logIn(Self.email, from: "198.51.100.1").opened != nil)
    // The right password does not open from where it was guessed, or the answer would tell that it is right.
    #expect(try await world.logIn(Self.email).wait != nil)
    world.clock.advance(by: .minutes(15))
    #expect(try await world.logIn(Self.email).opened != nil)
  }

  @Test("from the fifth wrong password on each further try waits twice as long, and the eleventh for the window's end")
  func delays() async throws {
    let world = try await AccountsWorld()
    try await world.create(Self.email)
    for _ in 0..<5 { #expect(try await world.logIn(Self.email, "wrong").isRefused) }
    for seconds in [1, 2, 4, 8, 16] as [Int64] {
      #expect(try await world.logIn(Self.email, "wrong").wait == .seconds(seconds))
      world.clock.advance(by: .seconds(seconds))
      #expect(try await world.logIn(Self.email, "wrong").isRefused)
    }
    world.clock.advance(by: .seconds(60))
    #expect(try #require(try await world.logIn(Self.email).wait) > .minutes(10))
    #expect(world.hasher.verifications == 10)
  }

  @Test("an unknown address waits just as a known one does")
  func unknown() async throws {
    var waits: [[TimeSpan?]] = []
    for email in [Self.email, "nobody@example.com"] {
      let world = try await AccountsWorld()
      try await world.create(Self.email)
      var wait: [TimeSpan?] = []
      for _ in 0..<20 { wait.append(try await world.logIn(email, "wrong").wait) }
      waits.append(wait)
    }
    #expect(waits[0] == waits[1])
    #expect(waits[0].contains { $0 != nil })
  }

  @Test("another spelling of the domain is the same account to the count")
  func spelling() async throws {
    let world = try await AccountsWorld()
    try await world.create(Self.email)
    for domain in ["example.com", "EXAMPLE.com", "Example.COM", "example.Com", "eXample.com"] {
      #expect(try await world.logIn("ana@" + domain, "wrong").isRefused)
    }
    #expect(try await world.logIn(Self.email, "wrong").wait != nil)
  }

  @Test("one address gets ten wrong passwords for all accounts together, and other addresses are free")
  func perAddress() async throws {
    let world = try await AccountsWorld()
    try await world.create(Self.email)
    for index in 0..<10 { #expect(try await world.logIn("u\(index)@example.com", "wrong").isRefused) }
    #expect(try await world.logIn(Self.email).wait == .minutes(15))
    #expect(try await world.logIn(Self.email, from: "192.0.2.2").opened != nil)
  }

  @Test("an IPv6 network of 64 bits is one address")
  func network() async throws {
    let world = try await AccountsWorld()
    for index in 0..<10 {
      #expect(try await world.logIn("u\(index)@example.com", "x", from: "2001:db8:0:1::\(index)").isRefused)
    }
    #expect(try await world.logIn("u@example.com", from: "2001:db8:0:1:ffff::1").wait != nil)
    #expect(try await world.logIn("u@example.com", from: "2001:db8:0:2::1").isRefused)
  }

  @Test("one account takes a hundred wrong passwords from all addresses together")
  func perAccount() async throws {
    let world = try await AccountsWorld()
    try await world.create(Self.email)
    for index in 0..<100 { #expect(try await world.logIn(Self.email, "wrong", from: "192.0.2.\(index)").isRefused) }
    #expect(try await world.logIn(Self.email, from: "198.51.100.1").wait != nil)
    world.clock.advance(by: .minutes(15))
    #expect(try await world.logIn(Self.email, from: "198.51.100.1").opened != nil)
  }

  @Test("right passwords use up nothing: an office logs in behind one address")
  func office() async throws {
    let world = try await AccountsWorld()
    for index in 0..<30 {
      try await world.create("u\(index)@example.com")
      #expect(try await world.logIn("u\(index)@example.com").opened != nil)
    }
    for _ in 0..<150 { #expect(try await world.logIn("u0@example.com").opened != nil) }
  }

  @Test("a right password forgets the wrong ones before it, for that account from that address")
  func forgiven() async throws {
    let world = try await AccountsWorld(policy: { $0.attemptsPerAddress = 1000 })
    try await world.create(Self.email)
    for _ in 0..<5 {
      for _ in 0..<4 { #expect(try await world.logIn(Self.email, "wrong").isRefused) }
      #expect(try await world.logIn(Self.email).opened != nil)
    }
  }

  @Test("a guesser's own account does not give the address its tries back")
  func ownAccount() async throws {
    let world = try await AccountsWorld()
    try await world.create("eve@example.com")
    var refused = 0
    for index in 0..<50 {
      if try await world.logIn("u\(index)@example.com", "wrong").isRefused { refused += 1 }
      _ = try await world.logIn("eve@example.com")
    }
    #expect(refused == 10)
  }

  @Test("a flood of tries is one entry of the log in a window")
  func flood() async throws {
    let world = try await AccountsWorld()
    let account = try await world.create(Self.email)
    for _ in 0..<300 { _ = try await world.logIn(Self.email, "wrong") }
    for index in 0..<300 { _ = try await world.logIn("u\(index)@example.com", "wrong") }
    var throttled = try await world.events(.loginRefused).filter { $0.reason == "throttled" }
    #expect(throttled.map(\.userID) == [account.id.userID])
    #expect(try await world.events(.loginRefused).count <= 11)
    world.clock.advance(by: .minutes(30))
    for _ in 0..<300 { _ = try await world.logIn(Self.email, "wrong") }
    throttled = try await world.events(.loginRefused).filter { $0.reason == "throttled" }
    #expect(throttled.count == 2)
  }
}
