import HTTPTesting

extension ProgramRun {
  /// Runs `sesame` on a program's data folder, with a text as its standard input.
  init(
    _ arguments: [String], on program: RunningProgram, input: String? = nil, environment: [String: String] = [:]
  ) throws {
    let words = arguments + ["--data", program.folder.file(RunningProgram.data)]
    guard let input else {
      try self.init(sesame: words, in: program.folder.path, environment: environment)
      return
    }
    var environment = environment
    environment["TEST_INPUT"] = input
    try self.init(
      "sh", ["-c", #"printf '%s' "$TEST_INPUT" | "$0" "$@""#, RunningProgram.executable] + words,
      in: program.folder.path, environment: environment)
  }

  /// The output as one value of JSON.
  var json: JSONReading { JSONReading(output.joined()) }

  /// All that it wrote to standard output.
  var text: String { output.joined(separator: "\n") }
}
