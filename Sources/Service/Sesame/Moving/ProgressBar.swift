import Glibc
import Moving

/// How far moving has got: one line of standard error that is written over, if that is a terminal, and else nothing.
final class ProgressBar {
  private static let width = 30
  private static let interval: Duration = .milliseconds(100)

  private let isShown = isatty(STDERR_FILENO) == 1
  private let what: String
  private let begin = ContinuousClock.now
  private var lastShown: ContinuousClock.Instant?

  /// A bar for what is being done, such as "exporting".
  init(_ what: String) { self.what = what }

  /// Shows how far it has got, ten times a second at most.
  func show(_ progress: MoveProgress) {
    let now = ContinuousClock.now
    guard isShown, lastShown.map({ now - $0 >= Self.interval }) ?? true else { return }
    lastShown = now
    let seconds = (now - begin) / .seconds(1)
    let rate = seconds > 0.5 ? ", \(Int(Double(progress.records) / seconds)) a second" : ""
    var bar = ""
    if let part = progress.part {
      let done = max(0, min(Self.width, Int(part * Double(Self.width))))
      let percent = max(0, min(100, Int(part * 100)))
      bar = "[" + String(repeating: "#", count: done) + String(repeating: ".", count: Self.width - done) + "] "
      bar += "\(percent) % "
    }
    write("\r\u{1B}[K\(bar)\(what): \(progress.records)\(rate)")
  }

  /// Takes the line away.
  func clear() {
    if isShown, lastShown != nil { write("\r\u{1B}[K") }
  }

  private func write(_ text: String) {
    let bytes = Array(text.utf8)
    _ = unsafe Glibc.write(STDERR_FILENO, bytes, bytes.count)
  }
}
