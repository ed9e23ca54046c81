public import Commands

/// The commands that ask a running server: `session`, `account`, `key`, `events`, `top` and `console`.
public enum Administration {
  /// The variables that say which server is meant; no settings, though they begin as those do.
  public static let variables: Set<String> = [ServerOptions.serverVariable, ServerOptions.keyVariable]

  /// The commands.
  ///
  /// - Parameter ring: those of `key` that concern the key ring, for which no server is asked.
  /// - Returns: groups and commands, in the order of the help.
  public static func commands(ring: [Command]) -> [Command] {
    [
      SessionCommands.group, AccountCommands.group, KeyCommands.group(ring: ring), EventCommands.events,
      TopCommand.command, ConsoleCommand.command,
    ]
  }
}
