import SessionTesting
import Testing

/// A store that breaks one promise about accounts, log-ins or keys, and how the cases that must find it out begin.
struct AccountBreakage: Sendable, CustomTestStringConvertible {
  let name: String
  let cases: String
  let make: @Sendable () -> BrokenAccounts

  init(_ cases: String, _ name: String, _ change: @escaping @Sendable (inout BrokenAccounts) -> Void) {
    self.cases = cases
    self.name = name
    make = { BrokenAccounts(change) }
  }

  var testDescription: String { "\(cases): \(name)" }
}

@Suite("The cases of accounts, log-ins and keys find broken stores") struct BrokenAccountsTests {
  /// A case of any of the three contracts.
  private struct Promise {
    let name: String
    let run: (BrokenAccounts) async throws -> Void

    static var all: [Promise] {
      AccountStoreCase.all.map { promise in
        Promise(name: promise.name) { store in try await promise.run { store } }
      }
        + LoginStoreCase.all.map { promise in
          Promise(name: promise.name) { store in try await promise.run { store } }
        }
        + ServiceKeyStoreCase.all.map { promise in
          Promise(name: promise.name) { store in try await promise.run { store } }
        }
    }
  }

  @Test("a store is found out", arguments: AccountBreakage.all)
  func found(breakage: AccountBreakage) async {
    var failures: [ConformanceFailure] = []
    // A race is lost only now and then; what is broken otherwise is found at once.
    var tries = 20
    while failures.isEmpty, tries > 0 {
      tries -= 1
      for promise in Promise.all where promise.name.hasPrefix(breakage.cases) {
        do {
          try await promise.run(breakage.make())
        } catch let failure as ConformanceFailure {
          #expect(failure.caseName == promise.name)
          failures.append(failure)
        } catch {
          Issue.record("\(promise.name) threw something else: \(error)")
        }
      }
    }
    #expect(!failures.isEmpty, "no case of \(breakage.cases) has found that the store \(breakage.name)")
  }

  @Test("a store that breaks nothing is not found out")
  func sound() async throws {
    for promise in Promise.all { try await promise.run(BrokenAccounts()) }
  }
}
