import HTTPTesting

extension ProgramRun {
  /// Runs `sesame` to its end.
  init(sesame arguments: [String], in folder: String, environment: [String: String] = [:]) throws {
    try self.init(RunningProgram.executable, arguments, in: folder, environment: environment)
  }
}
