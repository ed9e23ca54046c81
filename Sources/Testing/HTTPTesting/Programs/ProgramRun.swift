/// What a program said before it ended.
public struct ProgramRun: Sendable {
  /// Its exit status, or 128 and the number of the signal that ended it; `nil` if it did not end in time.
  public let status: Int32?
  /// The lines that it wrote to standard output.
  public let output: [String]
  /// The lines that it wrote to standard error.
  public let errors: [String]

  /// Runs a program to its end; see ``ChildProcess``.
  public init(
    _ program: String, _ arguments: [String], in folder: String = "/", environment: [String: String] = [:]
  ) throws {
    let child = try ChildProcess(program, arguments, in: folder, environment: environment)
    status = child.waitForEnd()
    output = child.output.waitForEnd()
    errors = child.errors.waitForEnd()
  }

  /// All that it wrote to standard error.
  public var complaint: String { errors.joined(separator: "\n") }
}
