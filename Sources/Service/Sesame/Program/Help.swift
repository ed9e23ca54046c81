import Configuration

/// What `sesame help` says.
enum Help {
  /// The commands there are.
  static let commands = ["serve", "check", "export", "import", "benchmark", "help", "version"]

  static let overview = """
    sesame \(Version.text): a session service

    Usage: sesame COMMAND [FLAGS]

      serve        serve sessions over HTTP
      check        look over settings, files, keys and store, and say what is wrong
      export       write sessions, accounts and service keys into a file
      import       read such a file, or another program's data, into the store
      benchmark    measure this program beside an nginx control
      help         this, or: sesame help COMMAND
      --version    the version

    Settings come from flags, the environment (SESAME_...) and sesame.toml, in this order.
    """

  /// The help of one command; `nil` if there is no such command.
  static func text(of command: String) -> String? {
    switch command {
    case "serve":
      """
      Usage: sesame serve [FLAGS]

      Serves sessions over HTTP. Prints "ready http://HOST:PORT" on standard output when it can serve; logs go to
      standard error, a JSON object a line. SIGTERM and SIGINT finish what is under way and end it; SIGHUP reads the
      certificate and the key ring again.

      \(flags)
      """
    case "check":
      """
      Usage: sesame check [--json] [FLAGS]

      Looks over what `sesame serve` would use with the same flags: settings, data folder, key ring, store, clock,
      addresses and file modes. Says what is wrong and how to mend it; ends with status 1 if anything is.

        --json                   a JSON object a line, for programs
      \(flags)
      """
    case "export":
      """
      Usage: sesame export FILE [--all] [--resume] [--json] [FLAGS]

      Writes what the store keeps into FILE, of mode 0600: service keys' digests, accounts with their password hashes,
      and live sessions, a JSON object a line. Until it is whole it is FILE.part.

        --all                    also sessions that have ended
        --resume                 goes on with an export that was interrupted
        --json                   the result as JSON, for programs
      \(flags)
      """
    case "import":
      """
      Usage: sesame import FILE [--resume] [--skip-bad] [--json] [FLAGS]
             sesame import FILE --from ORIGIN [...]

      Reads what `sesame export` wrote into the store. What is there already is kept as it is; sessions whose time is up
      are left out. With --from it reads what another program has kept.

        --resume                 goes on with an import that was interrupted
        --skip-bad               passes over bad lines of sessions
        --json                   the result as JSON, for programs
        --from ORIGIN            pip-services, session-model, cerberus, connect-redis (FILE is redis://...) or django
        --secret-file FILE       connect-redis, django: the file that has the secret of the other program
        --user-member NAME       connect-redis: where a session names its user, such as passport.user
        --prefix TEXT            connect-redis: what its keys begin with. Default: sess:.
      \(flags)
      """
    case "benchmark":
      """
      Usage: sesame benchmark [FLAGS]

      Starts servers of its own, loads them with wrk, and prints what they do beside an nginx control on the same core,
      as ratios and with their targets. Needs two cores, and Debian's wrk and nginx-light. Leaves nothing behind.

        --only NAMES             What is measured, P1 to P12 with commas, or "sets": data sets alone. Default: all.
        --rounds N               How often each load is measured, beside the control. Default: 3.
        --seconds N              How long each load lasts. Default: 4.
        --sessions N,...         The sizes of the data sets. Default: 10000.
        --connections N,...      How many connections verify. Default: 64.
        --url URL                Measures the server there (P1 and P3 to P6), instead of starting one.
        --key KEY                The service key for it.
        --json FILE              Writes every round's figures to FILE.
        --disk FOLDER            Where data lie meanwhile. Default: the working folder.
        --keep FOLDER            Where data sets stay for the next run. Default: they are removed.
      """
    case "help": "Usage: sesame help [COMMAND]\n\nExplains a command, or lists them."
    case "version", "--version": "Usage: sesame --version\n\nPrints the version."
    default: nil
    }
  }

  private static var flags: String {
    let own: [(flag: String, summary: String)] = [
      ("--config FILE", "Reads settings from FILE instead of ./sesame.toml."),
      ("--set KEY=VALUE", "Any other setting."),
      ("--no-migrate", "Refuses to start if the store's schema is an older one."),
    ]
    let declared = Settings.declarations.compactMap { declaration in
      declaration.flag.map {
        ($0 + " " + placeholder(of: $0), "\(declaration.summary) Default: \(declaration.defaultText).")
      }
    }
    return (declared + own).map { flag, summary in
      "  " + flag + String(repeating: " ", count: max(1, 25 - flag.count)) + summary
    }.joined(separator: "\n")
  }

  private static func placeholder(of flag: String) -> String {
    switch flag {
    case "--listen": "HOST:PORT"
    case "--data": "DIR"
    case "--store": "URL"
    default: "N"
    }
  }
}
