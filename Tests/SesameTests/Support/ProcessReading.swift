import Foundation
import Glibc
import HTTPTesting
import Testing

/// What a process takes of the system, by proc(5).
struct ProcessReading: Sendable {
  private let number: Int32

  init(_ number: Int32) { self.number = number }

  /// How many descriptors it has.
  func descriptors() throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: "/proc/\(number)/fd").count
  }

  /// The memory that it holds now, in bytes (VmRSS).
  func memory() throws -> Int {
    let text = try String(contentsOfFile: "/proc/\(number)/status", encoding: .utf8)
    let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") })
    return 1024 * (try #require(Int(line.filter(\.isNumber))))
  }

  /// How much time on a processor it has had (stat, utime and stime).
  func processorTime() throws -> Duration {
    let text = try String(contentsOfFile: "/proc/\(number)/stat", encoding: .utf8)
    // The second word is the program's name in brackets, which may hold anything.
    let words = try #require(text.split(separator: ")").last).split(separator: " ")
    try #require(words.count > 12)
    let ticks = try #require(Int(words[11])) + (try #require(Int(words[12])))
    return .seconds(Double(ticks) / Double(sysconf(Int32(_SC_CLK_TCK))))
  }
}

extension RunningProgram {
  private var reading: ProcessReading { ProcessReading(process.number) }

  /// How many descriptors the process has.
  func descriptors() throws -> Int { try reading.descriptors() }

  /// The memory that the process holds now, in bytes.
  func memory() throws -> Int { try reading.memory() }

  /// How much time on a processor the process has had.
  func processorTime() throws -> Duration { try reading.processorTime() }

  /// Has the process do with so many descriptors from now on (prlimit(1)).
  func allow(descriptors: Int) throws {
    let run = try ProgramRun("prlimit", ["--pid", "\(process.number)", "--nofile=\(descriptors):"])
    try #require(run.status == 0, "\(run.complaint)")
  }
}
