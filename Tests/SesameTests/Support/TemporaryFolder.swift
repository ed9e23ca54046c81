import Foundation

/// A folder of mode 0700 that lasts as long as the value.
final class TemporaryFolder: Sendable {
  /// Where it is; short, because a socket's path may have 107 bytes at most.
  let path: String

  init() throws {
    let parent = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
    path = "\(parent)/e2e-\(String(UInt64.random(in: 0 ... .max), radix: 36))"
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of a file in it.
  func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes a file in one step, with that mode.
  func write(_ text: String, to name: String, mode: Int = 0o600) throws {
    let temporary = file("\(name).part")
    try Data(text.utf8).write(to: URL(fileURLWithPath: temporary))
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: temporary)
    try? FileManager.default.removeItem(atPath: file(name))
    try FileManager.default.moveItem(atPath: temporary, toPath: file(name))
  }

  /// The bytes of a file; none if it is missing.
  func bytes(of name: String) -> [UInt8] {
    FileManager.default.contents(atPath: file(name)).map(Array.init) ?? []
  }

  /// The permission bits of a file.
  func mode(of name: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: file(name))
    return (attributes[.posixPermissions] as? NSNumber)?.intValue ?? -1
  }
}
