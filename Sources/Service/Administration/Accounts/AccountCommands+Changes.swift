import Commands
import HTTPClient
import JSON
import Terminal

extension AccountCommands {
  static let level = Command(
    "level", "Gives an account a level; its sessions have it with their next request.",
    arguments: [
      who, CommandArgument("LEVEL", .one, .words(levels), "Guest, user, collaborator, technician, administrator."),
    ],
    options: [ServerOptions.json] + ServerOptions.all, examples: ["sesame account level ada@example.org A"]
  ) { invocation throws(CommandError) in
    try await change(invocation) { json in json.member("level", invocation.arguments[1]) }
  }

  static let activate = Command(
    "activate", "Lets the user of an account log in again.", arguments: [who],
    options: [ServerOptions.json] + ServerOptions.all, examples: ["sesame account activate 17"]
  ) { invocation throws(CommandError) in
    try await change(invocation) { json in json.member("active", true) }
  }

  static let deactivate = Command(
    "deactivate", "Lets the user of an account log in no more, and closes all sessions of theirs.", arguments: [who],
    options: Consent.options + [ServerOptions.json] + ServerOptions.all,
    examples: ["sesame account deactivate ada@example.org"]
  ) { invocation throws(CommandError) in
    try await changeAndClose(invocation, "Deactivate it, and close") { (json) throws(CommandError) in
      json.member("active", false)
    }
  }

  static let password = Command(
    "password", "Gives an account a new password, and closes all sessions of its user.",
    discussion: "The password is asked for, or read from the first line of standard input where that is no terminal.",
    arguments: [who], options: Consent.options + [ServerOptions.json] + ServerOptions.all,
    examples: ["sesame account password ada@example.org", "sesame account password 17 --yes < new-password"]
  ) { invocation throws(CommandError) in
    try await changeAndClose(invocation, "Change the password, and close") { (json) throws(CommandError) in
      json.member("password", try NewPassword.ask())
    }
  }

  private static func change(
    _ invocation: Invocation, _ write: (inout JSONWriter) -> Void
  ) async throws(CommandError) -> Int32 {
    let connection = try ServerConnection(invocation)
    let account = try await find(invocation.arguments[0], connection)
    var json = JSONWriter()
    json.beginObject()
    write(&json)
    json.endObject()
    tell(try await patch(account, json.bytes, connection), Output(invocation))
    return 0
  }

  /// A change that ends the sessions of the account, after the question whether that is meant.
  private static func changeAndClose(
    _ invocation: Invocation, _ doing: String, _ write: (inout JSONWriter) throws(CommandError) -> Void
  ) async throws(CommandError) -> Int32 {
    let connection = try ServerConnection(invocation)
    let output = Output(invocation)
    let account = try await find(invocation.arguments[0], connection)
    let closing = SessionClosing(
      connection: connection, output: output, options: invocation.options, reason: "account")
    let user = account["id"]?.integer.map(String.init) ?? ""
    // Who does not want to be asked needs no key that may count sessions.
    let isAsked = !invocation.options.has("--yes") || invocation.options.has("--dry-run")
    let count = isAsked ? try await closing.count(matching: [("user_id", user)]) : 0
    if invocation.options.has("--dry-run") {
      output.terminal.line(
        output.isJSON ? #"{"count":\#(count),"dry_run":true}"# : "\(count) of its sessions would close.")
      return 0
    }
    guard try Consent.isGiven("\(doing) \(count) sessions?", count: count, invocation.options) else {
      output.remark("Nothing was changed.")
      return 1
    }
    var json = JSONWriter()
    json.beginObject()
    try write(&json)
    json.endObject()
    tell(try await patch(account, json.bytes, connection), output)
    return 0
  }

  private static func patch(
    _ account: JSONValue, _ body: [UInt8], _ connection: ServerConnection
  ) async throws(CommandError) -> JSONValue {
    let id = account["id"]?.integer ?? 0
    return try await connection.send(.patch(body), "/v2/accounts/\(id)").json()
  }
}
