import Commands
import HTTPClient
import JSON
import Terminal

/// `sesame console`: a link that logs an administrator in to the web console.
enum ConsoleCommand {
  static let command = Command(
    "console", "Prints a link that logs an administrator in to the web console.",
    discussion: """
      The link opens the console once, within five minutes. It is made through the administration socket of the server \
      that runs on this machine, so it is for whoever may use that: root, or the server's own user. What is done with \
      it is the administrator's doing, in events and in the log.
      """,
    options: [
      CommandOption(
        "--account", "EMAIL", "Whose link it is. Default: the active administrator with the lowest number.")
    ] + [ServerOptions.json] + ServerOptions.all.filter { ["--data", "--config"].contains($0.name) },
    examples: ["sesame console", "sesame console --account ann@example.org"]
  ) { invocation throws(CommandError) in
    var json = JSONWriter()
    json.beginObject()
    if let email = invocation.options.value("--account") { json.member("email", email) }
    json.endObject()
    let connection = try ServerConnection(here: invocation)
    let reply = try await connection.exchange(.post(json.bytes), "/console/api/links", [])
    if reply.status == 404, try await connection.exchange(.get, "/console", []).status == 404 {
      throw CommandError(
        .failed, "The console of this server is switched off, by console.enabled in its settings.")
    }
    let made = try connection.accepted(reply).json()
    let output = Output(invocation)
    if output.isJSON {
      output.json(made)
    } else {
      for url in made["urls"]?.elements.compactMap(\.string) ?? [] { output.terminal.line(TerminalText.escaped(url)) }
      output.remark("It opens once, within five minutes.")
    }
    return 0
  }
}
