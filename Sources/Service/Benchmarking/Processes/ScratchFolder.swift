internal import Glibc

/// A folder that is removed, with all that is in it, with this value at the latest.
final class ScratchFolder {
  let path: String

  /// Makes a folder of mode 0700 in `parent`, which must be on a disk: an fsync to memory costs nothing.
  init(in parent: String) throws(BenchmarkError) {
    guard let parent = Self.absolute(parent) else {
      throw BenchmarkError(.failed, "There is no folder \(parent); name another with --disk.")
    }
    guard !FileSystemKind(of: parent).isMemory else {
      throw BenchmarkError(
        .failed,
        "\(parent) is kept in memory, where a durable write costs nothing; name a folder on a disk with --disk.")
    }
    path = "\(parent)/sesame-benchmark-\(getpid())"
    guard unsafe mkdir(path, 0o700) == 0 else {
      throw BenchmarkError(.failed, "\(path) can't be made: error \(errno); name another folder with --disk.")
    }
  }

  deinit { Self.remove(path) }

  /// Makes a folder in it, and answers its path.
  func make(_ name: String) throws(BenchmarkError) -> String {
    let folder = "\(path)/\(name)"
    guard unsafe mkdir(folder, 0o700) == 0 || errno == EEXIST else {
      throw BenchmarkError(.failed, "\(folder) can't be made: error \(errno).")
    }
    return folder
  }

  /// The path of a file in it.
  func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Removes a folder and all that is in it.
  static func remove(_ path: String) {
    guard let process = try? ChildProcess(["rm", "-rf", path], in: "/", output: "/dev/null", errors: "/dev/null") else {
      return
    }
    while !process.hasEnded { usleep(2000) }
  }

  /// The path from the root, without links; `nil` if there is no such folder.
  static func absolute(_ path: String) -> String? {
    guard let found = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(found) }
    return unsafe String(cString: found)
  }
}
