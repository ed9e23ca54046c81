internal import Glibc

/// A TCP connection that never blocks; closed with its owner.
struct Socket: ~Copyable {
  enum Transfer {
    case bytes(Int)
    case wouldBlock
    case over(Int32)
  }

  let descriptor: Int32

  /// Begins to connect.
  init(to address: SocketAddress) throws(RedisError) {
    descriptor = socket(address.family, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw RedisError(.unreachable, "The system gives no socket (error \(errno)).") }
    var one: Int32 = 1
    unsafe setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, 4)
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &one, 4)
    let descriptor = descriptor
    let number = unsafe address.withPointer { pointer, length -> Int32 in
      unsafe Glibc.connect(descriptor, pointer, length) == 0 ? 0 : errno
    }
    guard number == 0 || number == EINPROGRESS else {
      throw RedisError(.unreachable, "The connection is refused (error \(number)).")
    }
  }

  deinit { Glibc.close(descriptor) }

  /// The system's number for why connecting failed, 0 if it has not.
  func connectError() -> Int32 {
    var number: Int32 = 0
    var length = socklen_t(4)
    return unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &number, &length) == 0 ? number : errno
  }

  /// Sends what the system takes; a connection closed by the other side raises no signal (send(2), MSG_NOSIGNAL).
  func send(_ bytes: UnsafeRawBufferPointer) -> Transfer {
    guard let start = bytes.baseAddress, bytes.count > 0 else { return .bytes(0) }
    let count = unsafe Glibc.send(descriptor, start, bytes.count, Int32(MSG_NOSIGNAL))
    return result(count)
  }

  /// Receives what is there; 0 bytes are never the answer, the end is `over(0)`.
  func receive(into buffer: UnsafeMutableRawBufferPointer) -> Transfer {
    guard let start = buffer.baseAddress else { return .wouldBlock }
    let count = unsafe Glibc.recv(descriptor, start, buffer.count, 0)
    return count == 0 ? .over(0) : result(count)
  }

  private func result(_ count: Int) -> Transfer {
    if count >= 0 { return .bytes(count) }
    let number = errno
    return number == EAGAIN || number == EWOULDBLOCK || number == EINTR ? .wouldBlock : .over(number)
  }
}
