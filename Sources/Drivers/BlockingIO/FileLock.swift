internal import Glibc

/// An exclusive lock on a file, held as long as the value lives and let go of by the system when the process ends.
///
/// Advisory (`flock`), so it keeps out only those who ask, in other processes and in this one.
public struct FileLock: ~Copyable, Sendable {
  private let descriptor: Int32

  /// Makes the file (mode 0600) if it is not there, and locks it; throws `locked` at once if someone else has.
  public init(path: String) throws(BlockingIOError) {
    descriptor = try Self.lock(path)
  }

  deinit {
    // Closing alone would leave the lock to a process that is being started just then: until it has replaced its
    // program, it holds a copy of the descriptor.
    flock(descriptor, LOCK_UN)
    Glibc.close(descriptor)
  }

  private static func lock(_ path: String) throws(BlockingIOError) -> Int32 {
    let descriptor = try PrivateFile.open(path)
    if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return descriptor }
    let number = errno
    Glibc.close(descriptor)
    throw BlockingIOError(
      number == EWOULDBLOCK ? .locked : .file, "The lock on \(path) is not to be had (error \(number)).", number: number
    )
  }
}

/// Files that only their owner may read.
public enum PrivateFile {
  /// Makes an empty file of mode 0600, or leaves the one that is there as it is.
  public static func create(path: String) throws(BlockingIOError) {
    Glibc.close(try open(path))
  }

  static func open(_ path: String) throws(BlockingIOError) -> Int32 {
    let descriptor = unsafe Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      let number = errno
      throw BlockingIOError(.file, "\(path) can't be opened or made (error \(number)).", number: number)
    }
    return descriptor
  }
}
