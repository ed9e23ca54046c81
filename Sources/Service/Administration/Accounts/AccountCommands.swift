import Accounts
import Commands
import HTTPClient
import JSON
import Terminal

/// `sesame account list`, `show` and `add`; the changes are beside it.
enum AccountCommands {
  static let levels = AccountLevel.allCases.map(\.rawValue)
  static let who = CommandArgument("WHO", "The account's number, e-mail address (with an @) or user name.")

  static let group = Command(
    group: "account", "Lists, shows, adds and changes accounts.",
    [list, show, add, importing, level, activate, deactivate, password])

  static let list = Command(
    "list", "Lists accounts, by default the oldest first.",
    options: [
      CommandOption("--email", "ADDRESS", "The account of that address."),
      CommandOption("--username", "NAME", "The account of that user name."),
      CommandOption("--level", "LEVEL", .words(levels), "Accounts of that level."),
      CommandOption("--active", "YES", .words(["yes", "no"]), "Accounts that are active, or are not."),
      CommandOption("--verified", "YES", .words(["yes", "no"]), "Accounts whose address is verified, or is not."),
      CommandOption("--created-from", "TIME", "Created at that time or later, or so long ago at most."),
      CommandOption("--created-to", "TIME", "Created before that time."),
      CommandOption("--order", "ORDER", .words(["oldest", "newest"]), "By number."),
    ] + PageList.options + [PageList.count, ServerOptions.json] + ServerOptions.all,
    examples: ["sesame account list --level A --active yes", "sesame account list --all --json"]
  ) { invocation throws(CommandError) in
    let pages = PageList(
      connection: try ServerConnection(invocation), output: Output(invocation), path: "/v2/accounts",
      query: try query(invocation.options), member: "accounts")
    if invocation.options.has("--count") {
      try await pages.showCount()
    } else {
      let now = TimeText.now()
      try await pages.show(invocation.options, AccountText.columns) { AccountText.row($0, now: now) }
    }
    return 0
  }

  private static func query(_ options: GivenOptions) throws(CommandError) -> ServerConnection.Query {
    var query: ServerConnection.Query = []
    for name in ["email", "username", "level", "order"] {
      if let value = options.value("--\(name)") { query.append((name, value)) }
    }
    for name in ["active", "verified"] {
      if let value = options.value("--\(name)") { query.append((name, value == "yes" ? "true" : "false")) }
    }
    let now = TimeText.now()
    for (option, name) in [("--created-from", "created_from"), ("--created-to", "created_to")] {
      if let value = options.value(option) { query.append((name, try TimeText.read(value, for: option, now: now))) }
    }
    return query
  }

  static let show = Command(
    "show", "Shows all there is to know of an account.", arguments: [who],
    options: [ServerOptions.json] + ServerOptions.all,
    examples: ["sesame account show ada@example.org", "sesame account show 1 --json"]
  ) { invocation throws(CommandError) in
    let account = try await find(invocation.arguments[0], try ServerConnection(invocation))
    tell(account, Output(invocation))
    return 0
  }

  /// The account that a word names, which must be there: digits are its number, "@" makes it an address.
  static func find(_ word: String, _ connection: ServerConnection) async throws(CommandError) -> JSONValue {
    let missing = CommandError(.failed, "There is no account \(TerminalText.escaped(word)).")
    guard !word.isEmpty else { throw missing }
    if word.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
      guard let account = try await connection.find("/v2/accounts/\(word)") else { throw missing }
      return account
    }
    let page = try await connection.get("/v2/accounts", [(word.contains("@") ? "email" : "username", word)])
    guard let account = page["accounts"]?.elements.first else { throw missing }
    return account
  }

  static func tell(_ account: JSONValue, _ output: Output) {
    if output.isJSON {
      output.json(account)
    } else {
      output.details(AccountText.details(account, now: TimeText.now()))
    }
  }

  static let add = Command(
    "add", "Adds an account; the first active one becomes an administrator.",
    discussion: """
      It needs an e-mail address or a user name. With --password the password is asked for, or read from the first \
      line of standard input where that is no terminal; without, the account can't log in by one.
      """,
    options: [
      CommandOption("--email", "ADDRESS", "The e-mail address."),
      CommandOption("--username", "NAME", "A short name that no other account has."),
      CommandOption("--password", "Gives it a password, which is asked for or read from standard input."),
      CommandOption(
        "--level", "LEVEL", .words(levels), "Guest, user, collaborator, technician, administrator. Default: U."),
      CommandOption("--verified", "The address was shown to be the user's."),
      CommandOption("--inactive", "The user may not log in yet."),
      CommandOption("--name", "TEXT", "The full name, to show."),
      CommandOption("--first-name", "TEXT", "The given name."),
      CommandOption("--last-name", "TEXT", "The family name."),
      CommandOption("--picture", "URL", "The address of a picture."),
      CommandOption("--timezone", "NAME", "The time zone, such as Europe/Madrid."),
    ] + [ServerOptions.json] + ServerOptions.all,
    examples: [
      "sesame account add --email ada@example.org --password", "sesame account add --username grace --level T",
    ]
  ) { invocation throws(CommandError) in
    let options = invocation.options
    guard options.has("--email") || options.has("--username") else {
      throw CommandError(.wrongUse, "An account needs --email or --username, to log in by.")
    }
    let connection = try ServerConnection(invocation)
    var json = JSONWriter()
    json.beginObject()
    for name in ["email", "username", "level", "name", "first-name", "last-name", "picture", "timezone"] {
      guard let value = options.value("--\(name)") else { continue }
      json.name(String(name.map { $0 == "-" ? "_" : $0 }))
      json.string(value)
    }
    if options.has("--verified") { json.member("verified", true) }
    if options.has("--inactive") { json.member("active", false) }
    if options.has("--password") { json.member("password", try NewPassword.ask()) }
    json.endObject()
    let account = try await connection.send(.post(json.bytes), "/v2/accounts").json()
    tell(account, Output(invocation))
    return 0
  }
}
