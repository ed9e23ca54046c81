import Commands
import HTTPClient
import JSON
import SessionCore
import Terminal

/// `sesame session list` and `show`; the other commands of the group are beside it.
enum SessionCommands {
  static let group = Command(
    group: "session", "Lists, shows, opens, verifies, closes and watches sessions.",
    [list, show, open, verify, close, watch])

  static let list = Command(
    "list", "Lists sessions, by default the newest first.",
    options: SessionConditions.options + [
      CommandOption(
        "--order", "ORDER", .words(["newest", "oldest", "recent", "least_recent"]),
        "By opening (newest, oldest) or by last request.")
    ] + PageList.options + [PageList.count, ServerOptions.json] + ServerOptions.all,
    examples: [
      "sesame session list --user ada --state open", "sesame session list --state open --from 10min --count",
      "sesame session list --all --json | jq -r .id",
    ]
  ) { invocation throws(CommandError) in
    var query = try SessionConditions.query(invocation.options)
    if let order = invocation.options.value("--order") { query.append(("order", order)) }
    let pages = PageList(
      connection: try ServerConnection(invocation), output: Output(invocation), path: "/v2/sessions", query: query,
      member: "sessions")
    if invocation.options.has("--count") {
      try await pages.showCount()
    } else {
      let now = TimeText.now()
      try await pages.show(invocation.options, SessionText.columns) { SessionText.row($0, now: now) }
    }
    return 0
  }

  static let show = Command(
    "show", "Shows all there is to know of a session.",
    arguments: [CommandArgument("ID", "The session's id.")], options: [ServerOptions.json] + ServerOptions.all,
    examples: ["sesame session show 0123456789abcdefghjkmnpqrs"]
  ) { invocation throws(CommandError) in
    let connection = try ServerConnection(invocation)
    let session = try await find(invocation.arguments[0], connection)
    tell(session, Output(invocation))
    return 0
  }

  /// The session of an id, which must be there.
  static func find(_ id: String, _ connection: ServerConnection) async throws(CommandError) -> JSONValue {
    guard !id.isEmpty, let session = try await connection.find("/v2/sessions/\(PercentEncodedText.encode(id))") else {
      throw CommandError(.failed, "There is no session \(TerminalText.escaped(id)).")
    }
    return session
  }

  static func tell(_ session: JSONValue, _ output: Output) {
    if output.isJSON {
      output.json(session)
    } else {
      output.details(SessionText.details(session, now: TimeText.now()))
    }
  }
}
