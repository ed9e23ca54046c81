internal import Foundation

/// A folder of its own for one test, gone with the value.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "sesame-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// A file's path in the folder.
  func file(_ name: String = "sessions.sqlite") -> String { path + "/" + name }
}

/// Puts a text where a database was.
func overwrite(_ path: String) throws {
  try Data(repeating: 0x41, count: 8192).write(to: URL(filePath: path))
}

/// The length of a file in bytes.
func size(_ path: String) throws -> Int {
  try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
}
