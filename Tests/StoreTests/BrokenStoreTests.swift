import MemoryStore
import SessionCore
import SessionTesting
import Testing

/// A store that breaks one promise, and the verb whose cases must find it out.
struct Breakage: Sendable, CustomTestStringConvertible {
  let name: String
  /// How a case that must fail begins.
  let verb: String
  let make: @Sendable (BrokenStore) -> BrokenStore

  init(_ verb: String, _ name: String, _ make: @escaping @Sendable (inout BrokenStore) -> Void) {
    self.verb = verb
    self.name = name
    self.make = { store in
      var store = store
      make(&store)
      return store
    }
  }

  var testDescription: String { "\(verb): \(name)" }
}

/// A case of any of the contracts that a store keeps.
struct StorePromise: Sendable {
  let name: String
  let run: @Sendable (@Sendable () -> BrokenStore) async throws -> Void

  static let all =
    SessionStoreCase.all.map { promise in
      StorePromise(name: promise.name) { makeStore in try await promise.run { makeStore() } }
    }
    + EventStoreCase.all.map { promise in
      StorePromise(name: promise.name) { makeStore in try await promise.run { makeStore() } }
    }
}

@Suite("The contract's cases find broken stores") struct BrokenStoreTests {
  @Test("a store is found out", arguments: Breakage.all)
  func found(breakage: Breakage) async {
    var failures: [ConformanceFailure] = []
    // A race is lost only now and then; what is broken otherwise is found at once.
    var tries = 20
    while failures.isEmpty, tries > 0 {
      tries -= 1
      for promise in StorePromise.all where promise.name.hasPrefix(breakage.verb) {
        do {
          try await promise.run { breakage.make(BrokenStore()) }
        } catch let failure as ConformanceFailure {
          #expect(failure.caseName == promise.name)
          failures.append(failure)
        } catch {
          Issue.record("\(promise.name) threw something else: \(error)")
        }
      }
    }
    #expect(!failures.isEmpty, "no case of \(breakage.verb) has found that the store \(breakage.name)")
  }

  @Test("a store that breaks nothing is not found out")
  func sound() async throws {
    for promise in StorePromise.all { try await promise.run { BrokenStore() } }
  }

  @Test("a failure names its case, what was expected and what came instead")
  func description() async {
    let promise = SessionStoreCase.all[0]
    do {
      try await promise.run { BrokenStore { $0.session = { _, _ in nil } } }
      Issue.record("nothing was thrown")
    } catch {
      #expect("\(error)".contains(promise.name))
      #expect("\(error)".contains("expected"))
    }
  }
}
