extension CommandParser {
  /// Reads options alone, where no argument may stand.
  ///
  /// - Parameters:
  ///   - words: the words.
  ///   - options: those that there are.
  /// - Returns: what was given.
  /// - Throws: ``CommandError/Code/wrongUse`` for whatever is not declared.
  public static func options(
    _ words: [String], of options: [CommandOption]
  ) throws(CommandError) -> GivenOptions {
    var given = GivenOptions(options)
    var rest = words[...]
    while let word = rest.popFirst() {
      guard word.utf8.starts(with: "--".utf8) else {
        throw CommandError(.wrongUse, "\(word.shown) is not an option; options begin with --.")
      }
      try take(word, &rest, options, into: &given)
    }
    return given
  }

  /// Reads the words behind a command; `nil` if they ask for its help.
  static func read(
    _ words: ArraySlice<String>, of command: Command, named name: String
  ) throws(CommandError) -> (arguments: [String], options: GivenOptions)? {
    if words.prefix(while: { $0 != "--" }).contains(where: { $0 == "--help" || $0 == "-h" }) { return nil }
    var options = GivenOptions(command.options)
    var arguments: [String] = []
    var rest = words
    var mayBeOption = true
    while let word = rest.popFirst() {
      if mayBeOption, word == "--" {
        mayBeOption = false
      } else if mayBeOption, word.utf8.starts(with: "-".utf8), word != "-" {
        try take(word, &rest, command.options, into: &options)
      } else {
        try add(word, to: &arguments, of: command, named: name)
      }
    }
    if arguments.count < command.arguments.count {
      let missing = command.arguments[arguments.count...].filter(\.isNeeded)
      if let first = missing.first {
        throw CommandError(.wrongUse, "\(name) needs \(first.placeholder) behind it. See: \(helpLine(name))")
      }
    }
    return (arguments, options)
  }

  private static func add(
    _ word: String, to arguments: inout [String], of command: Command, named name: String
  ) throws(CommandError) {
    var place: CommandArgument?
    if arguments.count < command.arguments.count {
      place = command.arguments[arguments.count]
    } else if let last = command.arguments.last, last.mayRepeat {
      place = last
    }
    guard let place else {
      throw CommandError(.wrongUse, "\(name) has no place for \"\(word.shown)\". See: \(helpLine(name))")
    }
    if let refusal = place.shape.refusal(of: word) {
      throw CommandError(.wrongUse, "\(place.placeholder) of \(name) \(refusal)")
    }
    arguments.append(word)
  }

  private static func take(
    _ word: String, _ rest: inout ArraySlice<String>, _ options: [CommandOption], into given: inout GivenOptions
  ) throws(CommandError) {
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts[0])
    let attached = parts.count == 2 ? String(parts[1]) : nil
    guard let option = options.first(where: { $0.name == name }) else {
      let nearest = NearestName.find(name, among: options.map(\.name))
      throw CommandError(
        .wrongUse, "There is no option \(name.shown) here\(nearest.map { "; did you mean \($0)?" } ?? ".")")
    }
    guard option.placeholder != nil else {
      if attached != nil { throw CommandError(.wrongUse, "\(name) takes no value.") }
      given.append(name, "")
      return
    }
    guard let value = attached ?? rest.popFirst() else {
      throw CommandError(.wrongUse, "\(name) needs a value behind it.")
    }
    if let refusal = option.shape.refusal(of: value) { throw CommandError(.wrongUse, "\(name) \(refusal)") }
    given.append(name, value)
  }

  private static func helpLine(_ name: String) -> String {
    let words = name.split(separator: " ", maxSplits: 1)
    return words.count == 2 ? "\(words[0]) help \(words[1])" : "\(name) help"
  }
}
