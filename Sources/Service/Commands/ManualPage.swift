/// The manual page of a program, in the language of man(7).
public struct ManualPage: Sendable {
  /// A chapter at the end: names, and what is said of each.
  public struct Chapter: Sendable {
    let title: String
    let entries: [(name: String, text: String)]

    /// A chapter from its parts.
    public init(_ title: String, _ entries: [(name: String, text: String)]) {
      self.title = title
      self.entries = entries
    }
  }

  private let program: Command
  private let version: String
  private let chapters: [Chapter]

  /// The page of a program.
  public init(_ program: Command, version: String, chapters: [Chapter]) {
    self.program = program
    self.version = version
    self.chapters = chapters
  }

  /// The page, with a line end at its end.
  ///
  /// It has no date, so that the same program always writes the same page.
  public var text: String {
    var lines = [
      ".TH \(program.name.uppercased()) 1 \"\" \"\(program.name) \(version)\" \"User Commands\"",
      ".SH NAME", Self.escaped("\(program.name) - \(Self.clause(program.summary))"),
      ".SH SYNOPSIS", ".B \(Self.escaped(program.name))", Self.escaped("COMMAND [OPTIONS]"),
      ".SH DESCRIPTION",
    ]
    lines += paragraphs(program.discussion)
    lines.append(".SH COMMANDS")
    for command in program.visibleSubcommands { add(command, behind: [program], to: &lines) }
    for chapter in chapters {
      lines.append(".SH \(Self.escaped(chapter.title))")
      for (name, text) in chapter.entries { lines += [".TP", ".B \(Self.escaped(name))", Self.escaped(text)] }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func add(_ command: Command, behind path: [Command], to lines: inout [String]) {
    let path = path + [command]
    guard command.action != nil else {
      for subcommand in command.visibleSubcommands { add(subcommand, behind: path, to: &lines) }
      return
    }
    lines.append(".SS \"\(Self.escaped(CommandParser.words(path) + CommandHelp.usage(of: command)))\"")
    lines.append(Self.escaped(command.summary))
    let more = paragraphs(command.discussion)
    if !more.isEmpty { lines += [".PP"] + more }
    for argument in command.arguments {
      lines += [".TP", ".I \(Self.escaped(argument.placeholder))", Self.escaped(CommandHelp.summary(argument))]
    }
    for option in command.options {
      lines += [".TP", ".B \(Self.escaped(option.usage))", Self.escaped(CommandHelp.summary(option))]
    }
    if !command.examples.isEmpty {
      lines += [".PP", ".nf"] + command.examples.map { Self.escaped("    \($0)") } + [".fi"]
    }
  }

  private func paragraphs(_ text: String) -> [String] {
    Array(CommandHelp.paragraphs(text).map { [Self.escaped($0)] }.joined(separator: [".PP"]))
  }

  /// A sentence as the line under NAME has it: without a capital and a full stop.
  private static func clause(_ sentence: String) -> String {
    (sentence.first.map { $0.lowercased() } ?? "") + sentence.dropFirst().prefix { $0 != "." }
  }

  /// Text that is no macro and keeps its hyphens and backslashes (man(7)).
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for character in text {
      switch character {
      case "\\": escaped += "\\e"
      case "-": escaped += "\\-"
      case "\"": escaped += "\\(dq"
      default: escaped.append(character)
      }
    }
    return escaped.hasPrefix(".") || escaped.hasPrefix("'") ? "\\&" + escaped : escaped
  }
}
