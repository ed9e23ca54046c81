import Commands
import Terminal

extension AccountCommands {
  static let importing = Command(
    "import", "Adds the accounts of a file, with the hashes of their passwords.",
    discussion: """
      FILE has JSON lines, a JSON array, or CSV with a line of names: email, username, name, first_name, last_name, \
      picture, timezone, level, active, verified, password_hash, and in JSON links. An account that is there is kept \
      as it is, so that a file may be imported again. All lines are checked before the first is sent.
      """,
    arguments: [CommandArgument("FILE", .one, .file, "The list of accounts, JSON or CSV.")],
    options: [
      CommandOption("--dry-run", "Checks the file and asks the server what is there; adds nothing."),
      ServerOptions.json,
    ] + ServerOptions.all,
    examples: ["sesame account import users.csv --dry-run", "sesame account import users.jsonl"]
  ) { invocation throws(CommandError) in
    let output = Output(invocation)
    let isTrial = invocation.options.has("--dry-run")
    var accounts = AccountImport(invocation.arguments[0], try ServerConnection(invocation))
    try accounts.check()
    try await accounts.run(isTrial: isTrial)
    let (added, kept) = (accounts.added, accounts.kept)
    if output.isJSON {
      output.terminal.line(
        isTrial
          ? #"{"would_import":\#(added),"kept":\#(kept),"dry_run":true}"#
          : #"{"imported":\#(added),"kept":\#(kept)}"#)
    } else {
      let there = kept == 0 ? "" : " There already, and kept as they are: \(kept)."
      output.done("\(isTrial ? "Would import" : "Imported") \(added) account\(added == 1 ? "" : "s").\(there)")
    }
    return 0
  }
}
