import Foundation
import HTTPTesting
import JSON
import Synchronization
import Testing

extension RunningProgramTests {
  @Suite struct CrashTests {
    private static let writers = 8

    /// How often the server is killed; `SESAME_KILLS` says how often, 20 times if it doesn't.
    private static var kills: Int {
      ProcessInfo.processInfo.environment["SESAME_KILLS"].flatMap { Int($0) } ?? 20
    }

    /// Where the choices begin; `SESAME_SEED` repeats those of another run, as far as threads let them.
    private static var seed: UInt64 {
      ProcessInfo.processInfo.environment["SESAME_SEED"].flatMap { UInt64($0) } ?? .random(in: 0 ... .max)
    }

    @Test("no acknowledged opening, change, renewal or close is lost to kill -9, and nothing is half done")
    func kill() async throws {
      let (seed, kills) = (Self.seed, Self.kills)
      print("crash test: \(kills) kills, SESAME_SEED=\(seed)")
      try await withProgram(["--set", "session.renewal_grace=5m"]) { program in
        var generator = SeededGenerator(seed: seed)
        var ledgers = (0..<Self.writers).map { Ledger(writer: $0) }
        var slowest = Duration.zero
        for round in 1...max(1, kills) {
          ledgers = try Self.writeUntilKilled(program, ledgers, &generator)
          try Self.checkFiles(of: program)
          try program.start()
          slowest = max(slowest, program.startTime)
          #expect(try program.client().send("GET", "/readyz").status == 200)
          ledgers = try Self.check(program, ledgers, all: round == kills)
          #expect(ledgers.flatMap(\.faults) == [], "round \(round), SESAME_SEED=\(seed)")
          if ledgers.contains(where: { !$0.faults.isEmpty }) { break }
        }
        let known = ledgers.reduce(0) { $0 + $1.entries.count + $1.unanswered }
        let count = try program.client().send("GET", "/v2/sessions?limit=1&count=true")["count"]?.integer
        #expect(count == Int64(known), "sessions that nobody asked for, SESAME_SEED=\(seed)")
        #expect(ledgers.reduce(0) { $0 + $1.acknowledged } > kills)
        #expect(program.stop() == 0)
        try Self.checkFiles(of: program)
        let milliseconds = slowest.components.seconds * 1000 + slowest.components.attoseconds / 1_000_000_000_000_000
        print(
          "crash test: \(ledgers.reduce(0) { $0 + $1.acknowledged }) acknowledged changes, \(known) sessions, "
            + "\(ledgers.reduce(0) { $0 + $1.unanswered }) openings done but not answered, "
            + "slowest restart \(milliseconds) ms (promised: 2000 ms)")
      }
    }

    /// Lets all writers work, and kills the server at a moment that nothing but the generator chose.
    private static func writeUntilKilled(
      _ program: RunningProgram, _ ledgers: [Ledger], _ generator: inout SeededGenerator
    ) throws -> [Ledger] {
      let (port, process) = (program.port, program.process)
      let target = Int.random(in: 20...600, using: &generator)
      // So that the kill comes at any moment of the others' requests, and not just behind an answer.
      let delay = Duration.microseconds(Int.random(in: 0...4000, using: &generator))
      let seeds = ledgers.map { _ in generator.next() }
      let answers = Atomic(0)
      return try inParallel(ledgers.count) { index in
        var writer = LedgerWriter(try ServiceClient(port: port), ledgers[index], seed: seeds[index])
        writer.run {
          guard answers.add(1, ordering: .relaxed).newValue == target else { return }
          let moment = ContinuousClock.now + delay
          while .now < moment {}
          process.send(SIGKILL)
        }
        return writer.ledger
      }
    }

    private static func check(_ program: RunningProgram, _ ledgers: [Ledger], all: Bool) throws -> [Ledger] {
      let port = program.port
      return try inParallel(ledgers.count) { index in
        var check = LedgerCheck(try ServiceClient(port: port), ledgers[index])
        try check.run(all: all)
        return check.ledger
      }
    }

    /// Has SQLite look over a copy of what the killed server left: looking at the files themselves would mend them.
    private static func checkFiles(of program: RunningProgram) throws {
      #expect(program.process.waitForEnd() != nil)
      let copy = try TemporaryFolder()
      for name in ["sesame.db", "sesame.db-wal"] {
        let source = program.folder.file("data/\(name)")
        guard FileManager.default.fileExists(atPath: source) else { continue }
        try FileManager.default.copyItem(atPath: source, toPath: copy.file(name))
      }
      let run = try ProgramRun(
        "sqlite3", ["sesame.db", "PRAGMA integrity_check; PRAGMA foreign_key_check;"], in: copy.path)
      #expect(run.status == 0 && run.output == ["ok"], "\(run.output) \(run.complaint)")
    }
  }
}
