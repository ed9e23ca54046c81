import Configuration

/// What `sesame help` says.
enum Help {
  /// The commands there are.
  static let commands = ["serve", "check", "help", "version"]

  static let overview = """
    sesame \(Version.text): a session service

    Usage: sesame COMMAND [FLAGS]

      serve        serve sessions over HTTP
      check        look over settings, files, keys and store, and say what is wrong
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
