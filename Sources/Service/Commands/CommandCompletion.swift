/// What a shell may offer at the end of a command line.
public struct CommandCompletion: Sendable, Equatable {
  /// One word to offer.
  public struct Candidate: Sendable, Equatable {
    /// The word, whole.
    public let word: String
    /// What it means, in one line; may be empty.
    public let summary: String
  }

  /// What else the shell may offer, of its own knowledge.
  public enum Paths: String, Sendable {
    /// Nothing.
    case none
    /// Files and folders.
    case files
    /// Folders.
    case folders
  }

  /// The words that begin with what stands there already.
  public private(set) var candidates: [Candidate] = []
  /// Whether paths are meant there.
  public private(set) var paths = Paths.none

  /// Finds what may stand in the place of the last of `words`, which may be empty or begun.
  ///
  /// The program's name is not among the words. An equals sign may be a word of its own, as bash has it.
  public init(_ words: [String], of program: Command) {
    var words = words
    let current = words.popLast() ?? ""
    var path = [program]
    var rest = words[...]
    while let command = path.last, command.action == nil {
      guard let word = rest.popFirst() else {
        offerCommands(of: command, current)
        return
      }
      guard let next = command.subcommand(word) else { return }
      path.append(next)
    }
    guard let command = path.last else { return }
    var given: [String] = []
    var open: CommandOption?
    var mayBeOption = true
    while let word = rest.popFirst() {
      if open != nil, word == "=" { continue }
      if open != nil {
        open = nil
      } else if mayBeOption, word == "--" {
        mayBeOption = false
      } else if mayBeOption, word.utf8.starts(with: "--".utf8) {
        open = command.options.first { $0.name == word && $0.placeholder != nil }
      } else {
        given.append(word)
      }
    }
    if let option = open {
      offer(option.shape, current == "=" ? "" : current, program: program, given: [])
    } else if mayBeOption, current.utf8.starts(with: "-".utf8) {
      offerOptions(of: command, current, program: program)
    } else if let place = Self.place(given.count, of: command) {
      offer(place.shape, current, program: program, given: given)
    }
  }

  private static func place(_ index: Int, of command: Command) -> CommandArgument? {
    if index < command.arguments.count { return command.arguments[index] }
    return command.arguments.last.flatMap { $0.mayRepeat ? $0 : nil }
  }

  private mutating func offerCommands(of command: Command, _ begun: String) {
    for subcommand in command.visibleSubcommands { add(CommandHelp.name(of: subcommand), subcommand.summary, begun) }
  }

  private mutating func offerOptions(of command: Command, _ begun: String, program: Command) {
    let parts = begun.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else {
      for option in command.options { add(option.name, option.summary, begun) }
      add("--help", "Explains the command.", begun)
      return
    }
    let name = String(parts[0])
    guard let option = command.options.first(where: { $0.name == name && $0.placeholder != nil }) else { return }
    offer(option.shape, String(parts[1]), program: program, given: [], before: "\(name)=")
  }

  private mutating func offer(
    _ shape: ValueShape, _ begun: String, program: Command, given: [String], before: String = ""
  ) {
    switch shape {
    case .text, .number: break
    case .file: paths = .files
    case .folder: paths = .folders
    case .words(let words):
      for word in words { add(before + word, "", before + begun) }
    case .wordList(let words):
      let done = begun.split(separator: ",", omittingEmptySubsequences: false).dropLast().map(String.init)
      let start = done.map { "\($0)," }.joined()
      for word in words where !done.contains(word) { add(before + start + word, "", before + begun) }
    case .commandName:
      var command = program
      for word in given {
        guard let next = command.subcommand(word) else { return }
        command = next
      }
      for subcommand in command.visibleSubcommands { add(subcommand.name, subcommand.summary, begun) }
    }
  }

  private mutating func add(_ word: String, _ summary: String, _ begun: String) {
    if word.utf8.starts(with: begun.utf8) { candidates.append(Candidate(word: word, summary: summary)) }
  }

  /// Lines for a shell's script: a word and what it means with a tab between, and at last ":files" or ":folders".
  public var lines: [String] {
    candidates.map { $0.summary.isEmpty ? $0.word : "\($0.word)\t\($0.summary)" }
      + (paths == .none ? [] : [":\(paths.rawValue)"])
  }
}
