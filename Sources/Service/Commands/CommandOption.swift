/// An option that a command takes, such as `--user ID` or `--json`.
public struct CommandOption: Sendable, Equatable {
  /// The name with its two dashes.
  public let name: String
  /// What stands for its value in the help, such as "ID"; `nil` for a switch, which takes none.
  public let placeholder: String?
  /// What its value may be.
  public let shape: ValueShape
  /// What it is for, in one sentence or more.
  public let summary: String

  /// A switch.
  public init(_ name: String, _ summary: String) {
    self.name = name
    self.summary = summary
    placeholder = nil
    shape = .text
  }

  /// An option with a value, which stands behind a space or an equals sign.
  public init(_ name: String, _ placeholder: String, _ shape: ValueShape, _ summary: String) {
    self.name = name
    self.placeholder = placeholder
    self.shape = shape
    self.summary = summary
  }

  /// An option whose value may be any text.
  public init(_ name: String, _ placeholder: String, _ summary: String) {
    self.init(name, placeholder, .text, summary)
  }

  /// The name and what stands for its value.
  var usage: String { placeholder.map { "\(name) \($0)" } ?? name }
}
