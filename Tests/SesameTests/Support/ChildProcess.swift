import Foundation

/// A process that this test started, its output captured.
///
/// Unchecked, because `Process` is not marked: after the start only its number, and whether it runs, are read, and what
/// changes is touched under the condition's lock.
final class ChildProcess: @unchecked Sendable {
  let output: CapturedLines
  let errors: CapturedLines
  private let process = Process()
  private let condition = NSCondition()
  private var status: Int32?

  /// Starts a program, found on the PATH unless `program` has a slash, in `folder`.
  ///
  /// It inherits nothing from the test's environment that could be a setting of the program under test.
  init(_ program: String, _ arguments: [String], in folder: String, environment: [String: String] = [:]) throws {
    var variables = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("SESAME_") }
    variables.merge(environment) { _, given in given }
    let (standardOutput, standardError) = (Pipe(), Pipe())
    if program.contains("/") {
      process.executableURL = URL(fileURLWithPath: program)
      process.arguments = arguments
    } else {
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments = [program] + arguments
    }
    process.environment = variables
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = standardOutput
    process.standardError = standardError
    output = CapturedLines(standardOutput)
    errors = CapturedLines(standardError)
    process.terminationHandler = { [weak self] ended in
      guard let self else { return }
      // A signal's number is told as shells do.
      let status = ended.terminationReason == .exit ? ended.terminationStatus : 128 + ended.terminationStatus
      condition.withLock {
        self.status = status
        condition.broadcast()
      }
    }
    try process.run()
  }

  deinit { send(SIGKILL) }

  /// Sends a signal if the process still runs.
  func send(_ signal: Int32) {
    if process.isRunning { kill(process.processIdentifier, signal) }
  }

  /// Waits for the end, and answers the exit status, or 128 and the number of the signal; `nil` if time is up.
  func waitForEnd(limit: Duration = .seconds(30)) -> Int32? {
    let end = Date() + Double(limit.components.seconds)
    condition.lock()
    defer { condition.unlock() }
    while status == nil, condition.wait(until: end) {}
    return status
  }
}

/// What a program said before it ended.
struct ProgramRun {
  let status: Int32?
  let output: [String]
  let errors: [String]

  /// Runs a program to its end.
  init(_ program: String, _ arguments: [String], in folder: String, environment: [String: String] = [:]) throws {
    let child = try ChildProcess(program, arguments, in: folder, environment: environment)
    status = child.waitForEnd()
    output = child.output.waitForEnd()
    errors = child.errors.waitForEnd()
  }

  /// Runs `sesame` to its end.
  init(sesame arguments: [String], in folder: String, environment: [String: String] = [:]) throws {
    try self.init(RunningProgram.executable, arguments, in: folder, environment: environment)
  }

  /// All that it wrote to standard error.
  var complaint: String { errors.joined(separator: "\n") }
}
