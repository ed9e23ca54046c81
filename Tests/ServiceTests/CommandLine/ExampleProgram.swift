import Commands

/// A program with some of everything that can be declared.
enum ExampleProgram {
  static let program = Command(
    group: "lock", "Opens and shuts doors.", discussion: "One paragraph\nin two lines.\n\nAnother - with \"marks\".",
    [
      Command(
        group: "door", "Does things to doors.",
        [
          Command(
            "list", "Lists doors.",
            options: [
              CommandOption("--state", "STATE", .words(["open", "shut"]), "Doors in that state."),
              CommandOption("--parts", "PARTS", .wordList(["hinge", "handle", "lock"]), "What they must have."),
              CommandOption("--limit", "N", .number(1...100), "How many at most."),
              CommandOption("--map", "FILE", .file, "The plan of the house."),
              CommandOption("--json", "JSON, for programs."),
            ], examples: ["lock door list --state open"], action: done),
          Command(
            "open", "Opens doors.", arguments: [CommandArgument("NAME", .several, "The doors.")], action: done),
          Command(
            "paint", "Paints a door.",
            arguments: [
              CommandArgument("NAME", "The door."),
              CommandArgument("COLOUR", .optional, .words(["red", "green"]), "The colour."),
            ], action: done),
        ]),
      Command(
        "help", aliases: ["--help"], "Explains.", arguments: [CommandArgument("COMMAND", .any, .commandName, "What.")],
        action: done),
      Command("version", aliases: ["--version"], "Prints the version.", action: done),
      Command("secret", "For programs.", isHidden: true, action: done),
    ])

  private static let done: Command.Action = { _ throws(CommandError) in 0 }

  /// The words that led to the command, and what it is given; `nil` if help is asked for.
  static func read(_ words: String...) throws(CommandError) -> Invocation? {
    switch try CommandParser(program).read(words) {
    case .run(_, let invocation): invocation
    case .help: nil
    }
  }
}
