import Accounts
import JSON
import MemoryStore
import Moving
import SessionCore
import Testing

@Suite("Exporting") struct ExportTests {
  let world: MovingWorld

  init() throws { world = try MovingWorld() }

  @Test("a file has a header, keys, accounts, live sessions in their order, and an end that counts them")
  func lines() async throws {
    let counts = try await world.export(try await world.filledStore())
    #expect(counts == .of(1, 2, 2))
    let lines = try world.lines("out")
    let sorts = try lines.map { try JSONDocument(parsing: Array($0.utf8)).root.members.map(\.name).joined() }
    #expect(sorts == ["sesame_export", "key", "account", "account", "session", "session", "end"])
    #expect(lines[0].hasPrefix(#"{"sesame_export":{"version":1,"program":"tests","created":"2025-10-09T08:53:20.000Z"#))
    #expect(lines.last == #"{"end":{"keys":1,"accounts":2,"sessions":2}}"#)
    #expect(lines[4].contains(#""id":"\#(world.session(1).id)""#))
  }

  @Test("only its owner reads the file, and it has its name only when it is whole")
  func mode() async throws {
    _ = try await world.export(try await world.filledStore())
    #expect(try world.mode("out") == 0o600)
    #expect(!world.exists("out.part"))
  }

  @Test("every record comes back from its line as it was")
  func roundTrip() async throws {
    let account = Account(
      id: AccountID(7), profile: world.fullProfile(7), created: world.now, hasPassword: true, revision: .max)
    let key = ServiceKey(
      id: 1, name: "k\n", scopes: [.eventsRead, .admin], created: world.now, expires: nil, lastUsed: nil)
    let records: [MovedRecord] = [
      .session(world.fullSession(1)), .session(world.session(2)),
      .session(world.session(3).closed(.evicted, at: world.now)),
      .account(MovedAccount(account, password: MovingWorld.hash)),
      .account(MovedAccount(account, password: nil)),
      .key(MovedKey(key, digest: Array(repeating: 0xA7, count: 32))),
    ]
    for record in records {
      let bytes = ExportLine.record(record).bytes
      #expect(!bytes.contains(0x0A))
      #expect(try ExportLine(parsing: bytes) == .record(record))
    }
  }

  @Test("sessions that have ended come along when they are asked for, settled")
  func ended() async throws {
    let counts = try await world.export(try await world.filledStore()) { $0.includesEnded = true }
    #expect(counts == .of(1, 2, 4))
    let text = try world.read("out")
    #expect(text.contains(#""close_reason":"logout""#))
    #expect(text.contains(#""close_reason":"idle""#))
  }

  @Test("no file is written over, neither a whole one nor a part")
  func existing() async throws {
    let store = try await world.filledStore()
    try world.write("mine", to: "out")
    await #expect(throws: MovingError.self) { try await world.export(store) }
    await #expect(throws: MovingError.self) { try await world.export(store) { $0.resumes = true } }
    #expect(try world.read("out") == "mine")
    try world.write("part", to: "other.part")
    let error = await #expect(throws: MovingError.self) { try await world.export(store, to: "other") }
    #expect(error?.description.contains("--resume") == true)
    #expect(try world.read("other.part") == "part")
  }

  @Test("an export that was cut off anywhere goes on, and is the same as one that was not")
  func resuming() async throws {
    let store = try await world.filledStore()
    _ = try await world.export(store)
    let whole = try world.read("out")
    let lines = try world.lines("out")
    for count in 1..<lines.count {
      let name = "cut\(count)"
      // With half of the next line, as a crash leaves it.
      let part = lines[..<count].joined(separator: "\n") + "\n" + lines[count].prefix(9)
      try world.write(part, to: name + ".part")
      #expect(try await world.export(store, to: name) { $0.resumes = true } == .of(1, 2, 2))
      #expect(try world.read(name) == whole)
    }
    // With nothing to go on from it begins.
    _ = try await world.export(store, to: "fresh") { $0.resumes = true }
    #expect(try world.read("fresh") == whole)
  }

  @Test("a part that was not written so is refused with its line's number")
  func strangePart() async throws {
    let store = try await world.filledStore()
    _ = try await world.export(store)
    let lines = try world.lines("out")
    for (part, expected) in [
      ("[]\n", "line 1"), ("\(lines[1])\n", "line 1"), ("\(lines[0])\n\(lines[0])\n", "line 2"), ("", "no whole line"),
      ("\(lines[0])\n\(lines[6])\n", "line 2"),
    ] {
      try world.write(part, to: "other.part")
      let error = await #expect(throws: MovingError.self) {
        try await world.export(store, to: "other") { $0.resumes = true }
      }
      #expect(error?.description.contains(expected) == true)
      #expect(!world.exists("other"))
    }
  }

  @Test("when it is cancelled it leaves a part, and goes on from it")
  func cancelling() async throws {
    let store = try await world.filledStore()
    let world = world
    let task = Task {
      while !Task.isCancelled { await Task.yield() }
      return try await world.export(store)
    }
    task.cancel()
    let error = await #expect(throws: MovingError.self) { try await task.value }
    #expect(error?.code == .interrupted)
    #expect(!world.exists("out"))
    #expect(try await world.export(store) { $0.resumes = true } == .of(1, 2, 2))
  }

  @Test("a store that fails leaves what was exported, and says so")
  func failingStore() async throws {
    let store = try await world.filledStore()
    await store.shutdown()
    let error = await #expect(throws: MovingError.self) { try await world.export(store) }
    #expect(error?.code == .store)
    #expect(world.exists("out.part"))
  }
}
