import Glibc

/// Writes lines to standard error.
public struct StandardErrorSink: LogSink {
  /// The sink.
  public init() {}

  /// Writes all bytes, waiting as long as it takes; gives up when the other end is gone, for there is nobody to tell.
  ///
  /// The process must ignore SIGPIPE, or a closed pipe ends it.
  public func write(_ lines: [UInt8]) {
    unsafe lines.withUnsafeBytes { bytes in
      var rest = unsafe bytes[...]
      while unsafe !rest.isEmpty {
        let part = unsafe UnsafeRawBufferPointer(rebasing: rest)
        let count = unsafe Glibc.write(STDERR_FILENO, part.baseAddress, part.count)
        if count > 0 {
          unsafe rest = rest.dropFirst(count)
        } else if errno == EAGAIN {
          // Somebody made it non-blocking, which a terminal shares with the programs that it was handed to.
          var ready = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
          unsafe poll(&ready, 1, -1)
        } else if errno != EINTR {
          return
        }
      }
    }
  }
}
