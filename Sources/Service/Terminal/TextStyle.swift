/// Colours and weights, or none of them (ECMA-48, SGR).
public struct TextStyle: Sendable, Equatable {
  private let isOn: Bool

  /// A style that sends colours, or one that leaves texts as they are.
  public init(isOn: Bool) { self.isOn = isOn }

  /// The style for a file: colours if it is a terminal that has them, unless `NO_COLOR` is set.
  ///
  /// https://no-color.org
  public init(for terminal: Terminal, environment: [String: String]) {
    let isRefused = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
    isOn = terminal.isTerminal && !isRefused && environment["TERM"] != "dumb"
  }

  /// Heavy.
  public func bold(_ text: String) -> String { styled(text, "1") }
  /// Less important.
  public func dim(_ text: String) -> String { styled(text, "2") }
  /// Good.
  public func green(_ text: String) -> String { styled(text, "32") }
  /// Of note.
  public func yellow(_ text: String) -> String { styled(text, "33") }
  /// Bad.
  public func red(_ text: String) -> String { styled(text, "31") }

  private func styled(_ text: String, _ code: String) -> String {
    isOn && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
