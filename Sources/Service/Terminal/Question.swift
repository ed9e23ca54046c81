/// What a program asks its user at the terminal.
public enum Question {
  /// Asks for yes or no; anything but "y" and "yes" is no.
  ///
  /// `nil` if nobody is there to be asked.
  public static func confirm(_ question: String) -> Bool? {
    guard Terminal.input.isTerminal, Terminal.errors.isTerminal else { return nil }
    Terminal.errors.write("\(TerminalText.escaped(question)) [y/N] ")
    guard let answer = Terminal.input.readLine() else {
      Terminal.errors.line()
      return false
    }
    return ["y", "yes"].contains(answer.lowercased())
  }

  /// Asks for a secret, which is not shown while it is typed; a line of standard input if that is no terminal.
  ///
  /// `nil` if the user gives up, by Ctrl-C or Ctrl-D, and at the end of the input.
  public static func secret(_ question: String) -> String? {
    guard let mode = TerminalMode(hidingInputOf: .input) else { return Terminal.input.readLine() }
    Terminal.errors.write("\(TerminalText.escaped(question)): ")
    let typed = typedLine()
    _ = consume mode
    Terminal.errors.line()
    return typed.map { String(decoding: $0, as: UTF8.self) }
  }

  /// The bytes up to the end of the line, with what the usual keys take away gone; `nil` if the user gives up.
  private static func typedLine() -> [UInt8]? {
    var line: [UInt8] = []
    while let byte = Terminal.input.readByte() {
      switch byte {
      case 0x0A, 0x0D: return line
      case 0x03: return nil
      case 0x04: return line.isEmpty ? nil : line
      case 0x15: line = []
      case 0x08, 0x7F:
        // One character has up to three bytes behind its first.
        while let last = line.popLast(), last & 0xC0 == 0x80 {}
      default: if line.count < 16_384 { line.append(byte) }
      }
    }
    return nil
  }
}
