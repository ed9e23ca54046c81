import Accounts
import Commands
import HTTPClient
import JSON
import SessionCore
import Terminal

/// `sesame key`: service keys, and the ring that tokens are made under.
enum KeyCommands {
  static func group(ring: [Command]) -> Command {
    Command(
      group: "key", "Makes, lists and revokes service keys, and rotates the key ring.",
      discussion: """
        A service key is how a program proves itself to the server. The key ring is what the tokens of sessions are \
        made under.
        """,
      [create, list, revoke] + ring)
  }

  static let create = Command(
    "create", "Makes a service key, and shows it, this once.",
    arguments: [CommandArgument("NAME", "What it is called in events and the log.")],
    options: [
      CommandOption(
        "--scope", "SCOPES", .wordList(ServiceScope.allCases.map(\.rawValue)),
        "What it allows; needed, and may come several times."),
      CommandOption("--expires-in", "TIME", "After what time it ends, such as 90d. Default: never."),
      CommandOption("--secret-only", "Writes the key and nothing else."),
    ] + [ServerOptions.json] + ServerOptions.all,
    examples: [
      "sesame key create shop --scope sessions:read,sessions:write --expires-in 90d",
      "sesame key create monitor --scope events:read --secret-only > monitor.key",
    ]
  ) { invocation throws(CommandError) in
    let scopes = invocation.options.values("--scope").flatMap { $0.split(separator: ",").map(String.init) }
    guard !scopes.isEmpty else {
      throw CommandError(.wrongUse, "A key needs --scope, which says what it allows. See: sesame help key create")
    }
    var json = JSONWriter()
    json.beginObject()
    json.member("name", invocation.arguments[0])
    json.name("scopes")
    json.beginArray()
    for scope in ServiceScope.allCases where scopes.contains(scope.rawValue) { json.string(scope.rawValue) }
    json.endArray()
    if let text = invocation.options.value("--expires-in") {
      json.member("expires_in", try TimeText.seconds(text, for: "--expires-in"))
    }
    json.endObject()
    let made = try await ServerConnection(invocation).send(.post(json.bytes), "/v2/keys").json()
    let output = Output(invocation)
    if invocation.options.has("--secret-only") {
      output.terminal.line(TerminalText.escaped(made["secret"]?.string ?? ""))
    } else if output.isJSON {
      output.json(made)
    } else {
      if let key = made["key"] { output.details(details(key)) }
      output.details([("secret", made["secret"]?.string)])
    }
    return 0
  }

  static let list = Command(
    "list", "Lists service keys.", options: PageList.options + [ServerOptions.json] + ServerOptions.all,
    examples: ["sesame key list"]
  ) { invocation throws(CommandError) in
    let pages = PageList(
      connection: try ServerConnection(invocation), output: Output(invocation), path: "/v2/keys", query: [],
      member: "keys")
    let now = TimeText.now()
    try await pages.show(
      invocation.options,
      [
        .init("ID", isTrailing: true), .init("NAME", narrowest: 12), .init("SCOPES", narrowest: 15),
        .init("LAST USED", dispensability: 1), .init("ENDS"), .init("MADE", dispensability: 2),
      ]
    ) { key in
      [
        key["id"]?.integer.map(String.init) ?? "", key["name"]?.string ?? "", scopes(key, separator: " "),
        key["last_used"] == nil ? "never" : TimeText.distance(key["last_used"], from: now),
        key["expires"] == nil ? "never" : TimeText.distance(key["expires"], from: now),
        TimeText.distance(key["created"], from: now),
      ]
    }
    return 0
  }

  static let revoke = Command(
    "revoke", "Revokes service keys: they open nothing any more.",
    arguments: [CommandArgument("ID", .several, "The numbers of keys, as the list shows them.")],
    options: [ServerOptions.json] + ServerOptions.all, examples: ["sesame key revoke 3"]
  ) { invocation throws(CommandError) in
    let connection = try ServerConnection(invocation)
    let output = Output(invocation)
    for id in invocation.arguments {
      let missing = CommandError(.failed, "There is no service key \(TerminalText.escaped(id)).")
      guard !id.isEmpty else { throw missing }
      let reply = try await connection.exchange(.delete, "/v2/keys/\(PercentEncodedText.encode(id))", [])
      if reply.status == 404 { throw missing }
      _ = try connection.accepted(reply)
      output.done("Key \(id) is revoked.")
    }
    return 0
  }

  private static func scopes(_ key: JSONValue, separator: String) -> String {
    (key["scopes"]?.elements.compactMap(\.string) ?? []).joined(separator: separator)
  }

  private static func details(_ key: JSONValue) -> [(name: String, value: String?)] {
    [
      ("id", key["id"]?.integer.map(String.init)), ("name", key["name"]?.string),
      ("scopes", scopes(key, separator: ", ")),
      ("ends", TimeText.full(key["expires"], from: TimeText.now()) ?? "never"),
    ]
  }
}
