import Commands
import HTTPClient
import JSON
import Terminal

extension SessionCommands {
  static let close = Command(
    "close", "Closes sessions: those of the ids, or all that the options select.",
    discussion: """
      What would close more than one session is counted first, and asks. Without a terminal to ask at it is refused, \
      unless --yes is given. To select every session: --state open.
      """,
    arguments: [CommandArgument("ID", .any, "The ids of sessions.")],
    options: SessionConditions.options + [
      CommandOption(
        "--reason", "REASON", .words(["revoked", "logout", "account"]), "Why, for the log. Default: revoked.")
    ] + Consent.options + [ServerOptions.json] + ServerOptions.all,
    examples: [
      "sesame session close 0123456789abcdefghjkmnpqrs", "sesame session close --user ada",
      "sesame session close --opened-to 30d --dry-run",
    ]
  ) { invocation throws(CommandError) in
    let query = try SessionConditions.query(invocation.options)
    guard query.isEmpty != invocation.arguments.isEmpty else {
      throw CommandError(
        .wrongUse, "Name sessions by their ids, or select them by options such as --user, not both or neither.")
    }
    let closing = SessionClosing(
      connection: try ServerConnection(invocation), output: Output(invocation), options: invocation.options,
      reason: invocation.options.value("--reason") ?? "revoked")
    return query.isEmpty
      ? try await closing.close(ids: invocation.arguments) : try await closing.close(matching: query)
  }
}

/// The closing of sessions, with the question before it.
struct SessionClosing: Sendable {
  let connection: ServerConnection
  let output: Output
  let options: GivenOptions
  let reason: String

  /// Closes the sessions of these ids, one after the other.
  func close(ids: [String]) async throws(CommandError) -> Int32 {
    var unique: [String] = []
    for id in ids where !unique.contains(id) { unique.append(id) }
    var open: [JSONValue] = []
    for id in unique { open.append(try await SessionCommands.find(id, connection)) }
    let live = open.filter { $0["state"]?.string == "open" }.compactMap { $0["id"]?.string }
    if options.has("--dry-run") { return tell(Int64(live.count), isDryRun: true) }
    guard try Consent.isGiven("Close \(live.count) sessions?", count: Int64(live.count), options) else {
      return declined()
    }
    for id in live { try await closeOne(id) }
    return tell(Int64(live.count), isDryRun: false)
  }

  /// Closes all open sessions that match.
  func close(matching query: ServerConnection.Query) async throws(CommandError) -> Int32 {
    let count = try await count(matching: query)
    if options.has("--dry-run") || count == 0 { return tell(count, isDryRun: options.has("--dry-run")) }
    if count == 1, !options.has("--yes") {
      // By its id, since others may match by now, and nobody was asked about those.
      let page = try await connection.get("/v2/sessions", query.filter { $0.name != "state" } + [("state", "open")])
      guard let id = page["sessions"]?.elements.first?["id"]?.string else { return tell(0, isDryRun: false) }
      try await closeOne(id)
      return tell(1, isDryRun: false)
    }
    guard try Consent.isGiven("Close \(count) sessions?", count: count, options) else { return declined() }
    return tell(try await closeAll(query, isDryRun: false), isDryRun: false)
  }

  /// How many open sessions match.
  func count(matching query: ServerConnection.Query) async throws(CommandError) -> Int64 {
    try await closeAll(query, isDryRun: true)
  }

  /// Says that nothing was done, because the user said no.
  func declined() -> Int32 {
    output.remark("Nothing was closed.")
    return 1
  }

  private func closeOne(_ id: String) async throws(CommandError) {
    var json = JSONWriter()
    json.beginObject()
    json.member("reason", reason)
    json.endObject()
    _ = try await connection.send(.post(json.bytes), "/v2/sessions/\(PercentEncodedText.encode(id))/close")
  }

  private func closeAll(_ query: ServerConnection.Query, isDryRun: Bool) async throws(CommandError) -> Int64 {
    var json = JSONWriter()
    json.beginObject()
    json.name("filter")
    json.beginObject()
    for (name, value) in query {
      json.name(name)
      json.string(value)
    }
    json.endObject()
    json.member("reason", reason)
    json.member("dry_run", isDryRun)
    json.endObject()
    let answer = try await connection.send(.post(json.bytes), "/v2/sessions/close").json()
    guard let count = answer["count"]?.integer else {
      throw CommandError(.failed, "The server did not say how many sessions there are.")
    }
    return count
  }

  private func tell(_ count: Int64, isDryRun: Bool) -> Int32 {
    if output.isJSON {
      output.terminal.line(#"{"count":\#(count),"dry_run":\#(isDryRun)}"#)
    } else {
      let sessions = count == 1 ? "1 session" : "\(count) sessions"
      output.done(isDryRun ? "\(sessions) would close." : "\(sessions) closed.")
    }
    return 0
  }
}
