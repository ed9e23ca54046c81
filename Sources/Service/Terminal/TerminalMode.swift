internal import Glibc

/// A way in which a terminal takes its input, which is given back when the value goes.
///
/// What else the process does then (a failure, an interruption) does not matter, as long as it returns from where the
/// value is kept.
struct TerminalMode: ~Copyable {
  private let file: Int32
  private let before: termios

  /// The terminal with each byte as it is typed, even that of Ctrl-C, and none shown: for passwords.
  ///
  /// `nil` if it is no terminal.
  init?(hidingInputOf terminal: Terminal) {
    self.init(terminal) { mode in
      mode.c_lflag &= ~tcflag_t(ECHO | ICANON | ISIG)
      Self.set(&mode, VMIN, 1)
    }
  }

  /// The terminal with each key as it is pressed, if one is, and none shown: for programs that fill the screen.
  ///
  /// Ctrl-C still interrupts. `nil` if it is no terminal.
  init?(takingKeysOf terminal: Terminal) {
    self.init(terminal) { mode in
      mode.c_lflag &= ~tcflag_t(ECHO | ICANON)
      Self.set(&mode, VMIN, 0)
      // Stopped in the background, the screen would be left as it is, and the cursor hidden.
      Self.set(&mode, VSUSP, 0)
    }
  }

  private static func set(_ mode: inout termios, _ place: Int32, _ value: UInt8) {
    unsafe withUnsafeMutableBytes(of: &mode.c_cc) { places in
      unsafe places[Int(VTIME)] = 0
      unsafe places[Int(place)] = value
    }
  }

  private init?(_ terminal: Terminal, _ change: (inout termios) -> Void) {
    var mode = termios()
    guard unsafe tcgetattr(terminal.file, &mode) == 0 else { return nil }
    let before = mode
    change(&mode)
    guard unsafe tcsetattr(terminal.file, TCSADRAIN, &mode) == 0 else { return nil }
    file = terminal.file
    self.before = before
  }

  deinit {
    var mode = before
    _ = unsafe tcsetattr(file, TCSADRAIN, &mode)
  }
}
