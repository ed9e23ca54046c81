public import Commands

extension Settings {
  /// The options of a command that takes settings: those that have one of their own, and `--config`, `--set` and
  /// `--no-migrate`.
  public static let options: [CommandOption] =
    declarations.compactMap { declaration in
      declaration.flag.map { flag in
        let (placeholder, shape) = value(of: flag)
        return CommandOption(flag, placeholder, shape, "\(declaration.summary) Default: \(declaration.defaultText).")
      }
    } + [
      CommandOption("--config", "FILE", .file, "Reads settings from FILE instead of ./sesame.toml."),
      CommandOption("--set", "KEY=VALUE", "Any other setting."),
      CommandOption("--no-migrate", "Refuses to start if the store's schema is an older one."),
    ]

  private static func value(of flag: String) -> (placeholder: String, shape: ValueShape) {
    switch flag {
    case "--listen": ("HOST:PORT", .text)
    case "--data": ("DIR", .folder)
    case "--store": ("URL", .text)
    default: ("N", .text)
    }
  }

  /// The settings of a process whose command line is in words.
  ///
  /// See ``load(options:environment:defaultFile:otherVariables:)``.
  public static func load(
    arguments: [String] = [], environment: [String: String] = [:], defaultFile: String? = "sesame.toml",
    otherVariables: Set<String> = []
  ) throws(ConfigurationError) -> Settings {
    let given: GivenOptions
    do throws(CommandError) {
      given = try CommandParser.options(arguments, of: options)
    } catch {
      throw ConfigurationError(.wrongUse, error.description)
    }
    return try load(
      options: given, environment: environment, defaultFile: defaultFile, otherVariables: otherVariables)
  }
}
