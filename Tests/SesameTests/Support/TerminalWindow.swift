import HTTPTesting
import Testing

/// A terminal of its own, by tmux, in which a shell runs commands.
final class TerminalWindow {
  private let folder: TemporaryFolder
  private let socket: String

  /// Opens a terminal of that size and runs shell commands in it; it stays open behind them.
  init(
    _ commands: String, in folder: TemporaryFolder, columns: Int = 100, rows: Int = 30,
    environment: [String: String] = [:]
  ) throws {
    self.folder = folder
    socket = folder.file("tmux-\(UInt32.random(in: 0 ... .max))")
    let variables = environment.map { "\($0.key)='\($0.value)'" }.joined(separator: " ")
    // Who runs the tests may want no colours for themselves.
    let script = """
      unset NO_COLOR; export PS1= \(variables); sesame() { '\(RunningProgram.executable)' "$@"; }
      \(commands); exec cat
      """
    let run = try ProgramRun(
      "tmux",
      [
        "-S", socket, "-f", "/dev/null", "new-session", "-d", "-x", String(columns), "-y", String(rows), "bash",
        "--norc", "-c", script,
      ], in: folder.path, environment: ["TERM": "xterm-256color", "LC_ALL": "C.UTF-8"])
    try #require(run.status == 0, "\(run.complaint)")
  }

  deinit { _ = try? ProgramRun("tmux", ["-S", socket, "kill-server"], in: folder.path) }

  /// What stands on the screen now.
  func screen(withColours: Bool = false) throws -> String {
    let flags = withColours ? ["-e"] : []
    return try ProgramRun("tmux", ["-S", socket, "capture-pane", "-p"] + flags, in: folder.path).output
      .joined(separator: "\n")
  }

  /// Waits until the screen is as it must be, for at most half a minute, and answers it.
  @discardableResult
  func wait(until isRight: (String) -> Bool) throws -> String {
    let end = ContinuousClock.now + .seconds(30)
    var text = try screen()
    while !isRight(text) {
      try #require(.now < end, "the screen stayed:\n\(text)")
      text = try screen()
    }
    return text
  }

  /// Waits for a text on the screen, and answers the whole of it.
  @discardableResult
  func wait(for text: String) throws -> String { try wait { $0.contains(text) } }

  /// Presses keys, by tmux's names for them, or types texts.
  func press(_ keys: String...) throws {
    let run = try ProgramRun("tmux", ["-S", socket, "send-keys"] + keys, in: folder.path)
    try #require(run.status == 0, "\(run.complaint)")
  }

  /// Makes the terminal another size.
  func resize(columns: Int, rows: Int) throws {
    _ = try ProgramRun(
      "tmux", ["-S", socket, "resize-window", "-x", String(columns), "-y", String(rows)], in: folder.path)
  }
}
