/// Reads a command line by its declaration.
public struct CommandParser: Sendable {
  /// What a command line asks for.
  public enum Request: Sendable {
    /// To run a command.
    case run(Command, Invocation)
    /// To explain the command or group at the end of this path, the program first.
    case help([Command])
  }

  private let program: Command
  private let environment: [String: String]
  private let onInterruption: @Sendable (@escaping @Sendable () -> Void) -> Void

  /// A parser of a program's command lines; what commands are handed comes along.
  public init(
    _ program: Command, environment: [String: String] = [:],
    onInterruption: @escaping @Sendable (@escaping @Sendable () -> Void) -> Void = { _ in }
  ) {
    self.program = program
    self.environment = environment
    self.onInterruption = onInterruption
  }

  /// Reads the words behind the program's name.
  ///
  /// - Parameter words: the words.
  /// - Returns: what they ask for.
  /// - Throws: ``CommandError/Code/wrongUse`` for whatever is not declared, naming what was probably meant.
  public func read(_ words: [String]) throws(CommandError) -> Request {
    var path = [program]
    var rest = words[...]
    while let command = path.last, command.action == nil {
      guard let word = rest.popFirst() else {
        let names = command.visibleSubcommands.map(\.name).joined(separator: ", ")
        throw CommandError(.wrongUse, "\(Self.words(path)) needs a command behind it: \(names).")
      }
      if let found = command.subcommand(word) {
        path.append(found)
      } else if word == "--help" || word == "-h" {
        return .help(path)
      } else {
        throw Self.unknown(word, in: path)
      }
    }
    guard let command = path.last else { return .help([program]) }
    let given = try Self.read(rest, of: command, named: Self.words(path))
    guard let given else { return .help(path) }
    let invocation = Invocation(
      path: path.map(\.name), arguments: given.arguments, options: given.options, environment: environment,
      onInterruption: onInterruption)
    return .run(command, invocation)
  }

  /// The command or group that these words lead to, with all before it, the program first.
  ///
  /// - Parameter words: the words behind the program's name.
  /// - Returns: the path.
  /// - Throws: ``CommandError/Code/wrongUse`` if there is no such command, naming what was probably meant.
  public func path(to words: [String]) throws(CommandError) -> [Command] {
    var path = [program]
    for word in words {
      guard let found = path.last?.subcommand(word) else { throw Self.unknown(word, in: path) }
      path.append(found)
    }
    return path
  }

  /// The words that lead to a command.
  static func words(_ path: [Command]) -> String { path.map(\.name).joined(separator: " ") }

  private static func unknown(_ word: String, in path: [Command]) -> CommandError {
    let names = path.last?.visibleSubcommands.flatMap { [$0.name] + $0.aliases } ?? []
    let help = "\(path[0].name) help" + path.dropFirst().map { " \($0.name)" }.joined()
    if word.utf8.starts(with: "--".utf8), NearestName.find(word, among: names) == nil {
      return CommandError(
        .wrongUse, "\(word.shown) stands before a command; options stand behind it. See: \(help)")
    }
    let nearest = NearestName.find(word, among: names).map { " Did you mean \"\($0)\"?" } ?? ""
    let whole = path.dropFirst().map { "\($0.name) " }.joined() + word.shown
    return CommandError(.wrongUse, "There is no command \"\(whole)\".\(nearest) See: \(help)")
  }
}
