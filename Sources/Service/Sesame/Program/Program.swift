import Configuration
import Glibc

/// The program `sesame`: picks the command and answers its exit status.
///
/// 0 is done, 1 failed, 2 wrong use; every error is a sentence on standard error that says what to do.
public enum Program {
  /// Runs the program and ends the process; call it on the main thread, before any other runs.
  ///
  /// `words` are all words of the command line, the program's name first.
  public static func main(_ words: [String]) -> Never {
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
    guard let word = arguments.first else {
      print(Help.overview)
      return 2
    }
    let rest = Array(arguments.dropFirst())
    switch word {
    case "serve", "check", "benchmark", "export", "import":
      if rest.contains("--help") { return help([word]) }
      return switch word {
      case "serve": await ServeCommand.run(rest, environment: environment)
      case "check": await CheckCommand.run(rest, environment: environment)
      case "export": await ExportCommand.run(rest, environment: environment)
      case "import": await ImportCommand.run(rest, environment: environment)
      default: await BenchmarkCommand.run(rest)
      }
    case "help", "--help", "-h": return help(rest)
    case "--version", "version":
      print("sesame \(Version.text)")
      return 0
    default:
      let nearest = NearestName.find(word, among: Help.commands).map { " Did you mean \"\($0)\"?" } ?? ""
      complain("There is no command \"\(printable(word))\".\(nearest) See: sesame help")
      return 2
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

  private static func help(_ words: [String]) -> Int32 {
    guard let word = words.first else {
      print(Help.overview)
      return 0
    }
    guard let text = Help.text(of: word) else {
      let nearest = NearestName.find(word, among: Help.commands).map { " Did you mean \"\($0)\"?" } ?? ""
      complain("There is no command \"\(printable(word))\".\(nearest) See: sesame help")
      return 2
    }
    print(text)
    return 0
  }

  /// The settings of a command line; an error is told, and answers its exit status.
  static func settings(_ arguments: [String], environment: [String: String]) -> Result<Settings, ExitStatus> {
    do throws(ConfigurationError) {
      return .success(
        try Settings.load(
          arguments: arguments, environment: environment, otherVariables: [KeyRingKeeper.variable]))
    } catch {
      complain(error.description)
      return .failure(ExitStatus(code: error.code == .wrongUse || error.code == .unknownSetting ? 2 : 1))
    }
  }

  /// A status that ends the program.
  struct ExitStatus: Error {
    let code: Int32
  }

  /// Writes a sentence to standard error.
  static func complain(_ sentence: String) {
    var line = "sesame: \(sentence)\n"
    line.withUTF8 { bytes in
      _ = unsafe write(STDERR_FILENO, bytes.baseAddress, bytes.count)
    }
  }

  /// A word as it can be shown on a terminal: control characters become "?".
  static func printable(_ word: String) -> String {
    String(
      String.UnicodeScalarView(
        word.unicodeScalars.map { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) ? "?" : $0 }))
  }
}
