import Administration
import Commands
import Configuration
import Glibc
import Terminal

/// The program `sesame`: runs what its command line asks for and answers its exit status.
///
/// 0 is done, 1 failed, 2 wrong use; every error is a sentence on standard error that says what to do.
public enum Program {
  /// Runs the program and ends the process; call it on the main thread, before any other runs.
  ///
  /// `words` are all words of the command line, the program's name first.
  public static func main(_ words: [String]) -> Never {
    ProcessSecrecy.begin()
    Signals.block()
    Task {
      let status = await run(Array(words.dropFirst()), environment: environment)
      fflush(nil)
      exit(status)
    }
    Signals.take()
  }

  /// Runs the command that `arguments` name.
  ///
  /// - Parameters:
  ///   - arguments: the words behind the program's name.
  ///   - environment: every variable.
  /// - Returns: the exit status.
  public static func run(_ arguments: [String], environment: [String: String]) async -> Int32 {
    guard !arguments.isEmpty else {
      tell(help([ProgramCommands.root]))
      return 2
    }
    let parser = CommandParser(ProgramCommands.root, environment: environment) { handle in
      Signals.watch { _ in handle() }
    }
    do throws(CommandError) {
      switch try parser.read(arguments) {
      case .help(let path):
        tell(help(path))
        return 0
      case .run(let command, let invocation):
        return try await command.action?(invocation) ?? 2
      }
    } catch {
      complain(error.description)
      return error.exitStatus
    }
  }

  /// Every variable of this process that is UTF-8.
  public static var environment: [String: String] {
    var variables: [String: String] = [:]
    var entry = unsafe environ
    while let text = unsafe entry.pointee {
      let parts = unsafe String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
      unsafe entry += 1
    }
    return variables
  }

  /// The help of a command, as wide as the terminal, but no wider than can be read.
  static func help(_ path: [Command]) -> String {
    CommandHelp(path, width: min(Terminal.output.width ?? 100, 100)).text
  }

  /// The settings of an invocation.
  static func settings(_ invocation: Invocation) throws(CommandError) -> Settings {
    do throws(ConfigurationError) {
      return try Settings.load(
        options: invocation.options, environment: invocation.environment,
        otherVariables: Administration.variables.union([KeyRingKeeper.variable]))
    } catch {
      let isWrongUse = error.code == .wrongUse || error.code == .unknownSetting
      throw CommandError(isWrongUse ? .wrongUse : .failed, error.description)
    }
  }

  /// Writes a text and a line end to standard output.
  static func tell(_ text: String) { Terminal.output.line(text) }

  /// Writes a text that has its own line ends to standard output.
  static func write(_ text: String) { Terminal.output.write(text) }

  /// Writes a sentence to standard error.
  static func complain(_ sentence: String) { Terminal.errors.line("sesame: \(sentence)") }
}
