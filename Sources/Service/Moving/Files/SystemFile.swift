import Glibc

/// An open file, closed when nobody has it any more.
final class SystemFile {
  /// The file's name, for errors.
  let path: String
  private let descriptor: Int32

  /// Opens a file as `flags` say; one that is made has mode 0600 whatever the process's mask.
  init(_ path: String, _ flags: Int32) throws(MovingError) {
    self.path = path
    descriptor = unsafe open(path, flags | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Self.failure("open", path) }
  }

  deinit { close(descriptor) }

  /// What the system knows of it: its length in bytes, and whether it is an ordinary file.
  func status() throws(MovingError) -> (length: Int64, isOrdinary: Bool) {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw Self.failure("read", path) }
    return (Int64(status.st_size), status.st_mode & S_IFMT == S_IFREG)
  }

  /// Reads at most `limit` bytes from where reading has got to; none at the end.
  func read(atMost limit: Int) throws(MovingError) -> [UInt8] {
    while true {
      var count = 0
      let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, filled in
        count = unsafe Glibc.read(descriptor, buffer.baseAddress, limit)
        filled = max(0, count)
      }
      if count >= 0 { return bytes }
      if errno != EINTR { throw Self.failure("read", path) }
    }
  }

  /// Writes all of these bytes.
  func write(_ bytes: [UInt8]) throws(MovingError) {
    var written = 0
    while written < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe Glibc.write(descriptor, buffer.baseAddress?.advanced(by: written), bytes.count - written)
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw Self.failure("write", path)
      }
      written += count
    }
  }

  /// Goes to a place, counted in bytes from the beginning.
  func seek(to offset: Int64) throws(MovingError) {
    guard lseek(descriptor, off_t(offset), SEEK_SET) >= 0 else { throw Self.failure("read", path) }
  }

  /// Cuts the file off at a length.
  func truncate(to length: Int64) throws(MovingError) {
    guard ftruncate(descriptor, off_t(length)) == 0 else { throw Self.failure("write", path) }
  }

  /// Sees to it that nobody but its owner reads it.
  func makePrivate() throws(MovingError) {
    guard fchmod(descriptor, 0o600) == 0 else { throw Self.failure("change the mode of", path) }
  }

  /// Waits until what was written is on the disk.
  func synchronize() throws(MovingError) {
    guard fsync(descriptor) == 0 else { throw Self.failure("write", path) }
  }

  /// Whether there is a file of that name.
  static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

  /// Gives a file another name, under which nothing may be yet, and waits until the folder knows.
  static func rename(_ path: String, to name: String, replacing: Bool) throws(MovingError) {
    if !replacing, unsafe link(path, name) == 0 {
      // Two names for a moment, so that no file that came into being meanwhile is lost.
      try remove(path)
    } else {
      // File systems without such names have to do with a look (https://man7.org/linux/man-pages/man2/link.2.html).
      guard replacing || errno == EPERM || errno == EOPNOTSUPP, replacing || !exists(name),
        unsafe Glibc.rename(path, name) == 0
      else { throw failure("put in place", name) }
    }
    let folder = unsafe open(folder(of: name), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw failure("open the folder of", name) }
    defer { close(folder) }
    guard fsync(folder) == 0 else { throw failure("write the folder of", name) }
  }

  /// Removes a file, if it is there.
  static func remove(_ path: String) throws(MovingError) {
    guard unsafe unlink(path) == 0 || errno == ENOENT else { throw failure("remove", path) }
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func failure(_ doing: String, _ path: String) -> MovingError {
    let cause = unsafe strerror(errno).map { text in unsafe String(cString: text) } ?? "error \(errno)"
    return MovingError(.file, "Can't \(doing) \(path): \(cause).")
  }
}
