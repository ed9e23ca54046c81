import Foundation

/// The lines that a process writes to a pipe, as they come.
///
/// Unchecked, because the compiler can't see what holds: everything that changes is touched under the condition's lock
/// only.
public final class CapturedLines: @unchecked Sendable {
  private let condition = NSCondition()
  private var lines: [String] = []
  private var rest: [UInt8] = []
  private var hasEnded = false

  /// Reads a pipe to its end, on a thread of its own, and closes it.
  init(reading file: Int32) {
    let thread = Thread { [self] in
      var buffer = [UInt8](repeating: 0, count: 16_384)
      while true {
        let count = unsafe buffer.withUnsafeMutableBytes { unsafe read(file, $0.baseAddress, $0.count) }
        if count > 0 {
          take(buffer[..<count])
        } else if count == 0 || errno != EINTR {
          break
        }
      }
      close(file)
      finish()
    }
    thread.start()
  }

  /// All whole lines up to now.
  public var all: [String] { condition.withLock { lines } }

  /// Waits for a line that `isMeant`, and answers it; `nil` if the process ends its side without one, or time is up.
  ///
  /// Lines before `start` do not count.
  public func wait(from start: Int = 0, limit: Duration = .seconds(30), for isMeant: (String) -> Bool) -> String? {
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
  public func waitForEnd(limit: Duration = .seconds(30)) -> [String] {
    _ = wait(limit: limit) { _ in false }
    return all
  }

  private func take(_ data: ArraySlice<UInt8>) {
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
