/// One run of a command: what it was given, and where it runs.
public struct Invocation: Sendable {
  /// The words that led to the command, the program's name first.
  public let path: [String]
  /// The arguments, as many as the declaration asks for.
  public let arguments: [String]
  /// The options.
  public let options: GivenOptions
  /// Every variable of the process.
  public let environment: [String: String]
  /// Hands over what to do when the user wants the command to end, by Ctrl-C or by closing the terminal.
  ///
  /// Until something is handed over, that ends the process at once.
  public let onInterruption: @Sendable (@escaping @Sendable () -> Void) -> Void

  /// A run from its parts.
  public init(
    path: [String], arguments: [String], options: GivenOptions, environment: [String: String],
    onInterruption: @escaping @Sendable (@escaping @Sendable () -> Void) -> Void = { _ in }
  ) {
    self.path = path
    self.arguments = arguments
    self.options = options
    self.environment = environment
    self.onInterruption = onInterruption
  }
}
