import Commands
import Terminal

/// Makes sure that what ends more than one session is meant.
enum Consent {
  static let options = [
    CommandOption("--dry-run", "Says how many sessions would close, and closes none."),
    CommandOption("--yes", "Does not ask, however many sessions close: for scripts."),
  ]

  /// Asks, where more than one session is to be closed.
  ///
  /// - Parameters:
  ///   - question: what is to be done, ending in a question mark.
  ///   - count: how many sessions end.
  ///   - options: what the command was given.
  /// - Returns: whether to go on.
  /// - Throws: `wrongUse` where nobody can be asked and `--yes` was not given.
  static func isGiven(_ question: String, count: Int64, _ options: GivenOptions) throws(CommandError) -> Bool {
    if count <= 1 || options.has("--yes") { return true }
    guard let answer = Question.confirm(question) else {
      throw CommandError(
        .wrongUse, "\(count) sessions would close, and there is no terminal to ask at: give --yes if that is meant.")
    }
    return answer
  }
}
