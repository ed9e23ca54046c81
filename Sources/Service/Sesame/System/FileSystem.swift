import Glibc

/// The few things done with files, each with its error as a sentence.
enum FileSystem {
  /// Why something could not be done with a file.
  struct Failure: Error, CustomStringConvertible {
    let description: String
    let code: Int32

    init(_ doing: String, _ path: String, code: Int32 = errno) {
      self.code = code
      let cause = unsafe strerror(code).map { text in unsafe String(cString: text) } ?? "error \(code)"
      description = "can't \(doing) \(path): \(cause)"
    }
  }

  /// Makes a folder of mode 0700, and those above it, where they are missing.
  static func makeFolder(_ path: String) throws(Failure) {
    var partial = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
      partial += part
      if unsafe mkdir(partial, 0o700) != 0, errno != EEXIST { throw Failure("make the folder", partial) }
      partial += "/"
    }
  }

  /// The contents of a file of at most `limit` bytes, and its mode; `nil` if there is no such file.
  static func read(_ path: String, limit: Int) throws(Failure) -> (bytes: [UInt8], mode: UInt32)? {
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
    if file < 0 {
      if errno == ENOENT { return nil }
      throw Failure("open", path)
    }
    defer { close(file) }
    var status = stat()
    guard unsafe fstat(file, &status) == 0 else { throw Failure("read", path) }
    guard status.st_size <= limit else { throw Failure("read", path, code: EFBIG) }
    var bytes = [UInt8](repeating: 0, count: limit)
    var count = 0
    while count < limit {
      let read = unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe Glibc.read(file, buffer.baseAddress?.advanced(by: count), limit - count)
      }
      if read < 0 {
        if errno == EINTR { continue }
        throw Failure("read", path)
      }
      if read == 0 { break }
      count += read
    }
    return (Array(bytes[..<count]), status.st_mode & 0o777)
  }

  /// Replaces a file by one of mode 0600 that is on the disk, with its name, when this returns.
  ///
  /// Never leaves half a file under that name.
  static func replace(_ path: String, with bytes: [UInt8]) throws(Failure) {
    let temporary = path + ".new"
    let file = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw Failure("make", temporary) }
    var written = 0
    while written < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe write(file, buffer.baseAddress?.advanced(by: written), bytes.count - written)
      }
      if count < 0 {
        if errno == EINTR { continue }
        let failure = Failure("write", temporary)
        close(file)
        throw failure
      }
      written += count
    }
    let isSafe = fchmod(file, 0o600) == 0 && fsync(file) == 0
    let failure = Failure("write", temporary)
    close(file)
    guard isSafe else { throw failure }
    guard unsafe rename(temporary, path) == 0 else { throw Failure("put in place", path) }
    let folder = unsafe open(Self.folder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw Failure("open the folder of", path) }
    defer { close(folder) }
    guard fsync(folder) == 0 else { throw Failure("write the folder of", path) }
  }

  /// The folder that a path lies in.
  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
