import Foundation
import HTTPTesting
import JSON
import Synchronization
import Testing

extension RunningProgramTests {
  @Suite struct SoakTests {
    /// How many seconds it takes; `SESAME_SOAK` says how many, 10 if it doesn't.
    private static var seconds: Int {
      ProcessInfo.processInfo.environment["SESAME_SOAK"].flatMap { Int($0) } ?? 10
    }

    /// Where the choices begin; `SESAME_SEED` repeats those of another run, as far as threads let them.
    private static var seed: UInt64 {
      ProcessInfo.processInfo.environment["SESAME_SEED"].flatMap { UInt64($0) } ?? .random(in: 0 ... .max)
    }

    private static let callers = 6

    /// What the process held at a moment.
    private struct Reading: Sendable {
      let memory: Int
      let descriptors: Int
    }

    @Test("a mixed load of openings, ends, log-ins and streams goes on, with flat memory and descriptors")
    func soak() async throws {
      let (seconds, seed) = (Self.seconds, Self.seed)
      print("soak: \(seconds) s, SESAME_SEED=\(seed)")
      // What ends is soon gone: the store has as much after an hour as after a minute.
      let flags = [
        "--set", "session.sweep_interval=1s", "--set", "session.retention=2s", "--set", "events.retention=1m",
        "--set", "session.touch_interval=1s", "--set", "login.attempts_per_address=1000000",
      ]
      try await withProgram(flags) { program in
        let client = try program.client()
        try client.account("ann")
        let empty = try program.descriptors()
        let end = ContinuousClock.now + .seconds(seconds)
        let port = program.port
        let process = program.process.number
        let (readings, callers) = try Self.run(program, port, until: end, seed: seed)
        #expect(callers.flatMap(\.faults).prefix(10) == [], "SESAME_SEED=\(seed)")
        #expect(process == program.process.number && program.process.waitForEnd(limit: .zero) == nil)
        // The last third against the one before: the first is for caches and pools to fill.
        let third = readings.count / 3
        let (middle, last) = (readings.dropFirst(third).prefix(third), readings.suffix(third))
        let before = try #require(middle.map(\.memory).max())
        let after = try #require(last.map(\.memory).max())
        // A short run is still filling them.
        let allowed = max(seconds < 300 ? 32 << 20 : 8 << 20, before / 20)
        #expect(after - before < allowed, "from \(before >> 20) to \(after >> 20) MiB")
        let descriptors = (middle.map(\.descriptors).max() ?? 0, last.map(\.descriptors).max() ?? 0)
        #expect(descriptors.1 <= descriptors.0 + 4, "\(descriptors)")
        // All callers are gone.
        #expect(try client.wait { _ in try program.descriptors() <= empty + 2 }, "descriptors of callers that are gone")
        print(
          "soak: \(callers.reduce(0) { $0 + $1.answers }) answers, memory at most \(before >> 20) MiB in the second "
            + "third and \(after >> 20) MiB in the last, descriptors \(descriptors.0) and \(descriptors.1)")
        #expect(program.stop() == 0)
      }
    }

    /// Has all callers work until the end, while the process is read.
    private static func run(
      _ program: RunningProgram, _ port: Int, until end: ContinuousClock.Instant, seed: UInt64
    ) throws -> (readings: [Reading], callers: [SoakCaller]) {
      let readings = Mutex([Reading]())
      let answers = Atomic(0)
      let process = ProcessReading(program.process.number)
      let done = try inParallel(callers) { number in
        var caller = SoakCaller(number, port: port, seed: seed)
        caller.run(until: end) {
          // By one of them, and now and then: a minute of readings is a few hundred.
          guard answers.add(1, ordering: .relaxed).newValue.isMultiple(of: 200) else { return }
          if let memory = try? process.memory(), let descriptors = try? process.descriptors() {
            readings.withLock { $0.append(Reading(memory: memory, descriptors: descriptors)) }
          }
        }
        return caller
      }
      return (readings.withLock { $0 }, done)
    }
  }
}
