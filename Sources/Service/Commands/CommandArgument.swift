/// A word that a command takes for where it stands, such as the id of what it shows.
public struct CommandArgument: Sendable, Equatable {
  /// How many words there may be.
  public enum Number: Sendable, Equatable {
    /// Exactly one.
    case one
    /// One, or none.
    case optional
    /// One or more.
    case several
    /// Any number, also none.
    case any
  }

  /// What stands for it in the help, such as "ID".
  public let placeholder: String
  /// How many words there may be; only the last argument of a command may take more than one.
  public let number: Number
  /// What it may be.
  public let shape: ValueShape
  /// What it is for, in one sentence or more.
  public let summary: String

  /// An argument from its parts.
  public init(_ placeholder: String, _ number: Number, _ shape: ValueShape, _ summary: String) {
    self.placeholder = placeholder
    self.number = number
    self.shape = shape
    self.summary = summary
  }

  /// An argument of any text, by default exactly one.
  public init(_ placeholder: String, _ summary: String) { self.init(placeholder, .one, .text, summary) }

  /// As many words as `number` says, of any text.
  public init(_ placeholder: String, _ number: Number, _ summary: String) {
    self.init(placeholder, number, .text, summary)
  }

  var usage: String {
    switch number {
    case .one: placeholder
    case .optional: "[\(placeholder)]"
    case .several: "\(placeholder)..."
    case .any: "[\(placeholder)...]"
    }
  }

  var isNeeded: Bool { number == .one || number == .several }
  var mayRepeat: Bool { number == .several || number == .any }
}
