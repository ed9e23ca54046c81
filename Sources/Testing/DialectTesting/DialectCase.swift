/// One promise that every dialect keeps, and the test of it.
///
/// The tests of dialects run them all, on each store:
///
/// ```swift
/// @Test("the dialects keep", arguments: DialectCase.all)
/// func contract(promise: DialectCase) async throws {
///   try await promise.run { try await myWorld() }
/// }
/// ```
///
/// A broken promise is thrown as ``DialectFailure``, which names it and the dialect; no test library is needed.
public struct DialectCase: Sendable, CustomStringConvertible {
  /// The promise, as a sentence.
  public let name: String
  private let body: @Sendable (DialectProbe) async throws -> Void

  init(_ name: String, _ body: @escaping @Sendable (DialectProbe) async throws -> Void) {
    self.name = name
    self.body = body
  }

  /// The promise.
  public var description: String { name }

  /// Runs the case for each dialect of a world, on a new world for each.
  ///
  /// Throws the first ``DialectFailure``; what `makeWorld` throws is thrown on.
  public func run(on makeWorld: @Sendable () async throws -> DialectWorld) async throws {
    let count = try await makeWorld().dialects.count
    for index in 0..<count {
      let world = try await makeWorld()
      let probe = DialectProbe(caseName: name, world: world, dialect: world.dialects[index])
      do {
        try await body(probe)
      } catch let failure as DialectFailure {
        throw failure
      } catch {
        throw DialectFailure(caseName: name, dialect: probe.dialect.name, expectation: "no error", found: "\(error)")
      }
    }
  }

  /// Every promise.
  public static let all: [DialectCase] = lifeCases + credentialCases + bodyCases + textCases
}

/// A promise that a dialect did not keep.
public struct DialectFailure: Error, Sendable, CustomStringConvertible {
  /// The name of the case.
  public let caseName: String
  /// The name of the dialect.
  public let dialect: String
  /// What was expected.
  public let expectation: String
  /// What came instead.
  public let found: String

  /// All of it in one sentence.
  public var description: String { "\(dialect): “\(caseName)” is not kept: expected \(expectation), found \(found)" }
}
