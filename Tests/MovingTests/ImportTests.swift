import Accounts
import JSON
import MemoryStore
import Moving
import SessionCore
import SessionTesting
import Testing

@Suite("Importing") struct ImportTests {
  let world: MovingWorld

  init() throws { world = try MovingWorld() }

  @Test("what was exported is in the other store as it was: sessions, accounts with their hashes, keys by their digest")
  func moves() async throws {
    let (from, to) = (try await world.filledStore(), MemoryStore())
    _ = try await world.export(from)
    let report = try await world.load(to)
    #expect(report.added == .of(1, 2, 2))
    #expect(report.kept == .of(0, 0, 0))
    #expect(report.fault == nil)
    for number in [1, 2] as [UInt64] {
      let id = world.session(number).id
      #expect(try await to.session(id) == from.session(id))
    }
    for number in [7, 9] as [Int64] {
      let id = AccountID(number)
      #expect(try await to.account(id) == from.account(id))
      #expect(try await to.passwordHash(of: id) == from.passwordHash(of: id))
    }
    let key = try #require(try await to.serviceKey(digest: (0..<32).map { UInt8($0) &* 37 }))
    #expect(key.name == "backend")
    #expect(key.scopes == [.sessionsRead, .admin])
    #expect(key.expires == world.now + .days(9))
  }

  @Test("importing again changes nothing, and says that all is there")
  func twice() async throws {
    let to = MemoryStore()
    _ = try await world.export(try await world.filledStore())
    _ = try await world.load(to)
    let id = world.session(1).id
    _ = try await to.close(id, reason: .logout, by: Actor(.service), now: world.now)
    let before = try await to.session(id)
    let report = try await world.load(to)
    #expect(report.added == .of(0, 0, 0))
    #expect(report.kept == .of(1, 2, 2))
    #expect(try await to.session(id) == before)
    #expect(try await to.serviceKeys(after: 0, limit: 10).count == 1)
  }

  @Test("sessions whose time is up by now are counted and left out; closed ones come as they are")
  func ended() async throws {
    _ = try await world.export(try await world.filledStore()) { $0.includesEnded = true }
    world.clock.advance(by: .hours(2))
    let to = MemoryStore()
    let report = try await world.load(to)
    #expect(report.ended == 2)
    #expect(report.added.sessions == 2)
    #expect(try await to.session(world.session(4).id)?.closeReason == .logout)
    #expect(try await to.session(world.session(1).id) == nil)
  }

  @Test("more than one batch is imported whole, and the place that is told has all before it stored")
  func batches() async throws {
    let from = MemoryStore()
    let many = (1...25_000).map { world.session($0) }
    _ = try await from.insertAll(many)
    #expect(try await world.export(from).sessions == 25_000)
    let to = MemoryStore()
    var source = try ExportReader(world.path("out"))
    var places: [SourcePlace] = []
    let report = try await Importer(store: to, clock: world.clock).run(&source) { (_, place) throws(MovingError) in
      if let place { places.append(place) }
    }
    #expect(report.added.sessions == 25_000)
    #expect(try await to.count(SessionFilter(), now: world.now) == 25_000)
    // From the first place on, an import into another store finds exactly what was not stored by then.
    var rest = try ExportReader(world.path("out"))
    try rest.resume(at: try #require(places.first))
    let other = MemoryStore()
    let second = try await Importer(store: other, clock: world.clock).run(&rest)
    #expect(places.first?.line == 10_001)
    #expect(second.added.sessions == 15_000)
    #expect(second.fault == nil)
  }

  @Test("a note beside the file is read as it was written, and knows another file and another store")
  func note() async throws {
    _ = try await world.export(try await world.filledStore())
    var source = try ExportReader(world.path("out"))
    _ = try source.next()
    let place = try #require(source.place)
    let note = ImportNote(of: source, at: place, store: "postgres://db")
    try note.save(beside: world.path("out"))
    #expect(try ImportNote(beside: world.path("out")) == note)
    #expect(try world.mode("out.imported") == 0o600)
    #expect(note != ImportNote(of: source, at: place, store: "postgres://other"))
    world.clock.advance(by: .seconds(1))
    _ = try await world.export(try await world.filledStore(), to: "new")
    #expect(note != ImportNote(of: try ExportReader(world.path("new")), at: place, store: "postgres://db"))
    try ImportNote.remove(beside: world.path("out"))
    #expect(try ImportNote(beside: world.path("out")) == nil)
    #expect(throws: MovingError.self) {
      try source.resume(at: SourcePlace(line: 9, offset: 1 << 40))
    }
  }

  @Test("a file that was cut off is imported as far as it goes, and said to have no end")
  func cutOff() async throws {
    _ = try await world.export(try await world.filledStore())
    let lines = try world.lines("out")
    try world.write(lines.dropLast().joined(separator: "\n") + "\n", to: "out")
    let report = try await world.load(MemoryStore())
    #expect(report.added == .of(1, 2, 2))
    #expect(report.fault?.contains("no end") == true)
    try world.write((lines[..<4] + lines[5...]).joined(separator: "\n"), to: "out")
    #expect(try await world.load(MemoryStore()).fault?.contains("lines are missing") == true)
  }

  @Test(
    "an account whose number, address, name or link is another's ends the import with its line, and changes nothing")
  func conflicts() async throws {
    _ = try await world.export(try await world.filledStore())
    let profile = world.fullProfile(7)
    let other: [(Int64, AccountProfile, String)] = [
      (7, world.fullProfile(1), "number 7"), (1, AccountProfile.of { $0.email = profile.email }, "email"),
      (1, .of { $0.username = profile.username }, "username"), (1, .of { $0.links = profile.links }, "links"),
    ]
    for (number, profile, expected) in other {
      let to = MemoryStore()
      let account = Account(
        id: AccountID(number), profile: profile, created: world.now, hasPassword: false, revision: 1)
      #expect(try await to.move(MovedAccount(account, password: nil)) == .added)
      let error = await #expect(throws: MovingError.self) { try await world.load(to) { $0.skipsBad = true } }
      #expect(error?.code == .conflict)
      #expect(error?.description.hasPrefix("line 3: ") == true)
      #expect(error?.description.contains(expected) == true)
      #expect(try await to.account(AccountID(number)) == account)
      #expect(try await to.count(SessionFilter(), now: world.now) == 0)
    }
  }
}

extension AccountProfile {
  fileprivate static func of(_ change: (inout AccountProfile) -> Void) -> AccountProfile {
    var profile = AccountProfile()
    change(&profile)
    return profile
  }
}
