import Commands
import JSON
import Terminal

/// Where a command writes what it found: lines of JSON for programs, or texts that fit the terminal.
struct Output: Sendable {
  let isJSON: Bool
  let style: TextStyle
  let terminal = Terminal.output

  init(_ invocation: Invocation) {
    isJSON = invocation.options.has("--json")
    style = TextStyle(for: .output, environment: invocation.environment)
  }

  /// Writes a value in one line; `false` if nobody reads it any more.
  @discardableResult
  func json(_ value: JSONValue) -> Bool { terminal.line(TerminalText.escapedJSON(value.text.description)) }

  /// Writes a table; `false` if nobody reads it any more.
  @discardableResult
  func table(_ table: TextTable) -> Bool {
    terminal.write(table.lines(width: terminal.width, style: style).map { "\($0)\n" }.joined())
  }

  /// Writes names and values below each other; values that are `nil` are left out.
  func details(_ rows: [(name: String, value: String?)]) {
    let column = (rows.map { $0.value == nil ? 0 : $0.name.count }.max() ?? 0) + 2
    for case (let name, let value?) in rows {
      let space = String(repeating: " ", count: column - name.count)
      terminal.line(style.dim(name) + space + TerminalText.escaped(value))
    }
  }

  /// Says in a sentence what was done; programs get nothing of it.
  func done(_ sentence: String) {
    if !isJSON { terminal.line(TerminalText.escaped(sentence)) }
  }

  /// A remark beside the output, for people at a terminal.
  func remark(_ sentence: String) {
    if !isJSON, Terminal.errors.isTerminal { Terminal.errors.line(TerminalText.escaped(sentence)) }
  }
}
