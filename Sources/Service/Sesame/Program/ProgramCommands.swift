import Administration
import Benchmarking
import Commands
import Configuration

/// All that the program `sesame` can be asked to do, declared in one place.
enum ProgramCommands {
  /// The program.
  static let root: Command = Command(
    group: "sesame", "A session service.",
    discussion: """
      Sesame opens, verifies, renews, lists, closes and expires user sessions. Settings come from flags, the \
      environment (SESAME_...) and sesame.toml, in this order.
      """,
    [serve, check] + Administration.commands(ring: [RingCommand.rotate])
      + [exporting, importing, benchmark, completion, manual, help, version, complete])

  private static let serve: Command = Command(
    "serve", "Serves sessions over HTTP.",
    discussion: """
      Prints "ready http://HOST:PORT" on standard output when it can serve; logs go to standard error, a JSON object a \
      line. SIGTERM and SIGINT finish what is under way and end it; SIGHUP reads the certificate and the key ring again.
      """,
    options: Settings.options, examples: ["sesame serve", "sesame serve --config /etc/sesame/sesame.toml"]
  ) { invocation throws(CommandError) in try await ServeCommand.run(invocation) }

  private static let check: Command = Command(
    "check", "Looks over settings, files, keys and store, and says what is wrong.",
    discussion: """
      Looks over what serve would use with the same flags: settings, data folder, key ring, store, clock, addresses \
      and file modes. Says what is wrong and how to mend it; ends with status 1 if anything is.
      """,
    options: [CommandOption("--json", "A JSON object a line, for programs.")] + Settings.options,
    examples: ["sesame check --config /etc/sesame/sesame.toml"]
  ) { invocation throws(CommandError) in try await CheckCommand.run(invocation) }

  private static let exporting: Command = Command(
    "export", "Writes sessions, accounts and service keys into a file.",
    discussion: """
      Writes what the store keeps into FILE, of mode 0600: service keys' digests, accounts with their password hashes, \
      and live sessions, a JSON object a line. Until it is whole it is FILE.part.
      """,
    arguments: [CommandArgument("FILE", .one, .file, "The file to be made.")],
    options: MovingRequest.exportOptions + Settings.options, examples: ["sesame export sessions.jsonl"]
  ) { invocation throws(CommandError) in try await ExportCommand.run(invocation) }

  private static let importing: Command = Command(
    "import", "Reads an exported file, or another program's data, into the store.",
    discussion: """
      Reads what sesame export wrote into the store. What is there already is kept as it is; sessions whose time is up \
      are left out. With --from it reads what another program has kept.
      """,
    arguments: [CommandArgument("FILE", .one, .file, "The file, or the address of a Redis.")],
    options: MovingRequest.importOptions + Settings.options,
    examples: ["sesame import sessions.jsonl", "sesame import db.sqlite3 --from django --secret-file secret"]
  ) { invocation throws(CommandError) in try await ImportCommand.run(invocation) }

  private static let benchmark: Command = Command(
    "benchmark", "Measures this program beside an nginx control.",
    discussion: """
      Starts servers of its own, loads them with wrk, and prints what they do beside an nginx control on the same \
      core, as ratios and with their targets. Needs two cores, and Debian's wrk and nginx-light. Leaves nothing behind.
      """,
    options: BenchmarkOptions.declared, examples: ["sesame benchmark --only P1,P4 --rounds 5"]
  ) { invocation throws(CommandError) in try await BenchmarkCommand.run(invocation) }

  private static let completion: Command = Command(
    "completion", "Writes what makes a shell complete the commands of sesame.",
    discussion: "Where the script belongs is said in its first lines.",
    arguments: [CommandArgument("SHELL", .one, .words(CompletionScript.allCases.map(\.rawValue)), "The shell.")],
    examples: ["source <(sesame completion bash)"]
  ) { invocation throws(CommandError) in
    if let script = CompletionScript(rawValue: invocation.arguments[0]) { Program.write(script.text(for: "sesame")) }
    return 0
  }

  private static let manual: Command = Command(
    "man", "Writes the manual page, sesame.1.",
    examples: ["sesame man > ~/.local/share/man/man1/sesame.1", "sesame man | man -l -"]
  ) { _ throws(CommandError) in
    Program.write(ManualPage(root, version: Version.text, chapters: ManualChapters.all).text)
    return 0
  }

  private static let help: Command = Command(
    "help", aliases: ["--help", "-h"], "Explains a command, or lists them.",
    arguments: [CommandArgument("COMMAND", .any, .commandName, "The words of a command, such as session list.")],
    examples: ["sesame help session list"]
  ) { invocation throws(CommandError) in
    Program.tell(Program.help(try CommandParser(root).path(to: invocation.arguments)))
    return 0
  }

  private static let version: Command = Command("version", aliases: ["--version"], "Prints the version.") {
    _ throws(CommandError) in
    Program.tell("sesame \(Version.text)")
    return 0
  }

  private static let complete: Command = Command(
    "complete", "Lists what may stand at the end of a command line, for the scripts of completion.",
    arguments: [CommandArgument("WORD", .any, "The words of the line, the last one begun or empty.")], isHidden: true
  ) { invocation throws(CommandError) in
    let lines = CommandCompletion(invocation.arguments, of: root).lines
    Program.write(lines.map { "\($0)\n" }.joined())
    return 0
  }
}
