/// The whole terminal as a place that is drawn again and again, given back as it was when the value goes.
///
/// It is the terminal's other screen, so that what stood there before is there again afterwards.
public struct LiveScreen: ~Copyable {
  private let terminal: Terminal
  private let keys: Terminal
  private let mode: TerminalMode

  /// Takes the terminal; `nil` if there is none.
  public init?(_ terminal: Terminal = .output, keys: Terminal = .input) {
    guard terminal.isTerminal, let mode = TerminalMode(takingKeysOf: keys) else { return nil }
    self.terminal = terminal
    self.keys = keys
    self.mode = mode
    // The other screen, and no cursor (https://invisible-island.net/xterm/ctlseqs/ctlseqs.html).
    terminal.write("\u{1B}[?1049h\u{1B}[?25l")
  }

  deinit { terminal.write("\u{1B}[?25h\u{1B}[?1049l") }

  /// Columns and rows now.
  public var size: (columns: Int, rows: Int) { terminal.size ?? (80, 24) }

  /// The key that was pressed and not taken yet, as a byte; `nil` if none was.
  public func key() -> UInt8? { keys.readByte() }

  /// Shows these lines from the top, as many as there is room for, and nothing else; `false` if the terminal is gone.
  ///
  /// Lines must be no longer than the screen is wide. Each is cleared behind its end, so that nothing flickers.
  public func draw(_ lines: [String]) -> Bool {
    let shown = lines.prefix(max(1, size.rows))
    return terminal.write("\u{1B}[H" + shown.joined(separator: "\u{1B}[K\r\n") + "\u{1B}[K\u{1B}[J")
  }
}
