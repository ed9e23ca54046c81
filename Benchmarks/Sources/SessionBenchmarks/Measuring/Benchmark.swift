/// One operation whose cost is measured.
struct Benchmark: Sendable {
  /// Words joined by dots: what is done, and to what.
  let name: String
  /// What one operation is, for the table.
  let summary: String
  /// Makes everything that the operation needs; its cost is not counted.
  let prepare: @Sendable (Scale) async throws -> Prepared

  /// Whether the benchmark is meant by `choice`: its name, or one word of it.
  func isMeant(by choice: String) -> Bool {
    name == choice || name.split(separator: ".").contains { $0 == choice }
  }
}

/// A benchmark that is ready to run.
struct Prepared: Sendable {
  /// The most operations in one go, where each leaves something behind.
  var limit = 10_000_000
  /// Gets ready for that many operations; its cost is not counted.
  var refill: @Sendable (_ count: Int) async throws -> Void = { _ in }
  /// Does that many operations.
  let perform: @Sendable (_ count: Int) async throws -> Void
  /// Lets go of files and threads.
  var finish: @Sendable () async -> Void = {}
}

/// How large the worlds are in which benchmarks run, and where they keep files.
struct Scale: Sendable {
  /// How many sessions are open.
  var sessions = 10_000
  /// The folder for files.
  var folder = "/dev/shm"
}

/// An operation did something else than what was to be measured.
struct Unexpected: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// Has `callers` tasks do `count` operations between them; each is told its number and how many are its own.
func share(
  _ count: Int, among callers: Int, _ body: @escaping @Sendable (_ caller: Int, _ count: Int) async throws -> Void
) async throws {
  try await withThrowingTaskGroup(of: Void.self) { group in
    for caller in 0..<callers {
      let own = count / callers + (caller < count % callers ? 1 : 0)
      if own > 0 { group.addTask { try await body(caller, own) } }
    }
    try await group.waitForAll()
  }
}
