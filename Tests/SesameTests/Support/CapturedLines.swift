import Foundation

/// The lines that a process writes to a pipe, as they come.
///
/// Unchecked, because the compiler can't see what holds: everything that changes is touched under the condition's lock only.
final class CapturedLines: @unchecked Sendable {
  private let condition = NSCondition()
  private var lines: [String] = []
  private var rest: [UInt8] = []
  private var hasEnded = false

  /// Reads `pipe` to its end, on a thread of its own.
  init(_ pipe: Pipe) {
    let file = pipe.fileHandleForReading
    let thread = Thread { [self] in
      while true {
        let data = file.availableData
        if data.isEmpty { break }
        take(data)
      }
      finish()
    }
    thread.start()
  }

  /// All whole lines up to now.
  var all: [String] { condition.withLock { lines } }

  /// Waits for a line that `isMeant`, and answers it; `nil` if the process ends its side without one, or time is up.
  ///
  /// Lines before `start` do not count.
  func wait(from start: Int = 0, limit: Duration = .seconds(30), for isMeant: (String) -> Bool) -> String? {
    let end = Date() + Double(limit.components.seconds)
    condition.lock()
    defer { condition.unlock() }
    var next = start
    while true {
      while next < lines.count {
        if isMeant(lines[next]) { return lines[next] }
        next += 1
      }
      if hasEnded || !condition.wait(until: end) { return nil }
    }
  }

  /// Waits until the process has ended its side, and answers all lines.
  func waitForEnd(limit: Duration = .seconds(30)) -> [String] {
    _ = wait(limit: limit) { _ in false }
    return all
  }

  private func take(_ data: Data) {
    condition.withLock {
      for byte in data {
        if byte == 0x0A {
          lines.append(String(decoding: rest, as: UTF8.self))
          rest = []
        } else {
          rest.append(byte)
        }
      }
      condition.broadcast()
    }
  }

  private func finish() {
    condition.withLock {
      if !rest.isEmpty { lines.append(String(decoding: rest, as: UTF8.self)) }
      hasEnded = true
      condition.broadcast()
    }
  }
}
