import Foundation
import HTTPTesting
import Testing

extension RunningProgram {
  /// The most memory that the process has had at once, in bytes (proc(5), VmHWM).
  func peakMemory() throws -> Int {
    let text = try String(contentsOfFile: "/proc/\(process.number)/status", encoding: .utf8)
    let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
    return 1024 * (try #require(Int(line.filter(\.isNumber))))
  }
}
