import Foundation
import HTTPTesting
import Testing

/// What the system shows of a process, to root and to programs that run as the process's user.
enum ProcessFile {
  /// A file of `/proc/PID` as this process sees it.
  static func read(_ name: String, of process: Int32) throws -> [UInt8] {
    Array(try #require(FileManager.default.contents(atPath: "/proc/\(process)/\(name)")))
  }

  /// The words before a command that take from it what root may do more than others.
  static let withoutPrivileges = geteuid() == 0 ? ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] : []

  /// Whether a program of the same user, without privileges, can open such a file to read it.
  static func isReadable(_ name: String, of process: Int32) throws -> Bool {
    let words = withoutPrivileges + ["sh", "-c", "exec 3<\"$0\"", "/proc/\(process)/\(name)"]
    return try ProgramRun("env", words).status == 0
  }
}
