import Commands
import HTTPClient
import JSON
import SessionCore
import Terminal

/// `sesame events` and `sesame session watch`.
enum EventCommands {
  static let kinds = Event.Kind.allCases.map(\.rawValue)
  private static let type = CommandOption("--type", "TYPES", .wordList(kinds), "Events of these types.")

  static let events = Command(
    "events", "Shows what happened, oldest first, and follows what happens.",
    options: [
      type, CommandOption("--user", "ID", "Events about that user."),
      CommandOption("--after", "CURSOR", "Events behind that cursor, which --json shows. Default: from the beginning."),
      CommandOption("--limit", "N", .number(1...1_000_000_000), "How many at most. Default: all."),
      CommandOption("--follow", "Goes on with what happens from now on, or behind --after, until Ctrl-C."),
      ServerOptions.json,
    ] + ServerOptions.all,
    examples: ["sesame events --type login.refused", "sesame events --follow", "sesame events --json --after 1200"]
  ) { invocation throws(CommandError) in
    let options = invocation.options
    if options.has("--follow") {
      if options.has("--limit") { throw CommandError(.wrongUse, "--limit has no meaning with --follow.") }
      return try await follow(invocation, types: options.value("--type"), user: options.value("--user"), session: nil)
    }
    return try await list(invocation)
  }

  static let watch = Command(
    "watch", "Shows what happens to sessions, as it happens, until Ctrl-C.",
    arguments: [CommandArgument("ID", .optional, "The session to watch. Default: all.")],
    options: [CommandOption("--user", "ID", "Watches the sessions of that user."), ServerOptions.json]
      + ServerOptions.all,
    examples: ["sesame session watch", "sesame session watch --user ada --json"]
  ) { invocation throws(CommandError) in
    let types = kinds.filter { $0.hasPrefix("session.") }.joined(separator: ",")
    return try await follow(
      invocation, types: types, user: invocation.options.value("--user"), session: invocation.arguments.first)
  }

  private static func list(_ invocation: Invocation) async throws(CommandError) -> Int32 {
    let options = invocation.options
    let connection = try ServerConnection(invocation)
    let output = Output(invocation)
    var query: ServerConnection.Query = []
    if let types = options.value("--type") { query.append(("type", types)) }
    var after = options.value("--after")
    var left = options.integer("--limit") ?? Int.max
    var more = true
    while more, left > 0 {
      let place = after.map { [("after", $0)] } ?? []
      let page = try await connection.get("/v2/events", query + place + [("limit", "1000")])
      for event in page["events"]?.elements ?? [] where left > 0 && isAbout(event, options.value("--user"), nil) {
        guard tell(event, output) else { return 0 }
        left -= 1
      }
      more = page["more"]?.boolean == true
      let next = page["next"]?.string
      // A server that does not move on would be asked for ever.
      if next == after { break }
      after = next
    }
    return 0
  }

  private static func follow(
    _ invocation: Invocation, types: String?, user: String?, session: String?
  ) async throws(CommandError) -> Int32 {
    let connection = try ServerConnection(invocation)
    let output = Output(invocation)
    let follower = EventFollower(
      connection: connection, query: types.map { [("type", $0)] } ?? [], remark: { output.remark($0) })
    let after = invocation.path.last == "events" ? invocation.options.value("--after") : nil
    let work = Task { () async -> Result<Void, CommandError> in
      do throws(CommandError) {
        try await follower.run(after: after) { event in
          isAbout(event, user, session) ? tell(event, output) : true
        }
        return .success(())
      } catch {
        return .failure(error)
      }
    }
    invocation.onInterruption {
      work.cancel()
      Task { await connection.client.stop() }
    }
    try await work.value.get()
    return 0
  }

  private static func isAbout(_ event: JSONValue, _ user: String?, _ session: String?) -> Bool {
    // Byte for byte, as the server compares them.
    (user.map { Array($0.utf8) == event["user_id"]?.utf8String } ?? true)
      && (session.map { Array($0.utf8) == event["session_id"]?.utf8String } ?? true)
  }

  private static func tell(_ event: JSONValue, _ output: Output) -> Bool {
    output.isJSON
      ? output.json(event)
      : output.terminal.line(EventText.line(event, width: output.terminal.width, style: output.style))
  }
}

extension SessionCommands {
  static let watch = EventCommands.watch
}
