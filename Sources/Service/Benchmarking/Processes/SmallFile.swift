internal import Glibc

/// Files that fit into memory.
enum SmallFile {
  /// The text of a file, at most 256 MiB; `nil` if it can't be read.
  static func text(_ path: String) -> String? {
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes: [UInt8] = []
    // Files of /proc have no size: they are read to their end.
    let chunk = 65_536
    while bytes.count < 256 << 20 {
      let count = unsafe [UInt8](unsafeUninitializedCapacity: chunk) { buffer, used in
        used = unsafe max(0, read(file, buffer.baseAddress, chunk))
      }
      if count.isEmpty { break }
      bytes += count
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Writes a file of mode 0600, over what was there.
  static func write(_ bytes: [UInt8], to path: String) throws(BenchmarkError) {
    let file = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw BenchmarkError(.failed, "\(path) can't be made: error \(errno).") }
    defer { close(file) }
    var written = 0
    while written < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe Glibc.write(file, buffer.baseAddress?.advanced(by: written), bytes.count - written)
      }
      if count < 0, errno != EINTR { throw BenchmarkError(.failed, "\(path) can't be written: error \(errno).") }
      written += max(0, count)
    }
  }

  /// Whether there is something of that name.
  static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

  /// How many bytes a file takes; 0 if there is none.
  static func size(_ path: String) -> Int {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return 0 }
    return Int(clamping: status.st_size)
  }
}

extension SmallFile {
  /// Gives a file or folder another name.
  static func rename(_ path: String, to other: String) throws(BenchmarkError) {
    guard unsafe Glibc.rename(path, other) == 0 else {
      throw BenchmarkError(.failed, "\(path) can't become \(other): error \(errno).")
    }
  }
}

extension SmallFile {
  /// Removes a file; one that is missing is removed already.
  static func remove(_ path: String) { _ = unsafe unlink(path) }
}
