import Commands
import HTTPClient
import JSON
import Terminal

extension SessionCommands {
  static let open = Command(
    "open", "Opens a session, and shows its token, this once.",
    arguments: [CommandArgument("USER", "The user's id: any text, or the number of an account.")],
    options: [
      CommandOption("--name", "TEXT", "The user's name, to show."),
      CommandOption("--address", "TEXT", "The client's address."),
      CommandOption("--client", "TEXT", "The client's program."),
      CommandOption("--user-agent", "TEXT", "The client's User-Agent."),
      CommandOption("--kind", "TEXT", "What the session is for."),
      CommandOption("--status", "TEXT", "A status of your own."),
      CommandOption("--about-user", "JSON", "JSON about the user."),
      CommandOption("--session-data", "JSON", "JSON of the session."),
      CommandOption("--idle-timeout", "TIME", "How long it lives without a request, such as 30min."),
      CommandOption("--lifetime", "TIME", "How long it lives in all, such as 7d."),
      CommandOption("--remember", "Longer times, for users who asked to be remembered."),
      CommandOption("--token-only", "Writes the token and nothing else."),
    ] + [ServerOptions.json] + ServerOptions.all,
    examples: ["sesame session open ada --idle-timeout 30min", "token=$(sesame session open ada --token-only)"]
  ) { invocation throws(CommandError) in
    let body = try draft(invocation)
    let connection = try ServerConnection(invocation)
    let opened = try await connection.send(.post(body), "/v2/sessions").json()
    let output = Output(invocation)
    if invocation.options.has("--token-only") {
      output.terminal.line(TerminalText.escaped(opened["token"]?.string ?? ""))
    } else if output.isJSON {
      output.json(opened)
    } else {
      if let session = opened["session"] { tell(session, output) }
      output.details([("token", opened["token"]?.string)])
    }
    return 0
  }

  private static func draft(_ invocation: Invocation) throws(CommandError) -> [UInt8] {
    let options = invocation.options
    var json = JSONWriter()
    json.beginObject()
    json.member("user_id", invocation.arguments[0])
    let texts: [(option: String, member: StaticString)] = [
      ("--name", "user_name"), ("--address", "address"), ("--client", "client"), ("--user-agent", "user_agent"),
      ("--kind", "kind"), ("--status", "status"),
    ]
    for (option, member) in texts {
      if let value = options.value(option) { json.member(member, value) }
    }
    for (option, member) in [("--about-user", "user"), ("--session-data", "data")] as [(String, StaticString)] {
      guard let text = options.value(option) else { continue }
      do {
        let value = try JSONText(parsing: Array(text.utf8))
        json.name(member)
        json.raw(value)
      } catch {
        throw CommandError(.wrongUse, "\(option) takes JSON, such as '{\"plan\": \"free\"}': \(error.description)")
      }
    }
    for (option, member) in [("--idle-timeout", "idle_timeout"), ("--lifetime", "lifetime")] as [(String, StaticString)]
    {
      if let text = options.value(option) { json.member(member, try TimeText.seconds(text, for: option)) }
    }
    if options.has("--remember") { json.member("remember", true) }
    json.endObject()
    return json.bytes
  }

  static let verify = Command(
    "verify", "Says whether a token is good, and whose session it is; status 1 if it is not.",
    discussion: """
      The token is read from standard input, so that it stands in no list of processes: typed where that is a \
      terminal, else the first line. Verifying counts as a request of the session.
      """,
    arguments: [CommandArgument("TOKEN", .optional, "The token, for those who don't mind that others see it.")],
    options: [ServerOptions.json] + ServerOptions.all,
    examples: ["sesame session verify < token", "sesame session verify --json < token"]
  ) { invocation throws(CommandError) in
    let given = invocation.arguments.first
    guard let token = given == nil || given == "-" ? Question.secret("Token") : given, !token.isEmpty else {
      throw CommandError(.wrongUse, "There is no token on standard input.")
    }
    var body = JSONWriter()
    body.beginObject()
    body.member("token", token)
    body.endObject()
    let verdict = try await ServerConnection(invocation).send(.post(body.bytes), "/v2/verify").json()
    let isActive = verdict["active"]?.boolean == true
    let output = Output(invocation)
    if output.isJSON {
      output.json(verdict)
    } else if isActive, let session = verdict["session"] {
      tell(session, output)
      if let account = verdict["account"] {
        output.details([("level", account["level"]?.string), ("e-mail", account["email"]?.string)])
      }
    } else {
      let reason = [verdict["reason"]?.string, verdict["close_reason"]?.string].compactMap { $0 }
      output.done("not active: \(reason.joined(separator: ", "))")
    }
    return isActive ? 0 : 1
  }
}
