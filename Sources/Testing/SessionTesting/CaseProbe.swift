internal import SessionCore

/// What a case is given: something under test, and how to say what was expected of it.
protocol CaseProbe: Sendable {
  /// The name of the case, for its failures.
  var caseName: String { get }
}

extension CaseProbe {
  /// The time at which most cases play.
  static var now: Timestamp { Timestamp(milliseconds: 1_700_000_000_000) }
  var now: Timestamp { Self.now }

  func expect(_ isTrue: Bool, _ expectation: String, found: @autoclosure () -> String = "otherwise") throws {
    guard isTrue else { throw ConformanceFailure(caseName: caseName, expectation: expectation, found: found()) }
  }

  func equal<Value: Equatable>(_ found: Value, _ expected: Value, _ what: String) throws {
    try expect(found == expected, "\(what) to be \(expected)", found: "\(found)")
  }

  /// What is there, or a failure that says what is missing.
  func unwrap<Value>(_ value: Value?, _ what: String) throws -> Value {
    guard let value else { throw ConformanceFailure(caseName: caseName, expectation: what, found: "nil") }
    return value
  }

  /// Expects every one of these calls to throw that the store is shut down.
  func expectClosed(_ calls: [() async throws -> Void]) async throws {
    for (number, call) in calls.enumerated() {
      do {
        try await call()
      } catch let error as StoreError {
        try equal(error.code, .closed, "the error of call \(number)")
        continue
      }
      try expect(false, "call \(number) to throw after the shutdown", found: "an answer")
    }
  }

  /// Runs `count` tasks at once, and answers what they answered.
  func together<Result: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (Int) async throws -> Result
  ) async throws -> [Result] {
    try await withThrowingTaskGroup(of: Result.self) { group in
      for index in 0..<count { group.addTask { try await body(index) } }
      var results: [Result] = []
      for try await result in group { results.append(result) }
      return results
    }
  }
}
