internal import Glibc

/// What goes on, on standard error: one line that is written over, if that is a terminal, and nothing otherwise.
struct Progress: Sendable {
  private let isShown: Bool
  private let begin = ContinuousClock.now

  /// Shows it if standard error is a terminal.
  init() { isShown = isatty(STDERR_FILENO) == 1 }

  /// Says what is being done now; `part` is how much of it is done, from 0 to 1.
  func show(_ what: String, part: Double? = nil) {
    guard isShown else { return }
    let seconds = Int((ContinuousClock.now - begin) / .seconds(1))
    let time = "\(seconds / 60):\(seconds % 60 < 10 ? "0" : "")\(seconds % 60)"
    let bar = part.map { part in
      let done = max(0, min(20, Int(part * 20)))
      return " [" + String(repeating: "#", count: done) + String(repeating: " ", count: 20 - done) + "]"
    }
    write("\r\u{1B}[K\(time) \(what)\(bar ?? "")")
  }

  /// Writes a line that stays.
  func note(_ line: String) {
    guard isShown else { return }
    write("\r\u{1B}[K\(line)\n")
  }

  /// Takes the last line away.
  func clear() {
    guard isShown else { return }
    write("\r\u{1B}[K")
  }

  private func write(_ text: String) {
    let bytes = Array(text.utf8)
    _ = unsafe Glibc.write(STDERR_FILENO, bytes, bytes.count)
  }
}
