/// A command of a program, or a group of commands under one name.
///
/// It is declared once: parsing, help, completion and the manual page all come from it.
public struct Command: Sendable {
  /// What a command does; answers the exit status.
  public typealias Action = @Sendable (Invocation) async throws(CommandError) -> Int32

  /// The word that stands for it.
  public let name: String
  /// Other words for it, such as "--version".
  public let aliases: [String]
  /// What it does, in one sentence.
  public let summary: String
  /// More about it; paragraphs have an empty line between.
  public let discussion: String
  /// The words that it takes, in their order.
  public let arguments: [CommandArgument]
  /// The options that it takes, in the order of the help.
  public let options: [CommandOption]
  /// Command lines to learn from.
  public let examples: [String]
  /// Whether it is left out of lists: for programs, not for people.
  public let isHidden: Bool
  /// The commands of a group.
  public let subcommands: [Command]
  /// What it does; `nil` for a group.
  public let action: Action?

  /// A command that does something.
  public init(
    _ name: String, aliases: [String] = [], _ summary: String, discussion: String = "",
    arguments: [CommandArgument] = [], options: [CommandOption] = [], examples: [String] = [], isHidden: Bool = false,
    action: @escaping Action
  ) {
    self.name = name
    self.aliases = aliases
    self.summary = summary
    self.discussion = discussion
    self.arguments = arguments
    self.options = options
    self.examples = examples
    self.isHidden = isHidden
    self.action = action
    subcommands = []
  }

  /// A group of commands; the outermost is the program itself.
  public init(group name: String, _ summary: String, discussion: String = "", _ subcommands: [Command]) {
    self.name = name
    self.summary = summary
    self.discussion = discussion
    self.subcommands = subcommands
    aliases = []
    arguments = []
    options = []
    examples = []
    isHidden = false
    action = nil
  }

  /// The command of a group that a word names; `nil` if none does.
  public func subcommand(_ word: String) -> Command? {
    subcommands.first { $0.name == word || $0.aliases.contains(word) }
  }

  /// The words that lists show.
  var visibleSubcommands: [Command] { subcommands.filter { !$0.isHidden } }
}
