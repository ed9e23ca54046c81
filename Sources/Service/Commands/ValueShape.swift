/// What may stand in a place for a value: what the parser refuses, and what a shell offers.
public enum ValueShape: Sendable, Equatable {
  /// Any text, also an empty one.
  case text
  /// One of these words.
  case words([String])
  /// Some of these words, with commas between.
  case wordList([String])
  /// A whole number in decimal digits, without a sign.
  case number(ClosedRange<Int>)
  /// The path of a file.
  case file
  /// The path of a folder.
  case folder
  /// The name of a command of this program, one word of it.
  case commandName

  /// The words that there are to choose from.
  var words: [String] {
    switch self {
    case .words(let words), .wordList(let words): words
    default: []
    }
  }

  /// Why a value is not of this shape, to stand behind the name of its place; `nil` if it is.
  func refusal(of value: String) -> String? {
    switch self {
    case .text, .file, .folder, .commandName: return nil
    case .words(let words):
      guard !words.contains(value) else { return nil }
      return "takes \(Self.choice(words)), not \"\(value.shown)\"\(Self.ending(value, words))"
    case .wordList(let words):
      let given = value.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      guard let wrong = given.first(where: { !words.contains($0) }) else { return nil }
      return "takes \(words.joined(separator: ", ")), with commas between; not \"\(wrong.shown)\""
        + Self.ending(wrong, words)
    case .number(let range):
      let isNumber = !value.isEmpty && value.utf8.allSatisfy { (0x30...0x39).contains($0) }
      if isNumber, let number = Int(value), range.contains(number) { return nil }
      return "takes a number from \(range.lowerBound) to \(range.upperBound), not \"\(value.shown)\"."
    }
  }

  private static func choice(_ words: [String]) -> String {
    guard words.count > 1, let last = words.last else { return words.first ?? "nothing" }
    return "\(words.dropLast().joined(separator: ", ")) or \(last)"
  }

  private static func ending(_ word: String, _ words: [String]) -> String {
    NearestName.find(word, among: words).map { "; did you mean \($0)?" } ?? "."
  }
}

extension String {
  /// A word of the command line as an error may show it: control characters replaced, and cut.
  var shown: String {
    String(
      UnicodeScalarView(
        unicodeScalars.prefix(100).map { scalar in
          switch scalar.properties.generalCategory {
          case .control, .format, .lineSeparator, .paragraphSeparator: "\u{FFFD}"
          default: scalar
          }
        }))
  }
}
