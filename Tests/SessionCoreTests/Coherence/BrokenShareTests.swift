import MemoryStore
import SessionCore
import SessionTesting
import Synchronization
import Testing

/// What is wrong with a shared store, and how a case that finds it out begins.
struct BrokenShare: Sendable, CustomTestStringConvertible {
  typealias Distortion = @Sendable (ChangeNote, Int) -> [(ChangeNote, Int)]

  let finder: String
  let name: String
  /// A new distortion for each place.
  let distort: @Sendable () -> Distortion
  var testDescription: String { "\(finder): \(name)" }

  init(_ finder: String, _ name: String, _ distort: @escaping Distortion) {
    self.init(finder, name, making: { distort })
  }

  init(_ finder: String, _ name: String, making distort: @escaping @Sendable () -> Distortion) {
    self.finder = finder
    self.name = name
    self.distort = distort
  }

  static let all = [
    BrokenShare("insert", "does not tell of openings") { note, lane in
      if case .session(_, revision: 1) = note { [] } else { [(note, lane)] }
    },
    BrokenShare("close", "tells an old revision") { note, lane in
      if case .session(let id, let revision) = note {
        [(.session(id, revision: revision - 1), lane)]
      } else {
        [(note, lane)]
      }
    },
    BrokenShare("remove", "does not tell of removals") { note, lane in
      if case .session(_, revision: .max) = note { [] } else { [(note, lane)] }
    },
    BrokenShare("close matching", "tells of the first of many only") {
      let last = Shared(Mutex<Int64>(0))
      return { note, lane in
        guard case .session(_, let revision) = note, revision > 1 else { return [(note, lane)] }
        return last.value.withLock { count in
          count += 1
          return count > 1 ? [] : [(note, lane)]
        }
      }
    },
    BrokenShare("replace", "sends along another lane") { note, lane in
      if case .session = note { [(note, lane == 0 ? 1 : 0)] } else { [(note, lane)] }
    },
    BrokenShare("accounts", "does not tell of accounts") { note, lane in
      if case .account = note { [] } else { [(note, lane)] }
    },
    BrokenShare("accounts", "tells of another account") { note, lane in
      if case .account(let number) = note { [(.account(number + 1), lane)] } else { [(note, lane)] }
    },
    BrokenShare("service keys", "does not tell of keys") { note, lane in note == .serviceKeys ? [] : [(note, lane)] },
    BrokenShare("heartbeat: sent after", "lets heartbeats overtake the notes before them") {
      let held = Shared(Mutex<[(ChangeNote, Int)]>([]))
      return { note, lane in
        held.value.withLock { held in
          guard case .heartbeat = note else {
            held.append((note, lane))
            return []
          }
          defer { held = [] }
          return [(note, lane)] + held
        }
      }
    },
    BrokenShare("order", "tells in another order") {
      let held = Shared(Mutex<[(ChangeNote, Int)]>([]))
      return { note, lane in
        held.value.withLock { held in
          guard case .session = note, held.isEmpty else {
            defer { held = [] }
            return [(note, lane)] + held
          }
          held = [(note, lane)]
          return []
        }
      }
    },
  ]
}

@Suite("The cases of shared stores find broken ones") struct BrokenShareTests {
  @Test("a store is found out", arguments: BrokenShare.all)
  func found(broken: BrokenShare) async {
    var failures: [ConformanceFailure] = []
    for promise in SharedStoreCase.all where promise.name.hasPrefix(broken.finder) {
      do {
        try await promise.run {
          let place = SharedMemory(MemoryStore(), lanes: 3, distort: broken.distort())
          return (place.node(), place.node())
        }
      } catch let failure as ConformanceFailure {
        failures.append(failure)
      } catch {
        Issue.record("\(promise.name) threw something else: \(error)")
      }
    }
    #expect(!failures.isEmpty, "no case of \(broken.finder) has found that the store \(broken.name)")
  }

  @Test("a store whose clock runs away gives a task to two")
  func runaway() async {
    var failures = 0
    for promise in SharedStoreCase.all where promise.name.hasPrefix("holdTask") {
      do {
        try await promise.run {
          let place = SharedMemory(MemoryStore(), clock: RunawayClock())
          return (place.node(), place.node())
        }
      } catch { failures += 1 }
    }
    #expect(failures >= 2)
  }
}

/// A clock that is an hour further whenever somebody looks.
private final class RunawayClock: SessionClock {
  private let clock = ManualClock(Timestamp(milliseconds: 1_800_000_000_000))
  func now() -> Timestamp {
    clock.advance(by: .hours(1))
    return clock.now()
  }
}
