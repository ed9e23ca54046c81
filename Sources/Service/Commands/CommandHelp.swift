/// The help of a command, as a terminal shows it.
public struct CommandHelp: Sendable {
  private let path: [Command]
  private let width: Int

  /// The help of the command at the end of a path, the program first, in lines of at most `width` columns.
  ///
  /// Less than 40 columns count as 40.
  public init(_ path: [Command], width: Int = 100) {
    self.path = path
    self.width = max(40, width)
  }

  /// The text, without a line end behind it.
  public var text: String {
    guard let command = path.last else { return "" }
    var parts = ["Usage: \(CommandParser.words(path))\(Self.usage(of: command))", wrapped(command.summary)]
    if !command.discussion.isEmpty { parts += paragraphs(command.discussion) }
    if command.action == nil {
      parts.append(rows("Commands", command.visibleSubcommands.map { (Self.name(of: $0), $0.summary) }))
      let words = path.dropFirst().map { " \($0.name)" }.joined()
      parts.append("More about one: \(path[0].name) help\(words) COMMAND")
    }
    if !command.arguments.isEmpty {
      parts.append(rows("Arguments", command.arguments.map { ($0.placeholder, Self.summary($0)) }))
    }
    if !command.options.isEmpty {
      parts.append(rows("Options", command.options.map { ($0.usage, Self.summary($0)) }))
    }
    if !command.examples.isEmpty {
      parts.append("Examples:\n" + command.examples.map { "  \($0)" }.joined(separator: "\n"))
    }
    return parts.joined(separator: "\n\n")
  }

  /// What stands behind the words of a command, with a space before it.
  static func usage(of command: Command) -> String {
    guard command.action != nil else { return " COMMAND [OPTIONS]" }
    return (command.options.isEmpty ? "" : " [OPTIONS]") + command.arguments.map { " \($0.usage)" }.joined()
  }

  /// A command as lists call it: by its option where it has one, such as "--version".
  static func name(of command: Command) -> String {
    command.aliases.first { $0 == "--\(command.name)" && command.name == "version" } ?? command.name
  }

  /// What an option is for, and what there is to choose from.
  static func summary(_ option: CommandOption) -> String { option.summary + choice(option.shape) }

  /// What an argument is for, and what there is to choose from.
  static func summary(_ argument: CommandArgument) -> String { argument.summary + choice(argument.shape) }

  private static func choice(_ shape: ValueShape) -> String {
    switch shape {
    case .words(let words): " One of: \(words.joined(separator: ", "))."
    case .wordList(let words): " With commas between: \(words.joined(separator: ", "))."
    case .number(let range): " \(range.lowerBound) to \(range.upperBound)."
    default: ""
    }
  }

  private func paragraphs(_ text: String) -> [String] {
    Self.paragraphs(text).map { wrapped($0) }
  }

  static func paragraphs(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).split(separator: "").map { lines in
      lines.joined(separator: " ")
    }
  }

  /// Names and what they are for, in two columns; a name that is too long stands in a line of its own.
  private func rows(_ title: String, _ rows: [(name: String, summary: String)]) -> String {
    let column = min(24, rows.map(\.name.count).max() ?? 0) + 4
    let lines = rows.map { name, summary in
      let text = Self.wrap(summary, width: width - column)
      let first = "  \(name)"
      let begin =
        first.count + 2 <= column
        ? first + String(repeating: " ", count: column - first.count)
        : first + "\n" + String(repeating: " ", count: column)
      return begin + text.joined(separator: "\n" + String(repeating: " ", count: column))
    }
    return "\(title):\n" + lines.joined(separator: "\n")
  }

  private func wrapped(_ text: String) -> String { Self.wrap(text, width: width).joined(separator: "\n") }

  /// A text in lines of at most `width` characters, broken at spaces; a longer word has a line of its own.
  static func wrap(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        line = ""
      }
      line += line.isEmpty ? String(word) : " \(word)"
    }
    return lines + (line.isEmpty ? [] : [line])
  }
}
