internal import Glibc

/// What a thread that polls can be woken with from others: a pipe with itself (pipe(7)).
struct WakeDescriptor: ~Copyable, Sendable {
  let descriptor: Int32
  private let sender: Int32

  init() throws(RedisError) {
    var ends: [Int32] = [-1, -1]
    guard unsafe pipe(&ends) == 0 else {
      throw RedisError(.stopped, "The system gives no descriptor (error \(errno)).")
    }
    for end in ends {
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
    descriptor = ends[0]
    sender = ends[1]
  }

  deinit {
    Glibc.close(descriptor)
    Glibc.close(sender)
  }

  /// Wakes it; that the pipe is full means that it is awake.
  func signal() {
    var byte: UInt8 = 1
    _ = unsafe Glibc.write(sender, &byte, 1)
  }

  func clear() {
    var bytes: (UInt64, UInt64) = (0, 0)
    _ = unsafe Glibc.read(descriptor, &bytes, 16)
  }
}
