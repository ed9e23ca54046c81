internal import Glibc

/// A connected socket, closed with the object.
final class Socket: Sendable {
  private let number: Int32

  /// Takes over a connected socket.
  init(_ number: Int32) {
    self.number = number
    var on: Int32 = 1
    _ = unsafe setsockopt(number, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout.size(ofValue: on)))
  }

  deinit { _ = close(number) }

  /// A connection to a port of 127.0.0.1; `nil` if nobody takes it.
  static func connected(to port: Int) -> Socket? {
    let number = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard number >= 0 else { return nil }
    let socket = Socket(number)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let result = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        unsafe connect(number, pointer, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    return result == 0 ? socket : nil
  }

  /// Some bytes; none at the orderly end, `nil` at any other.
  func receive() -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes { unsafe recv(number, $0.baseAddress, $0.count, 0) }
      if count >= 0 { return Array(buffer[..<count]) }
      guard errno == EINTR else { return nil }
    }
  }

  /// Sends all of the bytes; whether the other side is still there.
  func send(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { bytes in
        unsafe Glibc.send(number, bytes.baseAddress?.advanced(by: sent), bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  /// Says that nothing more will be sent.
  func end() { _ = shutdown(number, Int32(SHUT_WR)) }

  /// Ends the connection with a reset, as a machine does that has never heard of it.
  func reset() {
    var linger = linger(l_onoff: 1, l_linger: 0)
    _ = unsafe setsockopt(number, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
    // Wakes who reads here, and tells the other side nothing: while somebody waits, Linux refuses what comes next.
    _ = shutdown(number, Int32(SHUT_RD))
    // Connecting to nothing ends a TCP connection without giving up the descriptor, which `deinit` closes.
    var nothing = sockaddr(sa_family: sa_family_t(AF_UNSPEC), sa_data: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
    for _ in 0..<10_000 {
      if unsafe connect(number, &nothing, socklen_t(MemoryLayout.size(ofValue: nothing))) == 0 || errno != EBUSY {
        return
      }
      sched_yield()
    }
    _ = shutdown(number, Int32(SHUT_RDWR))
  }
}
