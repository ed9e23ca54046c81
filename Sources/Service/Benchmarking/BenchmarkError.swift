/// Why a benchmark could not be run; a sentence that says what to do.
public struct BenchmarkError: Error, Sendable, CustomStringConvertible {
  /// What kind of failure it is.
  @nonexhaustive
  public enum Code: String, Sendable {
    /// The command line asks for something that there is not.
    case wrongUse
    /// A program that the benchmark drives is not installed.
    case missingTool
    /// Something that was started or made did not work.
    case failed
    /// It was asked to stop.
    case interrupted
  }

  /// The kind of failure.
  public let code: Code
  /// The sentence.
  public let description: String

  init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }

  static let interrupted = BenchmarkError(.interrupted, "The benchmark was interrupted.")
}
