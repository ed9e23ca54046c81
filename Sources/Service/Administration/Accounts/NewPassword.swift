import Commands
import Terminal

/// A password that is given to an account; it never stands among the words of a command line.
enum NewPassword {
  /// Asks twice at a terminal, else reads the first line of standard input.
  static func ask() throws(CommandError) -> String {
    guard let password = Question.secret("New password"), !password.isEmpty else {
      throw CommandError(.failed, "No password was given; nothing was changed.")
    }
    if Terminal.input.isTerminal, Question.secret("Once more") != password {
      throw CommandError(.failed, "The two are not the same; nothing was changed.")
    }
    return password
  }
}
