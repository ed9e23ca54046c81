import Commands
import SessionCore

/// The options that select sessions, as the interface's parameters do.
enum SessionConditions {
  private static let texts: [(option: String, name: String)] = [
    ("--user", "user_id"), ("--state", "state"), ("--kind", "kind"), ("--status", "status"), ("--address", "address"),
    ("--client", "client"),
  ]
  private static let times: [(option: String, name: String)] = [
    ("--from", "from"), ("--to", "to"), ("--opened-from", "opened_from"), ("--opened-to", "opened_to"),
  ]

  static let options = [
    CommandOption("--user", "ID", "Sessions of that user."),
    CommandOption("--state", "STATE", .words(["open", "closed"]), "Sessions in that state."),
    CommandOption("--kind", "TEXT", "Sessions of that kind."),
    CommandOption("--status", "TEXT", "Sessions of that status."),
    CommandOption("--address", "TEXT", "Sessions of clients at that address."),
    CommandOption("--client", "TEXT", "Sessions of that client program."),
    CommandOption(
      "--from", "TIME",
      "Last request at that time or later: a time such as 2026-01-31T08:00:00Z, or how long ago, such as 2h."),
    CommandOption("--to", "TIME", "Last request before that time."),
    CommandOption("--opened-from", "TIME", "Opened at that time or later."),
    CommandOption("--opened-to", "TIME", "Opened before that time."),
  ]

  /// The parameters for what was given.
  static func query(_ options: GivenOptions) throws(CommandError) -> ServerConnection.Query {
    var query: ServerConnection.Query = []
    for (option, name) in texts {
      if let value = options.value(option) { query.append((name, value)) }
    }
    let now = TimeText.now()
    for (option, name) in times {
      if let value = options.value(option) { query.append((name, try TimeText.read(value, for: option, now: now))) }
    }
    return query
  }
}
